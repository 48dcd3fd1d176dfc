import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import Type from 'typebox';
import type { Action } from '../contract/action.ts';
import type { HttpParts } from './parts.ts';
import { envelope, errorSchema, jobSchema, planSchema } from './schemas.ts';

type Document = Record<string, unknown> & {
  components?: object;
  paths?: Record<string, Record<string, unknown>>;
};

/** What `/openapi.json` is made of: the routes, a path for each action, and the errors that any may answer. */
export function openApiOptions({
  version,
  actions,
}: Pick<HttpParts, 'version' | 'actions'>): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Labkeeper',
        version,
        description: 'Every error answers with code, message, path and hint.',
        license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' },
      },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      },
      security: [{ token: [] }],
    },
    transformObject: (given) => {
      const document = structuredClone('openapiObject' in given ? given.openapiObject : {}) as Document;
      const paths = { ...document.paths, ...actionPaths(actions) };
      // Relative: under Home Assistant's ingress nobody here knows the path before it.
      const servers = [{ url: '.', description: 'where this document is' }];
      const components = { ...document.components, responses: { Error: json('An error', errorSchema) } };
      return { ...document, servers, components, paths: withErrors(paths) } as never;
    },
  };
}

const json = (description: string, schema: unknown) => ({
  description,
  content: { 'application/json': { schema: plain(schema) } },
});

/** Without what the library keeps beside the schema. */
const plain = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema));

function actionPaths(actions: readonly Action[]): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    actions.map((action) => {
      const { id, title, description, risk, kinds, input } = action;
      const body = Type.Object({ ...envelope, input: Type.Optional(input) }, { additionalProperties: false });
      const post = {
        operationId: id,
        summary: title,
        description: `${description} Risk: ${risk}. Can be done to: ${kinds.join(', ')}.`,
        tags: ['actions'],
        requestBody: { required: true, content: { 'application/json': { schema: plain(body) } } },
        responses: {
          200: json(
            'The job that is over, or what would be done',
            Type.Union([Type.Object({ job: jobSchema }), Type.Object({ plan: planSchema })]),
          ),
          202: json('The job that is not over yet', Type.Object({ job: jobSchema })),
        },
      };
      return [`/api/actions/${id}`, { post }];
    }),
  );
}

function withErrors(paths: NonNullable<Document['paths']>): NonNullable<Document['paths']> {
  const operations = (path: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(path).map(([method, operation]) => {
        const { responses, ...rest } = operation as { responses?: object };
        return [
          method,
          { ...rest, responses: { ...responses, default: { $ref: '#/components/responses/Error' } } },
        ];
      }),
    );
  return Object.fromEntries(Object.entries(paths).map(([path, methods]) => [path, operations(methods)]));
}
