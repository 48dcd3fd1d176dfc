import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { isOver } from '../../actions/job.ts';
import type { ActionRequest } from '../../contract/action.ts';
import { callerOf } from '../guard.ts';
import type { HttpParts } from '../parts.ts';
import { answers, envelope } from '../schemas.ts';

export function addActionRoutes(
  routes: FastifyInstance,
  { executor, actions }: Pick<HttpParts, 'executor' | 'actions'>,
): void {
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  const catalogue = {
    actions: actions.map(({ id, title, description, de, risk, kinds, input }) => {
      return { id, title, description, ...(de !== undefined && { de }), risk, kinds, input };
    }),
  };
  app.get(
    '/api/actions',
    {
      schema: {
        summary: 'What can be done, with the input of each as a JSON Schema',
        response: answers({
          200: Type.Object({
            actions: Type.Array(
              Type.Object({
                ...{ id: Type.String(), title: Type.String(), description: Type.String() },
                de: Type.Optional(
                  Type.Object(
                    { title: Type.String(), description: Type.String() },
                    { description: 'title and description in German' },
                  ),
                ),
                ...{ risk: Type.String(), kinds: Type.Array(Type.String()) },
                input: Type.Object({}, { additionalProperties: true }),
              }),
            ),
          }),
        }),
      },
    },
    async () => catalogue,
  );

  app.post(
    '/api/actions/:id',
    {
      schema: {
        // The document has a path for each action instead.
        hide: true,
        params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
        body: Type.Object(
          { ...envelope, input: Type.Optional(Type.Record(Type.String(), Type.Unknown())) },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { target, input, confirm, dry_run, request_id, wait_s = 0 } = request.body;
      const { door, user, administrator, ceiling, tokenName } = callerOf(request);
      const asked: ActionRequest = {
        ...{ action: request.params.id, target, input: input ?? {}, confirm, requestId: request_id },
        ...{ door, user, administrator, ceiling, tokenName },
      };
      if (dry_run === true) return { plan: await executor.plan(asked) };
      const { id } = executor.submit(asked);
      const job = (await executor.ended(id, wait_s * 1_000)) as NonNullable<ReturnType<typeof executor.job>>;
      return reply.code(isOver(job) ? 200 : 202).send({ job });
    },
  );
}
