import type { FastifyInstance } from 'fastify';
import { ERRORS, type ErrorCode, LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { bodyInvalid, MOST_BYTES } from './body.ts';

/** What every error answers. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly hint?: string;
}

export function errorBody({ code, message, path, hint }: LabError): ErrorBody {
  return { code, message, ...(path !== undefined && { path }), ...(hint !== undefined && { hint }) };
}

export const routeUnknown = (method: string, url: string): LabError =>
  new LabError('route_unknown', `there is no ${method} ${url.slice(0, 200)}`, {
    hint: 'GET openapi.json has all routes',
  });

interface FastifyProblem {
  readonly code?: string;
  readonly message?: string;
  readonly statusCode?: number;
}

/** Has every error answered in the one form, and those that are our fault logged, not told. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler(({ method, url }) => {
    throw routeUnknown(method, url);
  });
  app.setErrorHandler((thrown, request, reply) => {
    const known = asKnown(thrown as FastifyProblem);
    if (known === undefined || known.code === 'internal') {
      const { message = 'unknown', stack } = thrown as Error;
      const { method, url } = request;
      log.error(`${method} ${url.slice(0, 200)}: ${message}`, known === undefined ? { stack } : {});
    }
    const error = known ?? new LabError('internal', 'something went wrong in Labkeeper; its log says more');
    if (error.code === 'token_missing' || error.code === 'token_invalid') {
      // A browser asks for the token then.
      reply.header('www-authenticate', 'Basic realm="Labkeeper: the token is the password", charset="UTF-8"');
    }
    return reply.code(ERRORS[error.code].status).send(errorBody(error));
  });
}

/** undefined: a fault of ours. */
function asKnown(thrown: FastifyProblem): LabError | undefined {
  if (thrown instanceof LabError) return thrown;
  switch (thrown.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyInvalid(`it has more than ${MOST_BYTES / 1024} KiB`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return bodyInvalid('it is no JSON');
  }
  const status = thrown.statusCode ?? 500;
  return status >= 400 && status < 500 ? bodyInvalid(thrown.message ?? 'it is invalid') : undefined;
}
