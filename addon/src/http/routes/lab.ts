import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { EventStream } from '../events.ts';
import type { HttpParts } from '../parts.ts';
import { answers, findingSchema } from '../schemas.ts';
import type { Snapshot } from '../snapshot.ts';
import { tell } from '../tell.ts';

const anyObject = (description: string) => Type.Object({}, { additionalProperties: true, description });

export function addLabRoutes(
  app: FastifyInstance,
  {
    snapshot,
    events,
    history,
  }: Pick<HttpParts, 'lab' | 'history'> & { snapshot: Snapshot; events: EventStream },
): void {
  app.get(
    '/api/lab',
    {
      schema: {
        summary: 'The whole lab',
        description: 'With If-None-Match it costs next to nothing while nothing has changed.',
        response: answers({
          200: Type.Object({
            resources: Type.Array(
              anyObject('id, kind, name, available, readings, facts, parent, aliases, links'),
            ),
            doubts: Type.Array(anyObject('a link that is not sure enough to be shown as true')),
            findings: Type.Array(findingSchema, { description: 'what needs attention, the gravest first' }),
          }),
          304: Type.Null({ description: 'It is still as it was.' }),
        }),
      },
    },
    async (request, reply) => {
      return tell(request, reply, snapshot);
    },
  );

  app.get<{ Querystring: { kinds?: string } }>(
    '/api/history',
    {
      schema: {
        summary: 'The number of each thing that says most, of the last six hours',
        description: 'Power of servers, load of nodes, guests, hosts, containers and cards; one a minute.',
        querystring: Type.Object(
          {
            kinds: Type.Optional(
              Type.String({
                pattern: '^[a-z]+(,[a-z]+)*$',
                maxLength: 200,
                description: 'as in node,guest; left out: all',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: answers({
          200: Type.Object({
            until: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
              description: 'of the last values',
            }),
            every_s: Type.Number({ description: 'seconds between two' }),
            series: Type.Array(
              Type.Object({
                id: Type.String({ description: 'id of a resource' }),
                values: Type.Array(Type.Union([Type.Number(), Type.Null()]), {
                  description: 'the oldest first',
                }),
              }),
            ),
          }),
        }),
      },
    },
    async ({ query }) => {
      const { until, every, series } = history?.(query.kinds?.split(',')) ?? {
        until: 0,
        every: 60_000,
        series: [],
      };
      return { until: until === 0 ? null : new Date(until).toISOString(), every_s: every / 1_000, series };
    },
  );

  app.get(
    '/api/events',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Changes as they happen (server-sent events)',
        description:
          '`lab`: {changed: resources, removed: ids}; `findings`: {findings: all of them}; `job`: a job; ' +
          '`hello`: {etag} of the lab as it is now. A comment every 25 seconds.',
        produces: ['text/event-stream'],
      },
    },
    (_, reply) => {
      events.admit();
      reply.hijack();
      events.add(reply.raw, snapshot.etag);
    },
  );
}
