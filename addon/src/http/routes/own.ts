import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { CEILINGS } from '../../actions/admit.ts';
import { LabError } from '../../core/errors.ts';
import { admitAdministrator, callerOf, reachOf } from '../guard.ts';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';

const MOST_LINES = 500;

/** What Labkeeper tells of itself, and of who asks. */
export function addOwnRoutes(
  routes: FastifyInstance,
  parts: Pick<HttpParts, 'access' | 'deleted' | 'executor' | 'ownLog' | 'diagnostics' | 'version'>,
): void {
  const { access, deleted, executor, ownLog, diagnostics } = parts;
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/me',
    {
      schema: {
        summary: 'Who asks, and what they may do',
        response: answers({
          200: Type.Object({
            user: Type.String(),
            door: Type.String(),
            administrator: Type.Union([Type.Boolean(), Type.Null()], {
              description: 'of Home Assistant; null: it was no user of Home Assistant',
            }),
            may: Type.Enum([...CEILINGS], { description: 'at most' }),
            owner: Type.Boolean({ description: 'may see the tokens' }),
          }),
        }),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { user, door, administrator = null, owner } = caller;
      return { user, door, administrator, may: reachOf(caller, executor.allow), owner };
    },
  );

  app.get(
    '/api/tokens',
    {
      schema: {
        summary: 'The tokens themselves',
        description: 'For who runs Labkeeper: on its page, not with a token.',
        response: answers({
          200: Type.Object({
            tokens: Type.Array(
              Type.Object({
                ...{ name: Type.String(), door: Type.String(), ceiling: Type.String() },
                last_used: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
                token: Type.Union([Type.String(), Type.Null()], {
                  description: 'null: it is not kept any more',
                }),
              }),
            ),
          }),
        }),
      },
    },
    async (request) => {
      if (!callerOf(request).owner) {
        throw new LabError(
          'administrator_required',
          'tokens are shown to administrators, on Labkeeper’s page',
        );
      }
      const tokens = access.tokens.all().map(({ name, door, ceiling, last_used }) => {
        return { name, door, ceiling, last_used, token: access.tokens.reveal(name) ?? null };
      });
      return { tokens };
    },
  );

  app.get(
    '/api/deleted',
    {
      schema: {
        summary: 'Devices that were deleted in Home Assistant though the lab has the things',
        description: 'The action `bring_back` publishes one again.',
        response: answers({
          200: Type.Object({
            deleted: Type.Array(
              Type.Object({
                id: Type.String({ description: 'id of the resource' }),
                name: Type.String(),
                at: Type.String({ format: 'date-time' }),
              }),
            ),
          }),
        }),
      },
    },
    async () => ({ deleted: deleted() }),
  );

  app.get(
    '/api/app/log',
    {
      schema: {
        summary: 'The end of Labkeeper’s own log',
        description: 'For administrators, and for tokens that may do more than look. Secrets are taken out.',
        querystring: Type.Object(
          {
            after: Type.Optional(
              Type.String({ pattern: '^[0-9]{1,15}$', description: 'seq of a line: only newer ones' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: answers({
          200: Type.Object({
            lines: Type.Array(Type.Object({ seq: Type.Integer(), text: Type.String() }), {
              description: `the newest ${MOST_LINES} at most, in their order`,
            }),
          }),
        }),
      },
    },
    async (request) => {
      admitAdministrator(request, executor.allow, 'lines of the log');
      return { lines: ownLog?.(Number(request.query.after ?? 0), MOST_LINES) ?? [] };
    },
  );

  app.get(
    '/api/diagnostics',
    {
      schema: {
        summary: 'All that helps who looks into a fault, as a file',
        description:
          'For administrators, and for tokens that may do more than look. Secrets are left out; names and addresses of ' +
          'the lab are in it.',
        response: answers({ 200: Type.Object({}, { additionalProperties: true }) }),
      },
    },
    async (request, reply) => {
      admitAdministrator(request, executor.allow, 'diagnostics');
      if (diagnostics === undefined) throw new LabError('target_missing', 'there is nothing to tell');
      return reply
        .header('content-disposition', 'attachment; filename="labkeeper-diagnostics.json"')
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(diagnostics(), null, 2));
    },
  );
}
