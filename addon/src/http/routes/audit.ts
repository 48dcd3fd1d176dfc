import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { admitAdministrator } from '../guard.ts';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';
import { limit, limitOf } from './jobs.ts';

export function addAuditRoutes(routes: FastifyInstance, { executor }: Pick<HttpParts, 'executor'>): void {
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/audit',
    {
      schema: {
        summary: 'Who asked for what, and what was decided; newest first',
        description: 'For administrators, and for tokens that may do more than look.',
        querystring: Type.Object(
          {
            limit,
            before: Type.Optional(
              Type.String({ pattern: '^[0-9]{1,15}$', description: 'seq of an entry: only older ones' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: answers({
          200: Type.Object({
            entries: Type.Array(Type.Object({ seq: Type.Integer() }, { additionalProperties: true })),
          }),
        }),
      },
    },
    async (request) => {
      admitAdministrator(request, executor.allow, 'entries of the audit');
      const before = request.query.before === undefined ? undefined : Number(request.query.before);
      return { entries: executor.audit({ limit: limitOf(request.query.limit), before }) };
    },
  );
}
