import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { makeCertificate } from '../proxmox/certificate.ts';
import { type McpOffer, type McpTool, serverOf } from './session.ts';

export type { McpOffer, McpTool } from './session.ts';

/** What goes wrong with every request. */
export type McpFault =
  | { readonly kind: 'hang' }
  /** Headers and half an answer, and then nothing. */
  | { readonly kind: 'half' }
  | { readonly kind: 'cut' }
  | {
      readonly kind: 'say';
      readonly status: number;
      readonly type: string;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

export interface McpSimulatorOptions extends Partial<McpOffer> {
  /** Transports that it speaks: `http` at /mcp, `sse` at /sse. Left out: both. */
  readonly ways?: readonly ('http' | 'sse')[];
  /** Answers of Streamable HTTP are plain JSON. */
  readonly json?: boolean;
  /** Without it, anybody may ask. */
  readonly token?: string;
  readonly tls?: boolean;
  readonly host?: string;
}

export interface McpSimulator {
  readonly offer: McpOffer;
  readonly port: number;
  /** Of Streamable HTTP. */
  readonly url: string;
  /** Of the older transport. */
  readonly sseUrl: string;
  /** SHA-256 of its certificate; empty without TLS. */
  readonly fingerprint: string;
  /** `<HTTP method> <path> <method of JSON-RPC>` of every request. */
  readonly heard: string[];
  /** Sessions that it knows now. */
  readonly sessions: number;
  /** Streams of messages that are open now. */
  readonly streams: number;
  fault: McpFault | undefined;
  token: string | undefined;
  /** Has other tools from now on, and says so to whom it promised that. */
  setTools(tools: readonly McpTool[]): Promise<void>;
  /** As after a restart behind a proxy that keeps connections: its sessions are unknown to it. */
  forget(): void;
  /** Cuts all connections. */
  cut(): void;
  /** Nothing listens at its port any more. */
  stop(): Promise<void>;
  /** Listens at its port again, and knows nobody. */
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Session {
  readonly server: Server;
  readonly transport: StreamableHTTPServerTransport | SSEServerTransport;
}

/** A server of the Model Context Protocol made of the official SDK, on a real socket. */
export async function startMcpSimulator(options: McpSimulatorOptions = {}): Promise<McpSimulator> {
  const { ways = ['http', 'sse'], json = false, tls = false, host = '127.0.0.1', token, ...own } = options;
  const offer: McpOffer = {
    ...{ name: 'unifi-mcp', version: '1.4.2', news: true, pageSize: 100, protocol: undefined },
    tools: [
      { name: 'list_devices', description: 'Devices of the site' },
      { name: 'list_clients', description: 'Clients of the site' },
      { name: 'restart_device', description: 'Restarts one', inputSchema: { type: 'object' } },
    ],
    ...{ resources: ['site', 'topology'], prompts: ['diagnose'] },
    ...own,
  };
  const sessions = new Map<string, Session>();
  const sockets = new Set<Socket>();
  const streams = new Set<ServerResponse>();
  const heard: string[] = [];
  const certificate = tls ? makeCertificate({ name: 'mcp', hosts: ['127.0.0.1'] }) : undefined;

  async function begin(transport: Session['transport']): Promise<Server> {
    const server = serverOf(offer);
    await server.connect(transport as Transport);
    return server;
  }

  async function streamable(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (id !== undefined && known === undefined) return refuse(response, 404, 'Session not found');
    if (known !== undefined && known.transport instanceof StreamableHTTPServerTransport) {
      await known.transport.handleRequest(request, response, body);
      if (request.method === 'DELETE') sessions.delete(String(id));
      return;
    }
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: json,
      onsessioninitialized: (session) => void sessions.set(session, { server, transport }),
    });
    const server = await begin(transport);
    await transport.handleRequest(request, response, body);
  }

  async function older(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    if (pathname === '/sse') {
      if (request.method !== 'GET') return refuse(response, 405, 'Method not allowed');
      const transport = new SSEServerTransport('/messages', response);
      response.on('close', () => sessions.delete(transport.sessionId));
      const server = await begin(transport);
      sessions.set(transport.sessionId, { server, transport });
      return;
    }
    const session = sessions.get(searchParams.get('sessionId') ?? '');
    if (!(session?.transport instanceof SSEServerTransport)) return refuse(response, 404, 'No such session');
    await session.transport.handlePostMessage(request, response, body);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const text = await textOf(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    heard.push([request.method, path, (body as { method?: string })?.method].filter(Boolean).join(' '));
    if (simulator.fault !== undefined) return fail(response, simulator.fault);
    const wanted = simulator.token;
    if (
      wanted !== undefined &&
      request.headers.authorization !== `Bearer ${wanted}` &&
      request.headers['x-api-key'] !== wanted
    ) {
      response.setHeader('www-authenticate', 'Bearer');
      return refuse(response, 401, 'Unauthorized');
    }
    if (request.method === 'GET') {
      streams.add(response);
      response.on('close', () => streams.delete(response));
    }
    if (ways.includes('http') && path === '/mcp') return streamable(request, response, body);
    if (ways.includes('sse') && (path === '/sse' || path === '/messages'))
      return older(request, response, body);
    return refuse(response, 404, 'Not found');
  }

  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => refuse(response, 500, String(error)));
  };
  const listen = async (port: number): Promise<http.Server> => {
    const server =
      certificate === undefined
        ? http.createServer(handler)
        : https.createServer({ cert: certificate.cert, key: certificate.key }, handler);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen({ host, port });
    await once(server, 'listening');
    return server;
  };

  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const simulator: McpSimulator = {
    ...{ offer, port, url: `${origin}/mcp`, sseUrl: `${origin}/sse`, heard, fault: undefined, token },
    fingerprint: certificate?.fingerprint ?? '',
    get sessions() {
      return sessions.size;
    },
    get streams() {
      return streams.size;
    },
    setTools: async (tools) => {
      offer.tools = tools;
      if (!offer.news) return;
      for (const session of sessions.values()) await session.server.sendToolListChanged();
    },
    forget: () => sessions.clear(),
    cut,
    stop: async () => {
      sessions.clear();
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
    start: async () => {
      server = await listen(port);
    },
    close: async () => {
      if (server.listening) await simulator.stop();
    },
  };
  return simulator;
}

function fail(response: ServerResponse, fault: McpFault): void {
  if (fault.kind === 'hang') return;
  if (fault.kind === 'cut') {
    response.socket?.destroy();
    return;
  }
  if (fault.kind === 'half') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"jsonrpc": "2.0", "id": 0, "res');
    return;
  }
  response.writeHead(fault.status, { 'content-type': fault.type, ...fault.headers });
  response.end(fault.body);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
