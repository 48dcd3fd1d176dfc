import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';

export function addRecipeRoutes(app: FastifyInstance, { recipes }: Pick<HttpParts, 'recipes'>): void {
  app.get(
    '/api/recipes',
    {
      schema: {
        summary: 'What can be made by deploy_recipe, with what each lets one choose',
        response: answers({
          200: Type.Object({
            recipes: Type.Array(
              Type.Object({ id: Type.String(), title: Type.String() }, { additionalProperties: true }),
            ),
            problems: Type.Array(Type.String(), { description: 'why some files do not count' }),
          }),
        }),
      },
    },
    async () => recipes(),
  );
}
