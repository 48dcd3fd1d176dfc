import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Faults } from '../proxmox/faults.ts';
import { goTime, type PulseMonitor } from './monitor.ts';
import { type Attempt, deliver, type SimWebhook } from './webhook.ts';

export interface PulseSimulatorOptions {
  readonly monitor: PulseMonitor;
  readonly host?: string;
  /** Left out: a free one. Pulse itself has 7655. */
  readonly port?: number;
}

export interface PulseSimulator {
  readonly monitor: PulseMonitor;
  readonly url: string;
  readonly token: string;
  /** What the token may do. */
  scopes: readonly string[];
  webhook: SimWebhook | undefined;
  /** What became of webhooks that were sent. */
  readonly attempts: Attempt[];
  readonly faults: Faults;
  /** Resolves when all that was to be sent has been. */
  settled(): Promise<void>;
  /** Cuts every connection. */
  close(): Promise<void>;
}

interface Call {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** A refusal as Pulse words it: plain text, or JSON where a scope is missing. */
class Refusal extends Error {
  readonly status: number;
  readonly json: object | undefined;

  constructor(status: number, message: string, json?: object) {
    super(message);
    this.status = status;
    this.json = json;
  }
}

/** Puts a Pulse on the wire. */
export async function startPulseSimulator(options: PulseSimulatorOptions): Promise<PulseSimulator> {
  const { monitor, host = '127.0.0.1', port = 0 } = options;
  const token = '5f0c1d7e9a3b48c2b6d4e8f1a2c3b4d5';
  const faults = new Faults();
  const sending = new Set<Promise<void>>();
  const attempts: Attempt[] = [];

  monitor.onEvent = (event, alerts) => {
    if (simulator.webhook === undefined) return;
    const copy = structuredClone(alerts);
    const sent = deliver(simulator.webhook, monitor, event, copy, (attempt) => attempts.push(attempt));
    sending.add(sent);
    void sent.finally(() => sending.delete(sent));
  };

  const routes: Readonly<Record<string, (call: Call) => object>> = {
    'GET /api/health': () => health(monitor),
    'GET /api/version': () => version(monitor),
    'GET /api/state/summary': scoped('monitoring:read', () => ({
      activeAlerts: monitor.alerts.size,
      ...monitor.summary,
      lastUpdate: goTime(monitor.clock.now()),
    })),
    'GET /api/alerts/active': scoped('monitoring:read', () => sorted(monitor)),
    'POST /api/alerts/acknowledge': scoped('monitoring:write', ({ body }) => {
      const { alertIdentifier = '' } = parsed(body);
      if (alertIdentifier === '') throw new Refusal(400, 'Alert identifier is required');
      if (!monitor.acknowledge(String(alertIdentifier), 'api-token'))
        throw new Refusal(404, 'alert not found');
      return { success: true };
    }),
    'POST /api/alerts/bulk/acknowledge': scoped('monitoring:write', ({ body }) => {
      const { alertIdentifiers } = parsed(body);
      if (!Array.isArray(alertIdentifiers) || alertIdentifiers.length === 0)
        throw new Refusal(400, 'No alert identifiers provided');
      return {
        results: alertIdentifiers.map((alertIdentifier) =>
          monitor.acknowledge(String(alertIdentifier), 'api-token')
            ? { alertIdentifier, success: true }
            : { alertIdentifier, success: false, error: 'alert not found' },
        ),
      };
    }),
  };

  /** Asks for the token, and for what it may do. */
  function scoped(scope: string, answer: (call: Call) => object): (call: Call) => object {
    return (call) => {
      const { 'x-api-token': given, authorization } = call.request.headers;
      if (given === undefined && authorization === undefined)
        throw new Refusal(401, '', { error: 'Authentication required' });
      if (given !== token && authorization !== `Bearer ${token}`) throw new Refusal(401, 'Invalid API token');
      if (!simulator.scopes.includes(scope))
        throw new Refusal(403, '', { error: 'missing_scope', requiredScope: scope });
      return answer(call);
    };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://pulse');
    const fault = faults.meet(request.method ?? 'GET', pathname, '');
    const body = await textOf(request);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'answer') {
      const { status, type = 'text/plain', body: text = '', headers } = fault;
      return void response.writeHead(status, { 'content-type': type, ...headers }).end(text);
    }
    // Its page is one of a single application: every path that is none of the interface shows it.
    if (!pathname.startsWith('/api/'))
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Pulse');
    try {
      const route = routes[`${request.method} ${pathname}`];
      if (route === undefined) throw new Refusal(404, 'Not found');
      const answer = JSON.stringify(route({ request, body }));
      const isWell = pathname !== '/api/health' || monitor.healthy;
      response.writeHead(isWell ? 200 : 503, { 'content-type': 'application/json' });
      response.end(fault?.kind === 'truncate' ? answer.slice(0, fault.bytes) : answer);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) return void request.socket.destroy();
      const { status, json, message } = thrown;
      response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain; charset=utf-8' });
      response.end(json ? JSON.stringify(json) : `${message}\n`);
    }
  }

  const listener = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  listener.listen({ host, port });
  await once(listener, 'listening');
  const simulator: PulseSimulator = {
    ...{ monitor, token, faults, attempts },
    url: `http://${host}:${(listener.address() as AddressInfo).port}`,
    scopes: ['monitoring:read', 'monitoring:write'],
    webhook: undefined,
    settled: async () => {
      while (sending.size > 0) await Promise.all(sending);
    },
    close: async () => {
      await simulator.settled();
      const closed = once(listener, 'close');
      listener.close();
      listener.closeAllConnections();
      await closed;
    },
  };
  return simulator;
}

const health = (monitor: PulseMonitor): object => ({
  status: monitor.healthy ? 'healthy' : 'unhealthy',
  timestamp: Math.floor(monitor.clock.now() / 1_000),
  uptime: (monitor.clock.now() - monitor.started) / 1_000,
  proxyInstallScriptAvailable: true,
  dependencies: { monitor: monitor.healthy, scheduler: monitor.healthy, websocket: true },
});

const version = ({ version: own, latest, containerId }: PulseMonitor): object => ({
  version: own,
  ...{
    buildTime: '2026-08-19T00:00:00Z',
    build: '2026-08-19T00:00:00Z',
    goVersion: 'go1.25.0',
    runtime: 'go',
  },
  ...{ channel: 'stable', isDocker: false, isSourceBuild: false, isDevelopment: false },
  ...{ deploymentType: 'proxmoxve', updateAvailable: latest !== undefined && latest !== own },
  ...(latest !== undefined && { latestVersion: latest }),
  containerized: containerId !== undefined,
  ...(containerId !== undefined && { containerId }),
});

/** The worst first, as Pulse lists them. */
const sorted = ({ alerts }: PulseMonitor): object =>
  [...alerts.values()].sort(
    (one, other) =>
      Number(other.level === 'critical') - Number(one.level === 'critical') ||
      one.startTime.localeCompare(other.startTime),
  );

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    throw new Refusal(400, 'Invalid request body');
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
