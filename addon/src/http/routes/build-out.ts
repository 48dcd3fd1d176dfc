import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });

const progress = {
  percent: Type.Union([Type.Integer({ minimum: 0, maximum: 100 }), Type.Null()], {
    description: 'of its items, how many are done; null while a system that does not answer leaves it open',
  }),
  done: count('items that the lab shows to be so'),
  open: count('items that the lab shows not to be so'),
  unknown: count('items of which that cannot be seen'),
  total: count('items'),
};

const item = Type.Object({
  id: Type.String(),
  title: Type.String(),
  state: Type.Enum(['done', 'open', 'unknown']),
  because: Type.Array(Type.String(), { description: 'what shows it, or why nothing does' }),
  in_doubt: Type.Boolean({ description: 'unknown only while a configured system does not answer' }),
  todo: Type.Optional(Type.String({ description: 'what a person does about it' })),
  action: Type.Union([
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      risk: Type.String({ description: 'what it may cost if it was not meant' }),
      input: Type.Object({}, { additionalProperties: true }),
      target: Type.Union([Type.String(), Type.Null()], { description: 'null: not sure which' }),
    }),
    Type.Null({ description: 'no action does it: it is done by hand' }),
  ]),
});

export function addBuildOutRoutes(app: FastifyInstance, { buildOut }: Pick<HttpParts, 'buildOut'>): void {
  app.get(
    '/api/build-out',
    {
      schema: {
        summary: 'How far the lab is built',
        description: 'An item is done because the lab says so.',
        response: answers({
          200: Type.Object({
            ...progress,
            next: Type.Union([
              Type.Object({ phase: Type.String(), id: Type.String(), title: Type.String() }),
              Type.Null({ description: 'nothing is to be done, or that is not to be seen' }),
            ]),
            phases: Type.Array(
              Type.Object({
                id: Type.String(),
                title: Type.String(),
                ...progress,
                items: Type.Array(item),
              }),
            ),
          }),
        }),
      },
    },
    async () => buildOut.view(),
  );

  app.get(
    '/api/build-out/file',
    {
      schema: {
        summary: 'What the lab is to become, as it comes with Labkeeper',
        description: 'To be copied to `recipes/build-out.yaml` in the folder of configuration, and changed.',
        produces: ['application/yaml'],
      },
    },
    async (_, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="build-out.yaml"')
        .type('application/yaml; charset=utf-8')
        .send(buildOut.file),
  );
}
