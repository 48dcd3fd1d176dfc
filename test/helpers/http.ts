import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http, { type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servicesOf } from '../../addon/src/app/services.ts';
import type { Action, Ceiling } from '../../addon/src/contract/action.ts';
import type { Finding } from '../../addon/src/contract/finding.ts';
import type { HookFinder } from '../../addon/src/contract/hook.ts';
import type { OwnFiles } from '../../addon/src/contract/own-file.ts';
import { openDatabase } from '../../addon/src/core/database.ts';
import { silentLog } from '../../addon/src/core/log.ts';
import { Secrets } from '../../addon/src/core/secrets.ts';
import { defaultSettings } from '../../addon/src/entities/settings.ts';
import { deviceIdentifier } from '../../addon/src/entities/topics.ts';
import type {
  BuildOutReader,
  DeletedDevice,
  HistoryReader,
  LogReader,
  OwnLogReader,
  RecordingsView,
  SystemHealth,
  SystemsView,
} from '../../addon/src/http/parts.ts';
import { startHttp } from '../../addon/src/http/server.ts';
import { type Token, TokenBook } from '../../addon/src/http/tokens.ts';
import { KINDS, type LabResource } from '../../addon/src/kinds/index.ts';
import { buildOutView } from '../../addon/src/lab/build-out/view.ts';
import { Findings } from '../../addon/src/lab/findings.ts';
import { RECIPES } from '../../addon/src/lab/recipe/shipped.ts';
import { Store } from '../../addon/src/model/store.ts';
import { type BenchParts, bench, host, plex, type Work, web } from './executor.ts';
import { FakeClock } from './fake-clock.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers
  readonly json: any;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
  /** Sent as JSON, or as it is where it is a text. */
  readonly body?: unknown;
  /** Own address: any of 127.0.0.0/8. */
  readonly from?: string;
}

export interface ServeParts extends BenchParts {
  readonly steps?: Readonly<Record<string, Work>>;
  readonly openOnLoopback?: boolean;
  readonly ingress?: string;
  readonly isAdministrator?: (id: string) => Promise<boolean | undefined>;
  readonly resources?: readonly LabResource[];
  readonly systems?: readonly SystemHealth[];
  readonly deleted?: readonly DeletedDevice[];
  /** Of the owner `docker/nas`. */
  readonly findings?: readonly Finding[];
  readonly buildOut?: BuildOutReader;
  readonly logOf?: LogReader;
  readonly connections?: SystemsView;
  readonly files?: OwnFiles;
  readonly ownLog?: OwnLogReader;
  readonly diagnostics?: () => object;
  readonly pageFolder?: string;
  readonly history?: HistoryReader;
  readonly recordings?: RecordingsView;
  readonly hookOf?: HookFinder;
}

const NO_BUILD_OUT: BuildOutReader = {
  view: () => buildOutView({ phases: [] }, { lab: new Store(), sights: [], troubled: new Set() }, []),
  file: 'phases: []\n',
};

/** A server on a port of its own, with the executor of `bench` behind it and a data folder of its own. */
export async function serve(more: ServeParts = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-http-'));
  const clock = more.clock ?? new FakeClock();
  const database = openDatabase(folder, silentLog, 0);
  const secrets = new Secrets();
  const parts = bench(more.steps ?? { Step: async () => {} }, { database, clock, ...more });
  const store = new Store<LabResource>();
  const resources = more.resources ?? [host, plex, web];
  store.replace('docker/nas', resources);
  for (const resource of resources) parts.resources.set(resource.id, resource);
  const findings = new Findings();
  findings.report('docker/nas', more.findings ?? []);
  const tokens = new TokenBook({ database, dataFolder: folder, clock, hide: (token) => secrets.add(token) });
  tokens.ensure('homeassistant', 'homeassistant', 'destroy');
  tokens.ensure('http', 'http', 'destroy');
  const buildOut = more.buildOut ?? NO_BUILD_OUT;
  const server = await startHttp(
    { host: '127.0.0.1', port: 0 },
    {
      version: '0.1.0',
      ownId: 'c0ffee00-0000-4000-8000-000000000000',
      services: servicesOf(parts.actions as readonly Action[], '0.1.0'),
      deviceOf: (id) => deviceIdentifier(id, defaultSettings),
      lab: store,
      findings,
      buildOut,
      recipes: async () => ({ recipes: RECIPES, problems: [] }),
      executor: parts.executor,
      actions: parts.actions as readonly Action[],
      kinds: KINDS,
      systems: () => more.systems ?? [],
      deleted: () => more.deleted ?? [],
      ...(more.logOf !== undefined && { logOf: more.logOf }),
      ...(more.connections !== undefined && { connections: more.connections }),
      ...(more.files !== undefined && { files: more.files }),
      ...(more.ownLog !== undefined && { ownLog: more.ownLog }),
      ...(more.history !== undefined && { history: more.history }),
      ...(more.pageFolder !== undefined && { pageFolder: more.pageFolder }),
      ...(more.diagnostics !== undefined && { diagnostics: more.diagnostics }),
      ...(more.recordings !== undefined && { recordings: more.recordings }),
      ...(more.hookOf !== undefined && { hookOf: more.hookOf }),
      access: {
        tokens,
        openOnLoopback: more.openOnLoopback ?? false,
        ingress: more.ingress,
        isAdministrator: more.isAdministrator,
      },
      clock,
      log: parts.log,
    },
  );
  const { port } = server;
  const token = (name: string): string => tokens.reveal(name) as string;
  return {
    ...{ ...parts, server, port, store, findings, buildOut, tokens, folder, secrets, clock, token },
    /** A further token. */
    tokenFor: (name: string, door: Token['door'], ceiling: Ceiling): string => {
      tokens.ensure(name, door, ceiling);
      return token(name);
    },
    ask: (path: string, asking: Asking = {}) => ask(port, path, asking),
    /** Asks with the token `http`. */
    get: (path: string, headers: Readonly<Record<string, string>> = {}) =>
      ask(port, path, { token: token('http'), headers }),
    act: (action: string, body: unknown, asking: Asking = {}) =>
      ask(port, `/api/actions/${action}`, { method: 'POST', body, token: token('http'), ...asking }),
    close: async () => {
      await server.close();
      await parts.executor.close();
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Unlike `fetch` it sends any Host and Origin, from any address of this machine. */
export async function ask(port: number, path: string, asking: Asking): Promise<Answer> {
  const { method = 'GET', headers = {}, token, body, from } = asking;
  const request = http.request({
    ...{ host: '127.0.0.1', port, path, method, agent: false },
    ...(from !== undefined && { localAddress: from }),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
  });
  request.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += chunk;
  const type = response.headers['content-type'] ?? '';
  const json = type.startsWith('application/json') && text !== '' ? JSON.parse(text) : undefined;
  return { status: response.statusCode as number, headers: response.headers, text, json };
}

/** Runs a test against a server that is closed afterwards. */
export async function withServer(
  more: ServeParts,
  test: (server: Awaited<ReturnType<typeof serve>>) => Promise<void>,
): Promise<void> {
  const server = await serve(more);
  try {
    await test(server);
  } finally {
    await server.close();
  }
}
