import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Metrics } from '../metrics.ts';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';

/** Of the API: changes only with what breaks clients. */
export const API_VERSION = 1;

export function addStatusRoutes(
  app: FastifyInstance,
  parts: Pick<HttpParts, 'version' | 'lab' | 'executor' | 'kinds' | 'systems'>,
): void {
  const { version } = parts;
  /** Most labs have no Prometheus: loaded for the first one that asks. */
  let metrics: Promise<Metrics> | undefined;
  const metricsOf = async (): Promise<Metrics> => new (await import('../metrics.ts')).Metrics(parts);
  app.get(
    '/health',
    {
      config: { open: true },
      schema: {
        summary: 'Whether Labkeeper runs',
        security: [],
        response: answers({
          200: Type.Object({
            status: Type.Literal('ok'),
            version: Type.String(),
            api: Type.Integer({ description: 'version of this API' }),
          }),
        }),
      },
    },
    async () => ({ status: 'ok', version, api: API_VERSION }),
  );

  app.get(
    '/metrics',
    { schema: { summary: 'Numbers for Prometheus', produces: ['text/plain'] } },
    async (_, reply) => {
      metrics ??= metricsOf();
      const all = await metrics;
      return reply.type(all.contentType).send(await all.text());
    },
  );

  app.get('/openapi.json', { schema: { summary: 'This document' } }, async () => app.swagger());
}
