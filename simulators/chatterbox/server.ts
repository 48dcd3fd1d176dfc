import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Faults } from '../proxmox/faults.ts';
import { devnen } from './dialects/devnen.ts';
import type { Answer, Call, Dialect, FormFile } from './dialects/dialect.ts';
import { openai } from './dialects/openai.ts';
import { travisvn } from './dialects/travisvn.ts';
import { ChatterboxMachine, type ChatterboxRequest } from './machine.ts';
import { wavOf } from './wav-file.ts';

export type ChatterboxDialect = 'devnen' | 'travisvn' | 'openai';

export interface ChatterboxSimulatorOptions {
  readonly dialect?: ChatterboxDialect;
  readonly machine?: ChatterboxMachine;
  readonly host?: string;
  /** Left out: a free one. */
  readonly port?: number;
  /** What `openai` wants to see; left out: anybody may ask. */
  readonly key?: string;
  /** False: an older devnen, which knows no `stream`. */
  readonly streams?: boolean;
}

export interface ChatterboxSimulator {
  readonly machine: ChatterboxMachine;
  readonly url: string;
  readonly port: number;
  /** `<method> <path>` of every request. */
  readonly heard: string[];
  readonly faults: Faults;
  /** Nothing listens there any more, and every connection is cut, as in a restart. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** So many bytes come at a time: not a whole number of samples. */
const PIECE = 4_099;

/** Puts a Chatterbox on the wire. */
export async function startChatterboxSimulator(
  options: ChatterboxSimulatorOptions = {},
): Promise<ChatterboxSimulator> {
  const { dialect = 'devnen', machine = new ChatterboxMachine(), host = '127.0.0.1', key } = options;
  const { streams = true } = options;
  const speaks: Dialect = { devnen, travisvn, openai: openai(key) }[dialect];
  const heard: string[] = [];
  const faults = new Faults();
  const sockets = new Set<Socket>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path } = new URL(request.url ?? '/', 'http://chatterbox');
    const { method = 'GET' } = request;
    const raw = await bytesOf(request);
    const form = await formIn(raw, request.headers['content-type']);
    const body = form.size > 0 ? {} : bodyOf(raw.toString('utf8'));
    heard.push(`${method} ${path}`);
    await machine.free();
    const fault = faults.meet(method, path, '');
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'answer') {
      const { status, type = 'application/json', body: text = '' } = fault;
      return void response.writeHead(status, { 'content-type': type }).end(text);
    }
    const call: Call = { method, path, body, form, authorization: request.headers.authorization };
    const answer = speaks(machine, call) ?? { status: 404, json: { detail: 'Not Found' } };
    if ('json' in answer) {
      const head = { 'content-type': 'application/json' };
      return void response.writeHead(answer.status ?? 200, head).end(JSON.stringify(answer.json));
    }
    await speak(answer, call, response);
  }

  async function speak(
    { texts, voice, language, speed, streams: wanted }: Extract<Answer, { texts: unknown }>,
    { path, body }: Call,
    response: ServerResponse,
  ): Promise<void> {
    const isStream = wanted && (dialect !== 'devnen' || streams);
    const hungUp = new AbortController();
    const text = texts.join(' ');
    const own: ChatterboxRequest = { path, body, text, voice, language, speed, outcome: 'running' };
    machine.requests.push(own);
    response.once('close', () => hungUp.abort());
    try {
      const made: Buffer[] = [];
      let isBegun = false;
      for (const part of texts) {
        if (isStream && !isBegun) {
          isBegun = true;
          // How long it will be is not known.
          const manner = machine.manner === 'right' ? 'unknown' : machine.manner;
          response.writeHead(200, { 'content-type': 'audio/wav' });
          await send(response, wavOf(Buffer.alloc(4_000), manner).head);
        }
        const sound = await machine.generate({ text: part, voice, language, speed }, hungUp.signal);
        if (isStream) await send(response, wavOf(sound, machine.manner).body);
        else made.push(sound);
      }
      if (!isStream) {
        const { head, body: rest } = wavOf(Buffer.concat(made), machine.manner);
        response.writeHead(200, { 'content-type': 'audio/wav' });
        await send(response, Buffer.concat([head, rest]));
      }
      response.end();
      own.outcome = 'done';
    } catch (thrown) {
      own.outcome = 'hung up';
      if (!hungUp.signal.aborted) throw thrown;
    }
  }

  const listen = async (at: number): Promise<Server> => {
    const server = createServer((request, response) => {
      handle(request, response).catch((error: unknown) => {
        // In the midst of an answer nothing can be said any more: it breaks off.
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end(JSON.stringify({ detail: (error as Error).message }));
      });
    });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(at, host);
    await once(server, 'listening');
    return server;
  };

  let server = await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    ...{ machine, port, heard, faults, url: `http://${host}:${port}` },
    stop,
    start: async () => {
      server = await listen(port);
    },
    close: stop,
  };
}

/** In parts as the network makes them: the header alone is cut in two. */
async function send(response: ServerResponse, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + (at === 0 ? Math.min(bytes.length, 21) : PIECE);
    if (!response.write(bytes.subarray(at, end)) && !response.destroyed) await drained(response);
    at = end;
  }
}

function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const event of ['drain', 'close']) response.once(event, resolve);
  return promise.finally(() => {
    for (const event of ['drain', 'close']) response.removeListener(event, resolve);
  });
}

function bodyOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text || '{}');
  } catch {
    return {};
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** As a web framework reads it; empty where it is no form. */
async function formIn(raw: Buffer, type = ''): Promise<Call['form']> {
  const fields = new Map<string, string | FormFile>();
  if (!type.startsWith('multipart/form-data')) return fields;
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData();
  for (const [key, value] of form) {
    if (typeof value === 'string') fields.set(key, value);
    else fields.set(key, { filename: value.name, data: Buffer.from(await value.arrayBuffer()) });
  }
  return fields;
}
