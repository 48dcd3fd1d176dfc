import { once } from 'node:events';
import { request as connect, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, refuse, SimStacks } from './portainer-stacks.ts';

/** One engine that Portainer looks after. */
export interface SimEnvironment {
  readonly id: number;
  readonly name: string;
  /** 1: Docker, 5: Kubernetes. */
  readonly type?: number;
  /** Of the engine's own API, as in `http://127.0.0.1:2375`. */
  readonly url: string;
  /** Portainer says that it reaches the engine by its socket. */
  readonly local?: boolean;
}

export interface SimStack {
  readonly id: number;
  readonly name: string;
  readonly environment: number;
  /** 1: running, 2: stopped. */
  readonly status?: number;
  /** What it is made from. */
  readonly file?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly git?: { readonly url: string; readonly reference: string; readonly username?: string };
  /** Seconds since 1970. */
  readonly updated?: number;
}

export interface PortainerOptions {
  readonly apiKey: string;
  readonly environments: readonly SimEnvironment[];
  readonly stacks?: readonly SimStack[];
  /** Applies files of stacks; whatever it throws, Portainer tells as its failure. */
  readonly deploy?: (stack: SimStack, pull: boolean) => Promise<void>;
  /** Ends what it made of a stack. */
  readonly down?: (stack: SimStack) => Promise<void>;
  /** The token's user may not manage stacks. */
  readonly isRestricted?: boolean;
  /** What stands before Portainer: it answers with this status when it has waited so long. */
  readonly proxy?: { readonly afterMs: number; readonly status: number };
}

export interface PortainerSimulator {
  readonly url: string;
  /** What was asked of stacks: method and path with query, and what came with it. */
  readonly changes: readonly { readonly call: string; readonly body: Readonly<Record<string, unknown>> }[];
  /** Somebody makes a stack there. */
  add(stack: SimStack): void;
  close(): Promise<void>;
}

/** Portainer's API as far as it leads to engines: environments, stacks, and each engine's own API below its number. */
export async function startPortainer(options: PortainerOptions): Promise<PortainerSimulator> {
  const stacks = new SimStacks(options);
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) =>
    answer(options, stacks, request, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    changes: stacks.changes,
    add: (stack) => stacks.add(stack),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  options: PortainerOptions,
  stacks: SimStacks,
  request: IncomingMessage,
  response: ServerResponse,
): void {
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
  else if (pathname.startsWith('/api/stacks')) void stacks.answer(request, response);
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

function environmentJson({ id, name, type = 1, url, local = false }: SimEnvironment): object {
  return {
    Id: id,
    Name: name,
    Type: type,
    URL: local ? 'unix:///var/run/docker.sock' : url.replace(/^http:/, 'tcp:'),
    GroupId: 1,
    PublicURL: '',
    Status: 1,
    TagIds: [],
    UserAccessPolicies: {},
    TeamAccessPolicies: {},
  };
}
