import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_VERSION, infoOf, versionOf } from './about.ts';
import { archived, unpacked } from './archive.ts';
import { type CreateBody, checkBinds, specOf } from './create.ts';
import { diskUsageOf } from './df.ts';
import type { DockerEngine } from './engine.ts';
import { EngineError } from './errors.ts';
import { filtersOf } from './filters.ts';
import { inspectOf } from './inspect.ts';
import { listOf } from './list.ts';
import type { RestartPolicy } from './spec.ts';
import { isTrue, sendEvents, sendLog, sendStats } from './streams.ts';
import { pause } from './time.ts';

export interface DockerSimulator {
  /** What the app's option `url` takes. */
  readonly url: string;
  /** 0 on a socket. */
  readonly port: number;
  /** Cuts every connection. */
  close(): Promise<void>;
}

export interface SimulatorOptions {
  readonly engine: DockerEngine;
  /** 0, if left out: a free one. */
  readonly port?: number;
  readonly host?: string;
  /** Instead of host and port. */
  readonly socketPath?: string;
  /** What stands before the engine: its answer to a call, undefined to let it pass. Never, to keep it waiting. */
  readonly gate?: (method: string, path: string) => GateAnswer | undefined | Promise<GateAnswer | undefined>;
}

export interface GateAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
}

/** Puts an engine on the wire, as its API 1.41. */
export async function startDockerSimulator({
  engine,
  port = 0,
  host = '127.0.0.1',
  socketPath,
  gate,
}: SimulatorOptions): Promise<DockerSimulator> {
  // Like the engine's own server, it leaves idle connections open: closing them races with the next request.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void answer(engine, gate, request, response).catch((thrown: Error) => fail(response, thrown));
  });
  server.listen(socketPath === undefined ? { host, port } : { path: socketPath });
  await once(server, 'listening');
  const address = server.address() as AddressInfo | string;
  const at = typeof address === 'string' ? 0 : address.port;
  return {
    url: socketPath === undefined ? `http://${host}:${at}` : `unix://${socketPath}`,
    port: at,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Call {
  readonly engine: DockerEngine;
  /** Id or name in the path. */
  readonly ref: string;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
  /** Its body as JSON; {} without one. */
  readonly body: unknown;
  readonly bytes: Buffer;
}

type Route = readonly [method: string, path: RegExp, run: (call: Call) => void | Promise<void>];

const change =
  (make: (call: Call) => unknown): Route[2] =>
  async (call) => {
    // false: there was nothing to change.
    const changed = await make(call);
    call.response.writeHead(changed === false ? 304 : 204).end();
  };

const json =
  (read: (call: Call) => unknown): Route[2] =>
  (call) => {
    const text = `${JSON.stringify(read(call))}\n`;
    call.response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
  };

const ROUTES: readonly Route[] = [
  ['GET', /^\/_ping$/, ({ response }) => pong(response)],
  ['HEAD', /^\/_ping$/, ({ response }) => pong(response)],
  ['GET', /^\/version$/, json(({ engine }) => versionOf(engine))],
  ['GET', /^\/info$/, json(({ engine }) => infoOf(engine))],
  ['GET', /^\/system\/df$/, json(({ engine }) => diskUsageOf(engine))],
  ['GET', /^\/events$/, ({ engine, query, response }) => sendEvents(engine, query, response)],
  [
    'GET',
    /^\/containers\/json$/,
    json(({ engine: { containers, time }, query }) =>
      listOf(containers, isTrue(query.get('all')), filtersOf(query.get('filters')), time.now()),
    ),
  ],
  ['GET', /^\/containers\/([^/]+)\/json$/, json(({ engine, ref }) => inspectOf(engine.find(ref)))],
  ['GET', /^\/images\/json$/, json(({ engine }) => engine.images.list())],
  ['GET', /^\/images\/(.+)\/json$/, json(({ engine, ref }) => engine.images.inspect(ref))],
  [
    'GET',
    /^\/containers\/([^/]+)\/stats$/,
    ({ engine, ref, query, response }) => sendStats(engine, ref, query, response),
  ],
  [
    'GET',
    /^\/containers\/([^/]+)\/logs$/,
    ({ engine, ref, query, response }) => sendLog(engine, ref, query, response),
  ],
  ['POST', /^\/containers\/([^/]+)\/start$/, change(({ engine, ref }) => engine.start(ref))],
  [
    'POST',
    /^\/containers\/([^/]+)\/stop$/,
    change(({ engine, ref, query }) => engine.stop(ref, secondsOf(query))),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/restart$/,
    change(({ engine, ref, query }) => engine.restart(ref, secondsOf(query))),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/kill$/,
    change(({ engine, ref, query }) => engine.kill(ref, signalOf(query))),
  ],
  ['POST', /^\/containers\/([^/]+)\/pause$/, change(({ engine, ref }) => engine.pause(ref))],
  ['POST', /^\/containers\/([^/]+)\/unpause$/, change(({ engine, ref }) => engine.unpause(ref))],
  ['POST', /^\/containers\/create$/, create],
  [
    'POST',
    /^\/containers\/([^/]+)\/rename$/,
    change(({ engine, ref, query }) => engine.rename(ref, query.get('name') ?? '')),
  ],
  [
    'POST',
    /^\/containers\/([^/]+)\/update$/,
    json(({ engine, ref, body }) => {
      const { Name = 'no', MaximumRetryCount } = (body as UpdateBody).RestartPolicy ?? {};
      engine.setRestart(ref, Name, MaximumRetryCount);
      return { Warnings: null };
    }),
  ],
  ['GET', /^\/networks$/, json(({ engine }) => engine.kept.networkList())],
  ['DELETE', /^\/networks\/([^/]+)$/, change(({ engine, ref }) => engine.kept.removeNetwork(ref))],
  ['GET', /^\/volumes$/, json(({ engine }) => ({ Volumes: engine.kept.volumeList(), Warnings: null }))],
  ['DELETE', /^\/volumes\/([^/]+)$/, change(({ engine, ref }) => engine.kept.removeVolume(ref))],
  [
    'POST',
    /^\/build\/prune$/,
    json(({ engine: { kept } }) => {
      const SpaceReclaimed = kept.buildCache;
      kept.buildCache = 0;
      return { CachesDeleted: null, SpaceReclaimed };
    }),
  ],
  ['PUT', /^\/containers\/([^/]+)\/archive$/, putArchive],
  ['GET', /^\/containers\/([^/]+)\/archive$/, getArchive],
  ['POST', /^\/networks\/([^/]+)\/connect$/, ({ response }) => void response.writeHead(200).end()],
  ['POST', /^\/containers\/([^/]+)\/wait$/, wait],
  ['POST', /^\/images\/create$/, pull],
  [
    'POST',
    /^\/images\/(.+)\/tag$/,
    ({ engine, ref, query, response }) => {
      engine.images.tag(ref, `${query.get('repo')}:${query.get('tag')}`);
      response.writeHead(201).end();
    },
  ],
  [
    'DELETE',
    /^\/images\/(.+)$/,
    json(({ engine, ref }) => {
      engine.images.remove(ref, (id) => engine.containers.some(({ imageId }) => imageId === id));
      return [{ Untagged: ref }];
    }),
  ],
  [
    'DELETE',
    /^\/containers\/([^/]+)$/,
    change(({ engine, ref, query }) => engine.remove(ref, isTrue(query.get('force')))),
  ],
];

interface UpdateBody {
  readonly RestartPolicy?: { readonly Name?: RestartPolicy; readonly MaximumRetryCount?: number };
}

function create({ engine, query, body, response }: Call): void {
  checkBinds(body as CreateBody, engine.folders as Set<string> | undefined);
  const { id } = engine.create(specOf(query.get('name') ?? '', body as CreateBody));
  response.writeHead(201, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify({ Id: id, Warnings: [] })}\n`);
}

/** What a container sees of its machine is where it is there. */
function putArchive({ engine, ref, query, bytes, response }: Call): void {
  engine.find(ref);
  for (const [file, text] of unpacked(bytes, query.get('path') ?? '')) engine.disk.set(file, text);
  response.writeHead(200).end();
}

function getArchive({ engine, ref, query, response }: Call): void {
  engine.find(ref);
  const file = query.get('path') ?? '';
  const text = engine.disk.get(file);
  if (text === undefined) throw new EngineError(404, `Could not find the file ${file} in container ${ref}`);
  response.writeHead(200, { 'Content-Type': 'application/x-tar' });
  response.end(archived(file.replace(/^.*\//, ''), text));
}

const WAIT_MS = 5;

async function wait({ engine, ref, response }: Call): Promise<void> {
  const container = engine.find(ref);
  response.writeHead(200, { 'Content-Type': 'application/json' });
  // The engine says at once that it will tell.
  response.flushHeaders();
  while (container.alive && !response.destroyed) await pause(engine.time, WAIT_MS);
  response.end(`${JSON.stringify({ StatusCode: container.exitCode })}\n`);
}

/** Errors come in the stream, as there the answer has begun. */
function pull({ engine, query, response }: Call): void {
  const name = `${query.get('fromImage')}:${query.get('tag')}`;
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const line = (value: object): unknown => response.write(`${JSON.stringify(value)}\r\n`);
  line({ status: `Pulling from ${query.get('fromImage')}`, id: query.get('tag') });
  line({ status: 'Downloading', id: 'f00d', progressDetail: { current: 50, total: 100 } });
  try {
    engine.images.pull(name);
  } catch (thrown) {
    const { message } = thrown as Error;
    line({ errorDetail: { message }, error: message });
  }
  response.end();
}

async function answer(
  engine: DockerEngine,
  gate: SimulatorOptions['gate'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Api-Version', API_VERSION);
  response.setHeader('Docker-Experimental', 'false');
  response.setHeader('Ostype', 'linux');
  response.setHeader('Server', `Docker/${engine.options.version} (linux)`);
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://engine');
  const [prefix = '', minor] = /^\/v1\.(\d+)(?=\/)/.exec(pathname) ?? [];
  if (Number(minor ?? 0) > Number(API_VERSION.slice(2))) {
    const most = `Maximum supported API version is ${API_VERSION}`;
    throw new EngineError(400, `client version 1.${minor} is too new. ${most}`);
  }
  const path = pathname.slice(prefix.length);
  const bytes = Buffer.concat(await request.toArray());
  const stopped = await gate?.(request.method ?? 'GET', path);
  if (stopped !== undefined) {
    response
      .writeHead(stopped.status, { 'Content-Type': stopped.type ?? 'text/html' })
      .end(stopped.body ?? '');
    return;
  }
  for (const [method, pattern, run] of ROUTES) {
    const match = method === request.method ? pattern.exec(path) : null;
    if (match === null) continue;
    const isJson = bytes.length > 0 && request.headers['content-type'] === 'application/json';
    const body: unknown = isJson ? JSON.parse(bytes.toString('utf8')) : {};
    return run({ engine, ref: decodeURIComponent(match[1] ?? ''), query, response, body, bytes });
  }
  throw new EngineError(404, 'page not found');
}

function pong(response: ServerResponse): void {
  const headers = { 'Cache-Control': 'no-cache, no-store, must-revalidate', Pragma: 'no-cache' };
  response.writeHead(200, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end('OK');
}

function fail(response: ServerResponse, thrown: Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = thrown instanceof EngineError ? thrown.status : 500;
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify({ message: thrown.message })}\n`);
}

function secondsOf(query: URLSearchParams): number | undefined {
  const text = query.get('t') ?? '';
  if (text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new EngineError(500, `strconv.Atoi: parsing "${text}": invalid syntax`);
}

const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
};

function signalOf(query: URLSearchParams): number | undefined {
  const text = query.get('signal') ?? '';
  if (text === '') return undefined;
  const signal = /^\d+$/.test(text) ? Number(text) : SIGNALS[text.toUpperCase().replace(/^SIG/, '')];
  if (signal === undefined || signal < 1 || signal > 64)
    throw new EngineError(400, `Invalid signal: ${text}`);
  return signal;
}
