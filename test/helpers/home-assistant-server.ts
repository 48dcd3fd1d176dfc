import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface FakeUser {
  readonly id: string;
  readonly is_owner: boolean;
  readonly is_active: boolean;
  readonly group_ids: readonly string[];
}

export const aUser = (id: string, change: Partial<FakeUser> = {}): FakeUser => ({
  id,
  ...{ is_owner: false, is_active: true, group_ids: ['system-users'] },
  ...change,
});

/** A command as it came. */
export interface HomeMessage {
  readonly id: number;
  readonly type: string;
  readonly [key: string]: unknown;
}

const VERSION = '2026.11.0';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** Speaks as much of WebSocket (RFC 6455) and of Home Assistant's protocol on it as a client of ours needs. */
export class HomeAssistantServer {
  token = 'token-of-an-administrator';
  users: readonly FakeUser[] = [];
  /** How it misbehaves: says nothing after the handshake, does not answer commands, or answers what is no JSON. */
  manner: 'good' | 'silent' | 'deaf' | 'garbled' | 'garbled later' | 'closing' = 'good';
  /** Answers to other commands by their type: a result, or a throw of what is refused. */
  readonly answers = new Map<string, (message: HomeMessage) => unknown>();
  /** The first event of subscriptions, by their type. */
  readonly events = new Map<string, (message: HomeMessage) => unknown>();
  /** Commands by type, and connections so far. */
  readonly asked: string[] = [];
  connections = 0;
  readonly #open = new Set<Duplex>();
  readonly #server = http.createServer((_, response) => response.writeHead(404).end());
  #port = 0;

  constructor() {
    this.#server.on('upgrade', (request, socket: Duplex) => {
      if (request.url === '/api/websocket') this.accept(request, socket);
      else socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    });
  }

  /** Takes a connection to its WebSocket API, also from another server that stands before it. */
  accept({ headers }: http.IncomingMessage, socket: Duplex): void {
    this.connections += 1;
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    this.#serve(socket);
  }

  /** Address of its WebSocket API. */
  get url(): string {
    return `ws://127.0.0.1:${this.#port}/api/websocket`;
  }

  /** How many are connected now. */
  get connected(): number {
    return this.#open.size;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Loses all connections, as in a crash. */
  drop(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.drop();
    await closed;
  }

  #serve(socket: Duplex): void {
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    socket.on('error', () => {});
    if (this.manner === 'closing') {
      socket.end();
      return;
    }
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let frame = frameIn(rest); frame !== undefined; frame = frameIn(rest)) {
        rest = rest.subarray(frame.length);
        if (frame.opcode === CLOSE) socket.end(frameOf(CLOSE, frame.payload));
        if (frame.opcode === PING) socket.write(frameOf(PONG, frame.payload));
        if (frame.opcode === TEXT) this.#hear(socket, JSON.parse(frame.payload.toString()));
      }
    });
    if (this.manner !== 'silent') this.#say(socket, { type: 'auth_required', ha_version: VERSION });
  }

  #hear(socket: Duplex, message: HomeMessage): void {
    const { type, access_token } = message;
    if (type !== 'auth') {
      this.asked.push(type);
      void this.#answer(socket, message);
    } else if (access_token === this.token) {
      this.#say(socket, { type: 'auth_ok', ha_version: VERSION });
    } else {
      this.#say(socket, { type: 'auth_invalid', message: 'Invalid access token or password' });
      socket.end();
    }
  }

  async #answer(socket: Duplex, message: HomeMessage): Promise<void> {
    if (this.manner === 'deaf') return;
    const { id, type } = message;
    const refuse = (error: object): void => this.#say(socket, { id, type: 'result', success: false, error });
    const answer = type === 'config/auth/list' ? () => this.users : this.answers.get(type);
    const event = this.events.get(type);
    if (this.manner === 'garbled later') socket.write(frameOf(TEXT, Buffer.from('[null]')));
    else if (event !== undefined) {
      this.#say(socket, { id, type: 'result', success: true, result: null });
      this.#say(socket, { id, type: 'event', event: event(message) });
    } else if (type === 'unsubscribe_events') {
      this.#say(socket, { id, type: 'result', success: true, result: null });
    } else if (answer === undefined) refuse({ code: 'unauthorized', message: 'Unauthorized' });
    else {
      try {
        this.#say(socket, { id, type: 'result', success: true, result: await answer(message) });
      } catch (thrown) {
        const { code = 'home_assistant_error', message: said } = thrown as { code?: string; message: string };
        refuse({ code, message: said });
      }
    }
  }

  #say(socket: Duplex, message: object): void {
    const text = this.manner === 'garbled' ? '<html>' : JSON.stringify(message);
    socket.write(frameOf(TEXT, Buffer.from(text)));
  }
}

/** A whole frame of a client, which masks what it sends; undefined: there is more to come. */
function frameIn(data: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data.readUInt8(1) & 0x7f;
  const start = short === 126 ? 4 : 2;
  if (short === 127) throw new Error('nobody sends that much');
  if (data.length < start + 4) return undefined;
  const size = short === 126 ? data.readUInt16BE(2) : short;
  const length = start + 4 + size;
  if (data.length < length) return undefined;
  const mask = data.subarray(start, start + 4);
  const payload = Buffer.from(data.subarray(start + 4, length).map((byte, at) => byte ^ (mask[at % 4] ?? 0)));
  return { opcode: data.readUInt8(0) & 0x0f, payload, length };
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const head = [0x80 | opcode];
  if (payload.length < 126) head.push(payload.length);
  else head.push(126, payload.length >> 8, payload.length & 0xff);
  return Buffer.concat([Buffer.from(head), payload]);
}
