import { Agent, fetch as send } from 'undici';
import type { Clock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import type { Meter } from '../core/meter.ts';
import { connectionHint, isDistrust } from './explain.ts';
import type { Trust } from './trust.ts';
import { connectorOf } from './undici-connector.ts';

/** Of one answer, or of all that one stream ever says. */
const MAX_BODY_BYTES = 16 * 1024 ** 2;

export interface WebFetchParts {
  /** For errors: `<source>/<instance>`. */
  readonly name: string;
  readonly trust: Trust;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** What became of one request, beside its answer. */
export interface Overheard {
  /** The answer's body is over: read to its end, cut off, or let go of. */
  readonly onEnd?: () => void;
}

/** The platform's `fetch`, for client libraries that want one: believes who is to be believed, and counts. */
export class WebFetch {
  readonly #parts: WebFetchParts;
  readonly #agent: Agent;

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(parts: WebFetchParts) {
    this.#parts = parts;
    this.#agent = new Agent({
      connect: connectorOf(parts.trust),
      // A stream may hold one for as long as it lasts. Deadlines are the caller's.
      connections: 8,
      ...{ pipelining: 1, headersTimeout: 0, bodyTimeout: 0 },
    });
  }

  /**
   * As the platform's; redirects are left to the caller. The body breaks off after 16 MiB.
   *
   * @throws LabError `unreachable`, `certificate_refused`; the reason of the signal when that was aborted
   */
  async fetch(url: string | URL, init: RequestInit = {}, { onEnd }: Overheard = {}): Promise<Response> {
    const { name, clock, meter } = this.#parts;
    const { origin, pathname, search } = new URL(url);
    const { method = 'GET', headers, body, signal } = init;
    const what = `${name}: ${method} ${pathname}`;
    const sent = clock.elapsed();
    const exchange = { origin, method, path: `${pathname}${search}` };
    try {
      const answer = await send(url, {
        ...{ method, dispatcher: this.#agent, redirect: 'manual' },
        headers: Object.fromEntries(new Headers(headers)),
        ...(typeof body === 'string' && { body }),
        ...(signal && { signal }),
      });
      meter.record(clock.elapsed() - sent);
      const { status, statusText } = answer;
      const shown = Object.fromEntries(answer.headers);
      const pieces: Buffer[] | undefined = meter.listener && [];
      const ended = (): void => {
        const text = Buffer.concat(pieces ?? []).toString('utf8');
        meter.listener?.({ ...exchange, answer: { status, statusText, headers: shown, body: text } });
        onEnd?.();
      };
      if (answer.body === null) {
        ended();
        return new Response(null, { status, statusText, headers: shown });
      }
      const watched = watch(answer.body as ReadableStream<Uint8Array>, what, pieces, ended);
      return new Response(watched, { status, statusText, headers: shown });
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      const error = explained(thrown, what, origin);
      meter.record(clock.elapsed() - sent, error);
      meter.listener?.({ ...exchange, answer: undefined });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function explained(thrown: unknown, what: string, origin: string): LabError {
  // What went wrong at the connection is the cause of fetch's own error.
  for (let at: unknown = thrown; at !== undefined; at = (at as { cause?: unknown }).cause)
    if (at instanceof LabError) return at;
  const hint = connectionHint(thrown);
  const deeper = (thrown as { cause?: { message?: string } }).cause?.message;
  return new LabError(
    isDistrust(thrown) ? 'certificate_refused' : 'unreachable',
    `${what}: cannot reach ${origin}: ${deeper ?? (thrown as Error).message}`,
    { ...(hint !== undefined && { hint }), cause: thrown },
  );
}

function watch(
  body: ReadableStream<Uint8Array>,
  what: string,
  pieces: Buffer[] | undefined,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let size = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          onEnd();
          controller.close();
          return;
        }
        size += value.length;
        if (size > MAX_BODY_BYTES) {
          void reader.cancel().catch(() => {});
          const most = MAX_BODY_BYTES / 1024 ** 2;
          throw new LabError('source_failed', `${what}: the answer is larger than ${most} MiB`);
        }
        pieces?.push(Buffer.from(value));
        controller.enqueue(value);
      } catch (thrown) {
        onEnd();
        controller.error(thrown);
      }
    },
    async cancel(reason) {
      onEnd();
      await reader.cancel(reason);
    },
  });
}
