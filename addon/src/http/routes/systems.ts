import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { LabError } from '../../core/errors.ts';
import { checklistOf, STAGES } from '../checklist.ts';
import { errorBody } from '../errors.ts';
import { admitAdministrator } from '../guard.ts';
import type { HttpParts } from '../parts.ts';
import { answers, errorSchema } from '../schemas.ts';

const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const troubleSchema = Type.Object({
  message: Type.String({ description: 'what is in the way' }),
  hint: Type.Optional(Type.String({ description: 'what to do' })),
  commands: Type.Optional(Type.Array(Type.String(), { description: 'lines to type as they are' })),
});

const systemSchema = Type.Object({
  owner: Type.String({ description: '<source>/<id>' }),
  title: Type.String(),
  state: Type.Enum(['starting', 'reachable', 'lost']),
  calls_per_minute: numberOrNull('average of ten minutes; null in the first minute'),
  p95_ms: numberOrNull('within which 95 % of the last calls were answered'),
  errors: Type.Integer({ description: 'since the start' }),
  last_error: textOrNull('of the last failure'),
  checks: Type.Array(
    Type.Object({
      stage: Type.Enum([...STAGES]),
      state: Type.Enum(['ok', 'failed', 'open'], { description: 'open: not known yet' }),
      trouble: Type.Optional(Type.Array(troubleSchema)),
    }),
    { description: 'what has to be so, in this order' },
  ),
});

const brokerSchema = Type.Object({
  where: Type.String({ description: 'host:port' }),
  connected: Type.Boolean(),
  trouble: textOrNull('what keeps Labkeeper from it'),
});

/** How far each configured system is on its way, for who sets Labkeeper up. */
export function addSystemRoutes(
  routes: FastifyInstance,
  { connections, findings, executor }: Pick<HttpParts, 'connections' | 'findings' | 'executor'>,
): void {
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/systems',
    {
      schema: {
        summary: 'How far each system of the options is on its way',
        response: answers({
          200: Type.Object({
            systems: Type.Array(systemSchema),
            broker: Type.Union([brokerSchema, Type.Null()]),
          }),
        }),
      },
    },
    async () => {
      const found = findings.all();
      const systems = (connections?.conditions() ?? []).map((condition) => {
        const { owner, title, state, traffic } = condition;
        return {
          ...{ owner, title, state, calls_per_minute: traffic.callsPerMinute, p95_ms: traffic.p95 },
          ...{ errors: traffic.errors, last_error: traffic.lastError },
          checks: checklistOf(
            condition,
            found.filter((finding) => finding.owner === owner),
          ),
        };
      });
      const broker = connections?.broker();
      return { systems, broker: broker ? { ...broker, trouble: broker.trouble ?? null } : null };
    },
  );

  app.post(
    '/api/systems/ask',
    {
      schema: {
        summary: 'Ask a system now whether it answers',
        description:
          'For administrators, and for tokens that may do more than look. One that was lost and answers is read at once.',
        body: Type.Object(
          { owner: Type.String({ maxLength: 60, description: '<source>/<id>' }) },
          { additionalProperties: false },
        ),
        response: answers({
          200: Type.Object({
            answers: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: it cannot be asked' }),
            error: Type.Union([errorSchema, Type.Null()], { description: 'why not' }),
          }),
        }),
      },
    },
    async (request) => {
      admitAdministrator(request, executor.allow, 'tests of a connection');
      const { owner } = request.body;
      if (!connections?.conditions().some((system) => system.owner === owner)) {
        throw new LabError('target_unknown', `there is no system ${owner} in the options`);
      }
      const gone = new AbortController();
      request.raw.once('close', () => {
        if (request.raw.destroyed && !request.raw.complete) gone.abort();
      });
      const answer = await connections.ask(owner, gone.signal);
      if (answer === undefined) return { answers: null, error: null };
      const { error } = answer;
      return { answers: error === undefined, error: error === undefined ? null : errorBody(error) };
    },
  );
}
