import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Certificate, makeCertificate } from '../proxmox/certificate.ts';
import { Faults } from '../proxmox/faults.ts';
import { type Answer, answerOf } from './answer.ts';
import { booting, Refusal } from './errors.ts';
import type { Machine } from './machine.ts';
import { Sessions } from './sessions.ts';

export interface RedfishSimulatorOptions {
  readonly machine: Machine;
  readonly host?: string;
  /** Left out: a free one. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  readonly certificate?: Certificate;
}

export interface RedfishSimulator {
  readonly machine: Machine;
  readonly url: string;
  /** SHA-256 of its self-signed certificate. */
  readonly fingerprint: string;
  readonly username: string;
  readonly password: string;
  readonly sessions: Sessions;
  readonly faults: Faults;
  /** The controller starts: it answers 503 to everything. */
  booting: boolean;
  /** The most requests that it had to answer at the same time. */
  readonly mostAtOnce: number;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** Puts a management controller on the wire. */
export async function startRedfishSimulator(options: RedfishSimulatorOptions): Promise<RedfishSimulator> {
  const {
    machine,
    host = '127.0.0.1',
    port = 0,
    username = 'labkeeper',
    password = 'calvin and hobbes',
  } = options;
  const certificate = options.certificate ?? makeCertificate({ name: 'idrac', hosts: ['localhost', host] });
  const sessions = new Sessions(machine.spec.clock, username, password);
  const faults = new Faults();
  let [atOnce, mostAtOnce] = [0, 0];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://idrac');
    const [method, path] = [request.method ?? 'GET', decodeURIComponent(url.pathname)];
    const fault = faults.meet(method, path, '');
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'delay') await new Promise<void>((done) => machine.spec.clock.after(fault.ms, done));
    const body = await text(request);
    if (fault?.kind === 'answer') {
      const { status, type = 'application/json', body: sent = '' } = fault;
      response.writeHead(status, { 'content-type': type }).end(sent);
      return;
    }
    const answer = attempt(() => {
      if (simulator.booting) throw booting();
      return answerOf(machine, sessions, {
        method,
        path,
        query: url.searchParams,
        headers: request.headers,
        body,
      });
    });
    send(response, answer, fault?.kind === 'truncate' ? fault.bytes : undefined);
  }

  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    response.once('close', () => {
      atOnce -= 1;
    });
    void handle(request, response).catch(() => request.socket.destroy());
  });
  server.listen({ host, port });
  await once(server, 'listening');
  const simulator: RedfishSimulator = {
    machine,
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    fingerprint: certificate.fingerprint,
    ...{ username, password, sessions, faults },
    booting: false,
    get mostAtOnce() {
      return mostAtOnce;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return simulator;
}

function attempt(run: () => Answer): Answer {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof Refusal) return { status: thrown.status, body: thrown.body };
    throw thrown;
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer, bytes: number | undefined): void {
  const content = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'odata-version': '4.0',
    ...headers,
    ...(body !== undefined && { 'content-type': 'application/json;odata.metadata=minimal;charset=utf-8' }),
    'content-length': String(Buffer.byteLength(content)),
  });
  if (bytes === undefined) {
    response.end(content);
    return;
  }
  response.write(content.slice(0, bytes));
  response.destroy();
}
