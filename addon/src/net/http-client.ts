import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { ConstantBackoff, handleWhen, retry } from 'cockatiel';
import type { Clock } from '../core/clock.ts';
import { asLabError, LabError } from '../core/errors.ts';
import type { Exchange } from '../core/exchange.ts';
import type { Meter } from '../core/meter.ts';
import { withDeadline } from './deadline.ts';
import { connectionHint, isDistrust } from './explain.ts';
import { hurry } from './hurry.ts';
import { PinnedAgent } from './pinned-agent.ts';
import { readPem, type Trust } from './trust.ts';

/** What is sent as it comes: it is taken as fast as the other side takes it. */
export interface StreamedBody {
  /** In all. */
  readonly bytes: number;
  /** May throw: then the request is broken off. Whoever made it lets go of it when the request is over. */
  readonly chunks: AsyncIterable<Buffer>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export interface HttpRequest {
  /** With its query; every part of it encoded. */
  readonly path: string;
  readonly method?: Method;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | StreamedBody;
  /** For all of it, from connecting to the last byte. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** The words beside the status: some systems put their error there. */
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An answer whose body comes as it is made. */
export interface HttpStream {
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  /** Ends with the answer; throws a `LabError` when it breaks off. To be read to its end, or let go of by the signal. */
  readonly body: AsyncIterable<Buffer>;
}

export interface HttpParts {
  /** Scheme, host and port. */
  readonly url: string;
  /** For errors: `<source>/<instance>`. */
  readonly name: string;
  readonly trust: Trust;
  readonly clock: Clock;
  readonly meter: Meter;
}

const DEADLINE_MS = 15_000;
const MAX_BODY_BYTES = 16 * 1024 ** 2;
const CONNECTIONS = 4;
/** Servers close what is idle after five seconds or more: what is sent at that moment is lost, and a change is not repeated. */
const IDLE_MS = 4_000;
/** A kept connection that the other side just closed fails at once; asking again on a new one helps. */
const RETRIES = 1;
const RETRY_MS = 250;

/** One HTTP server. Any status is an answer; only where there is none, an error is thrown. */
export class HttpClient {
  readonly #parts: HttpParts;
  readonly #agent: http.Agent;
  readonly #again = retry(
    handleWhen((error) => error instanceof LabError && error.code === 'unreachable'),
    { maxAttempts: RETRIES, backoff: new ConstantBackoff(RETRY_MS) },
  );

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(parts: HttpParts) {
    this.#parts = parts;
    this.#agent = agentOf(parts);
  }

  get url(): string {
    return this.#parts.url;
  }

  /**
   * Asks for something; once more where the connection failed.
   *
   * @throws LabError `unreachable`, `certificate_refused`, `deadline_passed`
   */
  read(request: HttpRequest): Promise<HttpAnswer> {
    return this.#again.execute(() => this.write({ method: 'GET', ...request }));
  }

  /**
   * Sends something that may change the other side; never twice.
   *
   * @throws LabError `unreachable`, `deadline_passed`: then it may have happened all the same
   */
  async write(request: HttpRequest): Promise<HttpAnswer> {
    return this.#counted(
      request,
      (what, method, signal) => this.#exchange(what, method, request, signal),
      (answer) => answer,
    );
  }

  /**
   * Sends something that is answered bit by bit; never twice. It is counted when its answer begins.
   *
   * @param request its deadline is for the beginning of the answer alone; its signal ends the rest
   * @throws LabError `unreachable`, `certificate_refused`, `deadline_passed`
   */
  async stream(request: HttpRequest): Promise<HttpStream> {
    const { signal } = request;
    const [answer, what] = await this.#counted(
      request,
      async (what, method, inner) => [await this.#begin(what, method, request, inner), what] as const,
      ([{ statusCode: status = 0, statusMessage: statusText = '', headers }]) => ({
        ...{ status, statusText, headers, body: '', piece: true },
      }),
    );
    // The deadline is over, and its signal with it. By a signal of the request, what has come as a whole and was not
    // read would end in an error that nobody catches.
    const end = (): void => void answer.destroy();
    signal?.addEventListener('abort', end);
    answer.once('close', () => signal?.removeEventListener('abort', end));
    answer.on('error', () => {});
    const { statusCode: status = 0, headers } = answer;
    return { status, headers, body: this.#bodyOf(what, answer, signal) };
  }

  /**
   * Does an exchange within its deadline, and counts it.
   *
   * @param exchange given what it is, for errors
   * @param heard what a listener is told of its answer
   */
  async #counted<T>(
    { method = 'POST', path, deadlineMs = DEADLINE_MS, signal }: HttpRequest,
    exchange: (what: string, method: Method, signal: AbortSignal) => Promise<T>,
    heard: (answer: T) => Exchange['answer'],
  ): Promise<T> {
    const { clock, meter, name } = this.#parts;
    const what = `${name}: ${method} ${path.split('?', 1)[0]}`;
    const asked = { origin: this.url, method, path };
    const sent = clock.elapsed();
    try {
      const answer = await withDeadline(clock, what, deadlineMs, signal, (inner) =>
        exchange(what, method, inner),
      );
      meter.record(clock.elapsed() - sent);
      meter.listener?.({ ...asked, answer: heard(answer) });
      return answer;
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      const error = asLabError(thrown);
      meter.record(clock.elapsed() - sent, error);
      meter.listener?.({ ...asked, answer: undefined });
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }

  async *#bodyOf(
    what: string,
    answer: IncomingMessage,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of answer) yield chunk as Buffer;
    } catch (cause) {
      signal?.throwIfAborted();
      throw this.#broken(what, cause);
    }
  }

  async #exchange(
    what: string,
    method: Method,
    request: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    try {
      const answer = await this.#begin(what, method, request, signal);
      return {
        status: answer.statusCode ?? 0,
        statusText: answer.statusMessage ?? '',
        headers: answer.headers,
        body: await bodyOf(what, answer),
      };
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw this.#broken(what, cause);
    }
  }

  /** The beginning of the answer: its head has come. */
  async #begin(
    what: string,
    method: Method,
    { path, headers, body }: HttpRequest,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const length = body === undefined ? {} : { 'content-length': lengthOf(body) };
    const options = { method, path, agent: this.#agent, headers: { ...headers, ...length }, signal };
    try {
      return await send(new URL(this.#parts.url), options, body);
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw this.#broken(what, cause);
    }
  }

  #broken(what: string, cause: unknown): LabError {
    if (cause instanceof LabError) return cause;
    const hint = connectionHint(cause);
    const { message } = cause as Error;
    return new LabError(
      isDistrust(cause) ? 'certificate_refused' : 'unreachable',
      `${what}: cannot reach ${this.#parts.url}: ${message}`,
      { ...(hint !== undefined && { hint }), cause },
    );
  }
}

/** Connects to a server that is believed, and to no other. */
function agentOf({ url, trust: { fingerprint, ca, verify = true } }: HttpParts): http.Agent {
  const kept = { keepAlive: true, timeout: IDLE_MS, maxSockets: CONNECTIONS };
  if (!url.startsWith('https:')) return new http.Agent(kept);
  if (fingerprint !== undefined) return new PinnedAgent(fingerprint, kept);
  return new https.Agent({ ...kept, rejectUnauthorized: verify, ...(ca && { ca: readPem('ca', ca) }) });
}

/** The beginning of the answer: its head has come. */
function send(url: URL, options: https.RequestOptions, body: HttpRequest['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, options, resolve);
    // It stays: a connection that breaks later has an error as well, which the answer tells too.
    request.on('error', reject);
    request.on('socket', hurry);
    if (isStreamed(body)) pour(body, request).catch((thrown: Error) => request.destroy(thrown));
    else request.end(body);
  });
}

const isStreamed = (body: HttpRequest['body']): body is StreamedBody =>
  typeof body === 'object' && 'chunks' in body;

const lengthOf = (body: NonNullable<HttpRequest['body']>): number =>
  isStreamed(body) ? body.bytes : Buffer.byteLength(body);

/** Sends all of it, unless the other side has answered before, or is gone. */
async function pour({ chunks }: StreamedBody, request: http.ClientRequest): Promise<void> {
  let isOver = false;
  let goOn = (): void => {};
  const over = (): void => {
    isOver = true;
    goOn();
  };
  request.once('response', over).once('close', over);
  request.on('drain', () => goOn());
  for await (const chunk of chunks) {
    if (isOver) return;
    if (request.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    if (isOver) return;
  }
  request.end();
}

async function bodyOf(what: string, body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      const most = MAX_BODY_BYTES / 1024 ** 2;
      throw new LabError('source_failed', `${what}: the answer is larger than ${most} MiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
