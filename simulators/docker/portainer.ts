import { once } from 'node:events';
import { request as connect, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One engine that Portainer looks after. */
export interface SimEnvironment {
  readonly id: number;
  readonly name: string;
  /** 1: Docker, 5: Kubernetes. */
  readonly type?: number;
  /** Of the engine's own API, as in `http://127.0.0.1:2375`. */
  readonly url: string;
}

export interface SimStack {
  readonly id: number;
  readonly name: string;
  readonly environment: number;
  /** 1: running, 2: stopped. */
  readonly status?: number;
}

export interface PortainerOptions {
  readonly apiKey: string;
  readonly environments: readonly SimEnvironment[];
  readonly stacks?: readonly SimStack[];
}

export interface PortainerSimulator {
  readonly url: string;
  close(): Promise<void>;
}

/** Portainer's API as far as it leads to engines: environments, stacks, and each engine's own API below its number. */
export async function startPortainer(options: PortainerOptions): Promise<PortainerSimulator> {
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) =>
    answer(options, request, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(options: PortainerOptions, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://portainer');
  if (request.headers['x-api-key'] !== options.apiKey) {
    refuse(response, 401, 'A valid authorization token is missing', 'Unauthorized');
    return;
  }
  const [, id, path] = /^\/api\/endpoints\/(\d+)\/docker(\/.*)$/.exec(pathname) ?? [];
  if (path !== undefined) {
    const environment = options.environments.find((one) => one.id === Number(id));
    if (environment === undefined) {
      const why = 'Unable to find an environment with the specified identifier inside the database';
      refuse(response, 404, why, 'object not found inside the database');
    } else pass(environment, `${path}${search}`, request, response);
    return;
  }
  if (pathname === '/api/endpoints') json(response, options.environments.map(environmentJson));
  else if (pathname === '/api/stacks') json(response, (options.stacks ?? []).map(stackJson));
  else response.writeHead(404, { 'Content-Type': 'text/plain' }).end('404 page not found\n');
}

function pass(
  { url }: SimEnvironment,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { 'x-api-key': _, host: __, ...headers } = request.headers;
  const inner = connect(
    `${url}${path}`,
    { method: request.method ?? 'GET', headers, agent: false },
    (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      response.flushHeaders();
      answered.pipe(response);
      answered.once('error', () => response.destroy());
    },
  );
  inner.once('error', (error) => {
    if (response.headersSent) response.destroy();
    else refuse(response, 502, 'Unable to reach the environment', error.message);
  });
  response.once('close', () => inner.destroy());
  request.pipe(inner);
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, message: string, details: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ message, details }));
}

function environmentJson({ id, name, type = 1, url }: SimEnvironment): object {
  return {
    Id: id,
    Name: name,
    Type: type,
    URL: url.replace(/^http:/, 'tcp:'),
    GroupId: 1,
    PublicURL: '',
    Status: 1,
    TagIds: [],
    UserAccessPolicies: {},
    TeamAccessPolicies: {},
  };
}

function stackJson({ id, name, environment, status = 1 }: SimStack): object {
  return {
    Id: id,
    Name: name,
    Type: 2,
    EndpointId: environment,
    SwarmId: '',
    EntryPoint: 'docker-compose.yml',
    Env: [],
    Status: status,
    ProjectPath: `/data/compose/${id}`,
  };
}
