import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { LabError } from '../../core/errors.ts';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';

const MOST_LINES = 200;

export function addLogRoutes(
  routes: FastifyInstance,
  { lab, logOf }: Pick<HttpParts, 'lab' | 'logOf'>,
): void {
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/log',
    {
      schema: {
        summary: 'The end of what a container wrote',
        description: 'At most 200 lines and 64 KiB. Header `X-Log-Cut: 1`: there was more.',
        querystring: Type.Object(
          {
            id: Type.String({ maxLength: 300, description: 'id of a resource' }),
            lines: Type.Optional(
              Type.String({
                pattern: '^([1-9]|[1-9][0-9]|1[0-9][0-9]|200)$',
                description: `1 to ${MOST_LINES}; ${MOST_LINES} if left out`,
              }),
            ),
          },
          { additionalProperties: false },
        ),
        produces: ['text/plain'],
        response: answers({ 200: Type.String() }),
      },
    },
    async (request, reply) => {
      const { id, lines } = request.query;
      if (lab.get(id) === undefined) throw new LabError('target_unknown', `there is no ${id}`);
      if (logOf === undefined) throw new LabError('target_unsuitable', `${id} has no log to show`);
      const gone = new AbortController();
      request.raw.once('close', () => gone.abort());
      const { text, isCut } = await logOf(id, Number(lines ?? MOST_LINES), gone.signal);
      return reply
        .headers({ 'cache-control': 'no-store', ...(isCut && { 'x-log-cut': '1' }) })
        .type('text/plain; charset=utf-8')
        .send(text);
    },
  );
}
