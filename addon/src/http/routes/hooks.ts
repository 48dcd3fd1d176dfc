import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { LabError } from '../../core/errors.ts';
import { routeUnknown } from '../errors.ts';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';

/** Wrong addresses below `/hooks` that one sender may try in a minute, until it is told to wait. */
const MOST_FAILURES = 20;

interface Address {
  readonly source: string;
  readonly id: string;
  readonly secret: string;
}

/**
 * Where systems send to by themselves. They have no token: the secret in the path is theirs. Whether it is wrong or there
 * is no such system is not told.
 */
export function addHookRoutes(
  app: FastifyInstance,
  { hookOf, log }: Pick<HttpParts, 'hookOf' | 'log'>,
): void {
  const countFailure = app.createRateLimit({ max: MOST_FAILURES, timeWindow: 60_000 });
  app.post<{ Params: Address }>(
    '/hooks/:source/:id/:secret',
    {
      config: { open: true },
      schema: {
        summary: 'Takes what a system sends by itself, where the options have a secret for that',
        security: [],
        params: Type.Object({ source: Type.String(), id: Type.String(), secret: Type.String() }),
        response: answers({ 204: Type.Null({ description: 'It was taken' }) }),
      },
      // Before the body is read: who does not know the secret shall cost nothing.
      onRequest: async (request, reply) => {
        const { source, id, secret } = request.params;
        if (isSame(secret, hookOf?.(`${source}/${id}`)?.secret)) return;
        const limit = await countFailure(request);
        if (!limit.isAllowed && limit.isExceeded) {
          reply.header('retry-after', limit.ttlInSeconds);
          throw new LabError('too_many_requests', 'too many wrong addresses were tried from there', {
            hint: `try again in ${limit.ttlInSeconds} seconds, at the right address`,
          });
        }
        log.warn('something was sent to a hook that is not there, or with another secret', {
          from: request.socket.remoteAddress ?? '',
        });
        throw routeUnknown('POST', '/hooks/… with this secret');
      },
    },
    async ({ params: { source, id }, headers, body }, reply) => {
      hookOf?.(`${source}/${id}`)?.take({ headers, body });
      return reply.code(204).send();
    },
  );
}

/** Takes as long for a secret that is nearly right as for any other, and for none. */
function isSame(given: string, secret: string | undefined): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret ?? '')) && secret !== undefined && secret !== '';
}
