import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CEILINGS, lower } from '../actions/admit.ts';
import type { Ceiling } from '../contract/action.ts';
import { asLabError, LabError } from '../core/errors.ts';
import { type Caller, identify } from './identify.ts';
import type { HttpParts } from './parts.ts';

/** Refused tokens of one address in a minute, until it is told to wait. */
const MOST_FAILURES = 20;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True: nobody is asked who they are. */
    open?: true;
  }
}

const callers = new WeakMap<FastifyRequest, Caller>();

/** Who sent a request that the guard let through. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('a route that is open to all asks who called');
  return caller;
}

/** What a caller may do at most, with the option `allow` taken into account. */
export function reachOf({ door, ceiling }: Caller, allow: Ceiling): Ceiling {
  return door === 'homeassistant' ? ceiling : lower(ceiling, allow);
}

/**
 * Refuses users of Home Assistant who are no administrators, and tokens that may do too little.
 *
 * @param what is asked for, in the plural, as an error begins
 * @param least ceiling that it takes
 * @throws LabError `administrator_required`, `ceiling_exceeded`
 */
export function admitAdministrator(
  request: FastifyRequest,
  allow: Ceiling,
  what: string,
  least: Ceiling = 'operate',
): void {
  const caller = callerOf(request);
  if (caller.administrator === false) {
    throw new LabError('administrator_required', `${what} are for administrators`);
  }
  if (CEILINGS.indexOf(reachOf(caller, allow)) < CEILINGS.indexOf(least)) {
    throw new LabError('ceiling_exceeded', `${what} are for those who may do more (${least})`, {
      hint: `use a token with the ceiling “${least}”, and set the option “allow” to it`,
    });
  }
}

/** Has every request say who sent it, except to routes that are marked as open. */
export function guard(app: FastifyInstance, { access, log }: Pick<HttpParts, 'access' | 'log'>): void {
  const countFailure = app.createRateLimit({ max: MOST_FAILURES, timeWindow: 60_000 });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'self'",
    });
    if (request.routeOptions.config?.open === true) return;
    const sent = {
      address: request.socket.remoteAddress ?? '',
      headers: request.headers,
      safe: request.method === 'GET' || request.method === 'HEAD',
    };
    try {
      callers.set(request, await identify(sent, access));
    } catch (thrown) {
      const error = asLabError(thrown);
      if (error.code !== 'token_invalid') throw error;
      const limit = await countFailure(request);
      if (!limit.isAllowed && limit.isExceeded) {
        reply.header('retry-after', limit.ttlInSeconds);
        throw new LabError('too_many_requests', 'too many wrong tokens came from this address', {
          hint: `try again in ${limit.ttlInSeconds} seconds, with a valid token`,
        });
      }
      log.warn(`a token was refused: ${error.message}`, { from: sent.address });
      throw error;
    }
  });
}
