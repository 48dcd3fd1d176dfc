import { Connection, createSocket, type MessageBase } from 'home-assistant-js-websocket';
import { type Backoff, waitAfter } from '../core/backoff.ts';
import type { Clock } from '../core/clock.ts';
import { asLabError, LabError, type Next } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { withDeadline } from '../net/deadline.ts';
import { openSocket } from './socket.ts';

const CONNECT_MS = 10_000;
const ANSWER_MS = 10_000;
const BACKOFF: Backoff = { first: 1_000, most: 60_000 };
/** Home Assistant may ban an address that tries again and again. */
const REFUSED_MS = 300_000;

export interface ClientParts {
  /** Of the WebSocket API, as in `ws://supervisor/core/websocket`. */
  readonly url: string;
  /** Asked at each connect: the token may be another by then. Whoever hands it in keeps it out of logs. */
  readonly token: () => Promise<string>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Talks to Home Assistant's WebSocket API over one connection, which is made when the first question is asked, and
 * again when one is asked after it was lost. After a failure no try is made for a while, so nobody waits for nothing.
 */
export class HomeAssistantClient {
  readonly #parts: ClientParts;
  readonly #stop = new AbortController();
  #connection: Promise<Connection> | undefined;
  #failures = 0;
  /** Until then it is not tried again; by the clock's `elapsed`. */
  #notBefore = 0;
  #failure: LabError | undefined;
  /** What is wrong, once it was logged. */
  #complaint: Next | undefined;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /**
   * Sends a command and waits for its result. An outage is logged once.
   *
   * @throws LabError `unreachable`, `credentials_refused`, `deadline_passed`, `source_refused`, `shutting_down`
   */
  ask<T>(message: MessageBase): Promise<T> {
    return this.#told(message.type, ANSWER_MS, (connection) => connection.sendMessagePromise<T>(message));
  }

  /** The first event of a subscription, which is then ended: there is what is told in no other way. @throws as `ask` */
  first<T>(message: MessageBase): Promise<T> {
    return this.#told(message.type, ANSWER_MS, async (connection) => {
      const { promise, resolve } = Promise.withResolvers<T>();
      const end = await connection.subscribeMessage<T>(resolve, message, { resubscribe: false });
      const event = await promise;
      // Where the connection is lost, the subscription is as well.
      void end().catch(() => {});
      return event;
    });
  }

  /**
   * Has an action of Home Assistant carried out. Its data is data: no template in it is looked at.
   *
   * @param action as in `media_player.volume_set`
   * @param deadlineMs within which Home Assistant says that it is done
   * @throws as `ask`
   */
  async call(action: string, data: object, target: object, deadlineMs = ANSWER_MS): Promise<void> {
    const [domain, service] = action.split('.');
    const message = { type: 'call_service', domain, service, service_data: data, target };
    await this.#told(action, deadlineMs, (connection) => connection.sendMessagePromise(message));
  }

  close(): void {
    this.#stop.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    this.#drop(this.#connection);
  }

  async #told<T>(what: string, deadlineMs: number, talk: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      const result = await this.#over(what, deadlineMs, talk);
      if (this.#complaint !== undefined) this.#parts.log.info('Home Assistant answers again');
      this.#complaint = undefined;
      return result;
    } catch (thrown) {
      const error = asLabError(thrown);
      if (error.code !== 'shutting_down' && !isOwn(what, error)) this.#complain(error);
      throw error;
    }
  }

  async #over<T>(name: string, deadlineMs: number, talk: (connection: Connection) => Promise<T>): Promise<T> {
    this.#stop.signal.throwIfAborted();
    const { clock } = this.#parts;
    if (this.#failure !== undefined && clock.elapsed() < this.#notBefore) throw this.#failure;
    this.#connection ??= this.#connect();
    const connecting = this.#connection;
    const connection = await connecting;
    try {
      const what = `${name} of Home Assistant`;
      return await withDeadline(clock, what, deadlineMs, this.#stop.signal, () => talk(connection));
    } catch (thrown) {
      const error = errorOf(name, thrown);
      // A connection on which no answer comes is none.
      if (error.code !== 'source_refused' && !isOwn(name, error)) this.#drop(connecting);
      throw error;
    }
  }

  async #connect(): Promise<Connection> {
    const { url, token, clock, random } = this.#parts;
    try {
      const socket = await withDeadline(clock, url, CONNECT_MS, this.#stop.signal, async (signal) =>
        openSocket(url, await token(), signal),
      );
      const connection = new Connection(socket, { setupRetry: 0, createSocket });
      // It would connect again by itself, whether anybody asks or not.
      connection.addEventListener('disconnected', () => this.#drop(this.#connection));
      this.#failures = 0;
      this.#failure = undefined;
      return connection;
    } catch (thrown) {
      const error = asLabError(thrown);
      this.#failures += 1;
      const wait =
        error.code === 'credentials_refused' ? REFUSED_MS : waitAfter(this.#failures, BACKOFF, random());
      this.#notBefore = clock.elapsed() + wait;
      this.#failure = error;
      this.#connection = undefined;
      throw error;
    }
  }

  #drop(connecting: Promise<Connection> | undefined): void {
    if (connecting === this.#connection) this.#connection = undefined;
    void connecting?.then(
      (connection) => connection.close(),
      () => {},
    );
  }

  /** How it fails changes while it starts or goes down; only what asks for something else is worth another line. */
  #complain({ message, hint, next }: LabError): void {
    if (next === this.#complaint) return;
    this.#complaint = next;
    this.#parts.log.warn(hint === undefined ? message : `${message}; ${hint}`);
  }
}

/** What an action refuses, or takes too long for, is for whoever asked for it: Home Assistant itself is well. */
const isOwn = (what: string, { code }: LabError): boolean =>
  what.includes('.') && (code === 'source_refused' || code === 'deadline_passed');

/** The library throws numbers, and what Home Assistant answered. */
function errorOf(type: string, thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') {
    return new LabError('source_refused', `Home Assistant refuses ${type}: ${message} (${code})`, {
      ...(code === 'unauthorized' && { hint: 'the token has to be one of an administrator' }),
    });
  }
  return new LabError('unreachable', `the connection to Home Assistant was lost before it answered ${type}`);
}
