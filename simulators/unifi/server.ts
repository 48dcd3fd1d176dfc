import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Certificate, makeCertificate } from '../proxmox/certificate.ts';
import { Faults } from '../proxmox/faults.ts';
import { consoleAnswer, legacyAnswer } from './answer.ts';
import type { Answer } from './envelope.ts';
import { UnifiSessions } from './sessions.ts';
import { type Generation, idOf, type Site } from './site.ts';
import { acceptSocket, type Pipe } from './socket.ts';
import type { UnifiSimulatorState } from './state.ts';
import { pushView } from './views.ts';

export interface UnifiSimulatorOptions {
  readonly site: Site;
  readonly generation?: Generation;
  readonly host?: string;
  /** Left out: a free one. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  readonly apiKey?: string;
  readonly certificate?: Certificate;
}

export interface UnifiSimulator extends UnifiSimulatorState {
  readonly url: string;
  /** SHA-256 of its self-signed certificate. */
  readonly fingerprint: string;
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
  readonly faults: Faults;
  /** Milliseconds until a socket is accepted. */
  handshakeMs: number;
  /** Event sockets that stand. */
  readonly sockets: number;
  /** The most requests that it had to answer at the same time. */
  readonly mostAtOnce: number;
  /** Cuts the event sockets, as a proxy in between does. */
  cutSockets(): void;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** Puts a site on the wire, behind one of the two generations of API. */
export async function startUnifiSimulator(options: UnifiSimulatorOptions): Promise<UnifiSimulator> {
  const { site, generation = 'legacy', host = '127.0.0.1', port = 0 } = options;
  const { username = 'labkeeper', password = 'unified theory', apiKey = 'key-of-the-console' } = options;
  const certificate = options.certificate ?? makeCertificate({ name: 'unifi', hosts: ['localhost', host] });
  const faults = new Faults();
  const pipes = new Set<Pipe>();
  let [atOnce, mostAtOnce] = [0, 0];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [method, path] = [request.method ?? 'GET', decodeURIComponent(pathOf(request))];
    const fault = faults.meet(method, path, '');
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'delay') await new Promise<void>((done) => site.clock.after(fault.ms, done));
    const body = await text(request);
    if (fault?.kind === 'answer') {
      const { status, type = 'application/json', body: sent = '' } = fault;
      response.writeHead(status, { 'content-type': type }).end(sent);
      return;
    }
    const answer = (generation === 'legacy' ? legacyAnswer : consoleAnswer)(simulator, {
      ...{ method, path, headers: request.headers, body },
    });
    send(response, answer, fault?.kind === 'truncate' ? fault.bytes : undefined);
  }

  function upgrade(request: IncomingMessage, socket: Duplex): void {
    const prefix = generation === 'legacy' ? '' : '/proxy/network';
    const cookie = String(request.headers.cookie ?? '');
    const session = simulator.sessions.find(cookie, generation === 'legacy' ? 'unifises' : 'TOKEN');
    const isLetIn = session !== undefined || request.headers['x-api-key'] === apiKey;
    const fault = faults.meet('SOCKET', pathOf(request), '');
    if (fault?.kind === 'hang') return;
    if (fault !== undefined || !isLetIn || pathOf(request) !== `${prefix}/wss/s/${site.name}/events`) {
      socket.end(`HTTP/1.1 ${isLetIn ? '404 Not Found' : '401 Unauthorized'}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const accept = (): void => {
      const end = site.listen((message, data) => {
        const sent = pushView(site, generation, message, data);
        if (sent.length > 0) pipe.send(JSON.stringify({ meta: { message, rc: 'ok' }, data: sent }));
      });
      const pipe = acceptSocket(request, socket, () => {
        end();
        pipes.delete(pipe);
      });
      pipes.add(pipe);
    };
    if (simulator.handshakeMs === 0) accept();
    else site.clock.after(simulator.handshakeMs, accept);
  }

  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    response.once('close', () => {
      atOnce -= 1;
    });
    void handle(request, response).catch(() => request.socket.destroy());
  });
  server.on('upgrade', upgrade);
  server.listen({ host, port });
  await once(server, 'listening');
  const simulator: UnifiSimulator = {
    ...{ site, generation, username, password, apiKey, faults },
    sessions: new UnifiSessions(site.clock, username, password, apiKey),
    uuid: idOf(generation, 'controller').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    version: generation === 'legacy' ? '6.5.55' : '9.0.114',
    lacking: new Set(),
    written: [],
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    fingerprint: certificate.fingerprint,
    handshakeMs: 0,
    get sockets() {
      return pipes.size;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    cutSockets: () => {
      for (const pipe of [...pipes]) pipe.close();
    },
    close: async () => {
      const closed = once(server, 'close');
      for (const pipe of [...pipes]) pipe.close();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return simulator;
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';

function send(response: ServerResponse, { status, headers, body }: Answer, bytes: number | undefined): void {
  const content = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    ...headers,
    'content-length': String(Buffer.byteLength(content)),
  });
  if (bytes === undefined) {
    response.end(content);
    return;
  }
  response.write(content.slice(0, bytes));
  response.destroy();
}
