import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Graph } from '../graph.ts';
import type { HttpParts } from '../parts.ts';
import { answers, findingSchema } from '../schemas.ts';
import { tell } from '../tell.ts';
import { API_VERSION } from './status.ts';

const anyObject = (description: string) => Type.Object({}, { additionalProperties: true, description });
const NOT_MODIFIED = Type.Null({ description: 'It is still as it was.' });

/** What the integration in Home Assistant lives on. */
export function addHomeAssistantRoutes(
  app: FastifyInstance,
  { version, ownId, services, graph }: Pick<HttpParts, 'version' | 'ownId' | 'services'> & { graph: Graph },
): void {
  app.get(
    '/api/app',
    {
      schema: {
        summary: 'Which Labkeeper this is',
        response: answers({
          200: Type.Object({
            id: Type.String({ description: 'stays the same for as long as its data live' }),
            ...{ version: Type.String(), api: Type.Integer({ description: 'version of this API' }) },
            services: Type.String({ description: 'etag of api/services' }),
          }),
        }),
      },
    },
    async () => ({ id: ownId, version, api: API_VERSION, services: services().etag }),
  );

  app.get(
    '/api/services',
    {
      schema: {
        summary: 'The actions as Home Assistant offers them',
        description: 'With If-None-Match it costs next to nothing.',
        response: answers({
          200: Type.Object({
            version: Type.String(),
            services: anyObject('by id: risk, kinds, icon, fields as in services.yaml, texts by language'),
          }),
          304: NOT_MODIFIED,
        }),
      },
    },
    async (request, reply) => tell(request, reply, services()),
  );

  app.get(
    '/api/graph',
    {
      schema: {
        summary: 'How the lab hangs together, without what is measured',
        description: 'With If-None-Match it costs next to nothing while nothing has changed.',
        response: answers({
          200: Type.Object({
            resources: Type.Array(
              anyObject('id, device (its identifier over MQTT), kind, name, parent, links'),
            ),
            doubts: Type.Array(anyObject('a link that is not sure enough to be shown as true')),
            findings: Type.Array(findingSchema, { description: 'what needs attention, the gravest first' }),
          }),
          304: NOT_MODIFIED,
        }),
      },
    },
    async (request, reply) => tell(request, reply, graph.now),
  );
}
