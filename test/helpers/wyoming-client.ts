import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  encode,
  WyomingDecoder,
  type WyomingEvent,
  type WyomingLimits,
} from '../../addon/src/voice/wyoming/codec.ts';
import { eventually } from '../parts/process.ts';

const LIMITS: WyomingLimits = { header: 65_536, data: 4_194_304, payload: 1_048_576 };

/** Somebody who wants to have something spoken, over a real connection. */
export class WyomingClient {
  readonly heard: WyomingEvent[] = [];
  readonly socket: Socket;
  readonly #decoder = new WyomingDecoder(LIMITS);
  isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => this.heard.push(...this.#decoder.push(bytes)));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  static async connect(port: number): Promise<WyomingClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new WyomingClient(socket);
  }

  say(type: string, data: WyomingEvent['data'] = {}): void {
    this.socket.write(encode({ type, data }));
  }

  /** The types of what was heard, without repetitions one after another. */
  get types(): readonly string[] {
    return this.heard.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
  }

  /** All sound that was heard. */
  get sound(): Buffer {
    return Buffer.concat(this.heard.flatMap(({ payload }) => payload ?? []));
  }

  async until(type: string, withinMs = 10_000): Promise<WyomingEvent> {
    return eventually(
      `the event ${type}`,
      () => this.heard.find((event) => event.type === type) ?? assertOpen(this),
      withinMs,
    );
  }

  async closed(): Promise<void> {
    await eventually('the end of the connection', () => this.isClosed);
  }

  hangUp(): void {
    this.socket.destroy();
  }
}

function assertOpen(client: WyomingClient): undefined {
  assert.ok(!client.isClosed, `it was hung up on after ${client.types.join(', ')}`);
  return undefined;
}
