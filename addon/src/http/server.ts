import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { ERRORS, LabError } from '../core/errors.ts';
import { acceptJson, MOST_BYTES } from './body.ts';
import { answerErrors, errorBody, routeUnknown } from './errors.ts';
import { EventStream } from './events.ts';
import { Graph } from './graph.ts';
import { guard } from './guard.ts';
import { addMcpRoute } from './mcp/route.ts';
import { openApiOptions } from './openapi.ts';
import type { HttpParts } from './parts.ts';
import { addActionRoutes } from './routes/actions.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addBuildOutRoutes } from './routes/build-out.ts';
import { addFileRoutes } from './routes/files.ts';
import { addHomeAssistantRoutes } from './routes/homeassistant.ts';
import { addHookRoutes } from './routes/hooks.ts';
import { addJobRoutes } from './routes/jobs.ts';
import { addKindRoutes } from './routes/kinds.ts';
import { addLabRoutes } from './routes/lab.ts';
import { addLogRoutes } from './routes/log.ts';
import { addOwnRoutes } from './routes/own.ts';
import { addPageRoutes } from './routes/page.ts';
import { addRecipeRoutes } from './routes/recipes.ts';
import { addRecordingRoutes } from './routes/recording.ts';
import { addStatusRoutes } from './routes/status.ts';
import { addSystemRoutes } from './routes/systems.ts';
import { Snapshot } from './snapshot.ts';
import { validatorOf } from './validator.ts';

const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
const MOST_CONNECTIONS = 250;

export interface HttpAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the page and the API.
 *
 * @throws LabError `port_taken`
 */
export async function startHttp(address: HttpAddress, parts: HttpParts): Promise<HttpServer> {
  const app = Fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: MOST_BYTES,
    requestTimeout: REQUEST_MS,
    // Streams of events would keep it from closing.
    forceCloseConnections: true,
    http: { headersTimeout: HEADERS_MS, maxHeaderSize: 16_384 },
    schemaController: {
      compilersFactory: {
        // By its types it has to be Ajv's.
        buildValidator: (() => validatorOf) as never,
        // Response schemas are for readers of the API; what is sent is not cut to them.
        buildSerializer: () => () => JSON.stringify,
      },
    },
    routerOptions: { maxParamLength: 200 },
    // A path that cannot be one of ours, however it is spelled.
    frameworkErrors: (_, request, reply: FastifyReply) => {
      const error = routeUnknown(request.method, request.url);
      void reply.code(ERRORS[error.code].status).send(errorBody(error));
    },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  acceptJson(app);
  answerErrors(app, parts.log);
  await app.register(rateLimit, { global: false });
  await app.register(swagger, openApiOptions(parts));
  guard(app, parts);

  const snapshot = new Snapshot(parts);
  const graph = new Graph(parts);
  const events = new EventStream(parts);
  app.addHook('preClose', async () => {
    snapshot.close();
    graph.close();
    events.close();
  });
  await app.register(async (routes) => {
    addStatusRoutes(routes, parts);
    addLabRoutes(routes, { ...parts, snapshot, events });
    addHomeAssistantRoutes(routes, { ...parts, graph });
    addActionRoutes(routes, parts);
    addJobRoutes(routes, parts);
    addAuditRoutes(routes, parts);
    addBuildOutRoutes(routes, parts);
    addRecipeRoutes(routes, parts);
    addLogRoutes(routes, parts);
    addRecordingRoutes(routes, parts);
    addHookRoutes(routes, parts);
    addMcpRoute(routes, parts);
    addKindRoutes(routes, parts);
    addSystemRoutes(routes, parts);
    addOwnRoutes(routes, parts);
    addFileRoutes(routes, parts);
    addPageRoutes(routes, parts);
  });
  await listen(app, address);
  const bound = app.server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    close: () => app.close(),
  };
}

async function listen(app: FastifyInstance, { host, port }: HttpAddress): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new LabError('port_taken', `port ${port} on ${host} is taken by another program`, {
        hint: 'set LABKEEPER_HTTP_PORT to a free one',
        cause,
      });
    }
    throw new LabError('port_taken', `the page cannot listen on ${host}:${port}: ${message}`, {
      hint: 'check LABKEEPER_HOST and LABKEEPER_HTTP_PORT',
      cause,
    });
  }
}
