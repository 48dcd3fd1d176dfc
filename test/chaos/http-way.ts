import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { makeCertificate } from '../../simulators/proxmox/certificate.ts';
import type { Fault } from './fault.ts';
import { halfOf, mistyped, shifted } from './spoil.ts';
import type { Way } from './way.ts';

/** Streams without an end, which are passed on as they come. */
const ENDLESS = /\/(events|sse|stats|logs|attach)\b/;
/** Asks for nothing but to be let in, or to be told something. */
const NO_CHANGE =
  /\/(access\/ticket|login|logout|SessionService\/Sessions|_ping|messages|mcp|tts|v1\/audio)\b|\/(labkeeper|0{64})\//;

export interface HttpWay extends Way {
  /** As the system's own, at our port. */
  readonly url: string;
  /** SHA-256 of our certificate; empty without TLS. */
  readonly fingerprint: string;
}

/**
 * A proxy before an HTTP server of this machine, with a certificate of its own where the server has one.
 *
 * @param chance from 0 to below 1: whether a request that is reset was carried out
 */
export async function startHttpWay(system: string, target: string, chance: () => number): Promise<HttpWay> {
  const behind = new URL(target);
  const isTls = behind.protocol === 'https:';
  const [ours, another] = [1, 2].map(() => makeCertificate({ name: system, hosts: ['127.0.0.1'] }));
  const sockets = new Set<Socket>();
  /** Ends that nothing comes over any more when it hangs. */
  const streams = new Set<Readable>();
  const writes: string[] = [];
  let fault: Fault | undefined;

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    meet(request, response).catch(() => response.destroy());
  };
  const server =
    isTls && ours
      ? https.createServer({ key: ours.key, cert: ours.cert }, handle)
      : http.createServer(handle);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.on('upgrade', (request, near: Duplex, head) => {
    if (fault !== undefined && fault.kind !== 'slow' && fault.kind !== 'clock') return void near.destroy();
    upgrade(request, near, head);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function meet(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const met = fault;
    if (met?.kind === 'hang') return;
    if (met?.kind === 'reset' && (request.method === 'GET' || chance() < 0.5)) return reset(request);
    if (met?.kind === 'answer') {
      request.resume();
      response.writeHead(met.status, met.message, { 'content-type': met.type });
      return void response.end(met.body);
    }
    if (met?.kind === 'slow') await sleep(met.ms);
    pass(request, response, met);
  }

  /** Sends a request on, and its answer back, with what a fault makes of it. */
  function pass(request: IncomingMessage, response: ServerResponse, met: Fault | undefined): void {
    const { method = 'GET', url = '/', headers } = request;
    if (!['GET', 'HEAD'].includes(method) && !NO_CHANGE.test(url)) writes.push(`${method} ${url}`);
    const options = {
      method,
      path: url,
      headers,
      host: '127.0.0.1',
      port: behind.port,
      agent: false as const,
    };
    const onward = isTls
      ? https.request({ ...options, rejectUnauthorized: false }, back)
      : http.request(options, back);
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);

    function back(answer: IncomingMessage): void {
      if (met?.kind === 'reset') {
        reset(request);
        return;
      }
      const { statusCode = 502, statusMessage = '' } = answer;
      const isStream = String(answer.headers['content-type']).includes('event-stream');
      // What answers a POST as a stream of events ends with its answer.
      const isEndless = ENDLESS.test(url) || (isStream && method === 'GET');
      if (met === undefined || met.kind === 'slow' || isEndless) {
        response.writeHead(statusCode, statusMessage, answer.headers);
        // An event stream says nothing for long: that it stands has to be known before.
        response.flushHeaders();
        if (isEndless) streams.add(answer.on('close', () => streams.delete(answer)));
        answer.on('error', () => response.destroy());
        answer.on('aborted', () => response.destroy());
        answer.pipe(response);
        return;
      }
      void bodyOf(answer).then(
        (text) => {
          const { 'content-length': _, 'transfer-encoding': __, ...rest } = answer.headers;
          if (met.kind === 'clock') rest.date = new Date(Date.now() + met.ms).toUTCString();
          response.writeHead(statusCode, statusMessage, rest);
          response.end(spoilt(text, met));
        },
        () => response.destroy(),
      );
    }
  }

  function upgrade(request: IncomingMessage, near: Duplex, head: Buffer): void {
    const at = { host: '127.0.0.1', port: Number(behind.port) };
    const far: Socket = isTls ? tls.connect({ ...at, rejectUnauthorized: false }) : net.connect(at);
    const lines = request.rawHeaders.flatMap((name, index, all) =>
      index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : [],
    );
    far.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    far.write(head);
    streams.add(far);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        streams.delete(far);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    system,
    port,
    writes,
    url: target.replace(`:${behind.port}`, `:${port}`),
    fingerprint: isTls ? (ours?.fingerprint ?? '') : '',
    get open() {
      return sockets.size;
    },
    can: ({ kind }) => kind !== 'certificate' || isTls,
    begin: async (begun) => {
      fault = begun;
      if (begun.kind === 'down') server.close();
      if (begun.kind === 'certificate' && another !== undefined) renew(server, another);
      if (begun.kind === 'slow' || begun.kind === 'clock') return;
      // What hangs keeps its connections; only nothing comes over them any more.
      if (begun.kind === 'hang') for (const stream of streams) stream.unpipe();
      else cut();
    },
    heal: async () => {
      const healed = fault;
      fault = undefined;
      if (healed?.kind === 'certificate' && ours !== undefined) renew(server, ours);
      if (healed?.kind === 'hang') cut();
      if (healed?.kind !== 'down') return;
      server.listen({ host: '127.0.0.1', port });
      await once(server, 'listening');
    },
    close: async () => {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      cut();
      await closed;
    },
  };
}

function renew(
  server: http.Server | https.Server,
  { key, cert }: { readonly key: string; readonly cert: string },
) {
  (server as https.Server).setSecureContext({ key, cert });
}

const reset = (request: IncomingMessage): void => void request.socket.destroy();

function spoilt(body: Buffer, { kind, ...rest }: Fault): string | Buffer {
  const text = body.toString();
  if (kind === 'truncated') return halfOf(text);
  if (kind === 'mistyped') return mistyped(text);
  return kind === 'clock' && 'ms' in rest ? shifted(text, rest.ms, Date.now()) : body;
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
