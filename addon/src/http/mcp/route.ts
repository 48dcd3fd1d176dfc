import type { FastifyInstance, FastifyReply } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { lower } from '../../actions/admit.ts';
import { LabError } from '../../core/errors.ts';
import { bodyInvalid } from '../body.ts';
import { callerOf } from '../guard.ts';
import type { Caller } from '../identify.ts';
import type { HttpParts } from '../parts.ts';
import { answers, errorSchema } from '../schemas.ts';

/** Older versions of the protocol send several messages at once. */
const MOST_MESSAGES = 20;

const message = Type.Object(
  { jsonrpc: Type.Literal('2.0') },
  { additionalProperties: true, description: 'JSON-RPC, with a result or an error' },
);
const anyOf = (...schemas: TSchema[]) => Type.Union(schemas);

/**
 * The MCP endpoint: Streamable HTTP without sessions, so that a restart of Labkeeper ends no conversation, and nothing is
 * kept for agents that went away. What it is made of is loaded when somebody asks for the first time.
 */
export function addMcpRoute(app: FastifyInstance, parts: HttpParts): void {
  app.post(
    '/mcp',
    {
      schema: {
        summary: 'Model Context Protocol, for agents',
        description:
          'Streamable HTTP, without sessions and without a stream of the server’s own. With the token “mcp”, whose ceiling is ' +
          'the option `mcp`: tools above it are not listed.',
        response: answers({
          200: anyOf(message, Type.Array(message)),
          202: Type.Null({ description: 'There was nothing to answer.' }),
          400: anyOf(message, errorSchema),
          406: message,
          415: message,
        }),
      },
    },
    async (request, reply) => {
      const caller = agentOf(callerOf(request), parts);
      const { body } = request;
      if (Array.isArray(body) && body.length > MOST_MESSAGES)
        throw bodyInvalid(`it has more than ${MOST_MESSAGES} messages`);
      const gone = new AbortController();
      request.raw.once('close', () => gone.abort());
      const { answerMessage } = await import('./server.ts');
      return await sent(
        reply,
        await answerMessage(body, request.headers, { parts, caller, signal: gone.signal }),
      );
    },
  );

  // A server that sends nothing by itself, and keeps no session, answers so.
  app.route({
    method: ['GET', 'DELETE'],
    url: '/mcp',
    exposeHeadRoute: false,
    schema: { hide: true },
    handler: (_, reply) => reply.code(405).header('allow', 'POST').send(),
  });
}

/**
 * Who asks, as an agent: by a token of this door, or in the demo by whoever is on this machine.
 *
 * @throws LabError `door_closed`
 */
function agentOf(caller: Caller, { access, executor }: Pick<HttpParts, 'access' | 'executor'>): Caller {
  if (caller.door !== 'mcp' && (caller.door !== 'http' || caller.tokenName !== undefined)) {
    throw new LabError('door_closed', 'this door is for agents, with a token of their own', {
      hint: 'use the token “mcp” from the file “token” in the data folder',
    });
  }
  const own =
    caller.door === 'mcp'
      ? caller.ceiling
      : (access.tokens.all().find(({ door }) => door === 'mcp')?.ceiling ?? 'observe');
  return { ...caller, door: 'mcp', ceiling: lower(own, executor.allow) };
}

async function sent(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
  const type = answer.headers.get('content-type');
  if (type !== null) void reply.type(type);
  const body = await answer.text();
  return reply.code(answer.status).send(body === '' ? undefined : body);
}
