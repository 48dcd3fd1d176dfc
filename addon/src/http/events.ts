import type { FastifyReply } from 'fastify';
import type { Clock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import type { HttpParts } from './parts.ts';

type ServerResponse = FastifyReply['raw'];

const MOST_CLIENTS = 20;
const HEARTBEAT_MS = 25_000;
/** A client that lets so much pile up does not read. It may come again. */
const MOST_WAITING_BYTES = 1_048_576;

/**
 * Tells clients of changes as they happen (server-sent events): `lab` with what of it changed or went, `findings`
 * with all of them when they differ, `job` with each new state of a job. What happens while a client is not connected it finds in `/api/lab` and `/api/jobs`.
 */
export class EventStream {
  readonly #clock: Clock;
  readonly #clients = new Set<ServerResponse>();
  readonly #unsubscribe: readonly (() => void)[];
  #cancelHeartbeat: () => void = () => {};

  constructor({
    lab,
    findings,
    executor,
    clock,
  }: Pick<HttpParts, 'lab' | 'findings' | 'executor' | 'clock'>) {
    this.#clock = clock;
    this.#unsubscribe = [
      lab.subscribe((diff) => {
        if (this.#clients.size === 0) return;
        const changed = diff.flatMap(({ after }) => after ?? []);
        const removed = diff.flatMap(({ before, after }) => (after === undefined ? [before.id] : []));
        this.#send('lab', { changed, removed });
      }),
      findings.subscribe((all) => this.#send('findings', { findings: all })),
      executor.onChange((job) => this.#send('job', job)),
    ];
  }

  /** @throws LabError `too_many_clients` */
  admit(): void {
    if (this.#clients.size < MOST_CLIENTS) return;
    throw new LabError('too_many_clients', `${MOST_CLIENTS} clients already listen`, {
      hint: 'close one of them, or read /api/lab with If-None-Match',
    });
  }

  /** @param etag of the lab as it is now: whoever has read that one misses nothing */
  add(response: ServerResponse, etag: string): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // Otherwise a proxy in between keeps events until it has enough of them.
      'x-accel-buffering': 'no',
    });
    response.on('close', () => this.#remove(response));
    this.#clients.add(response);
    if (this.#clients.size === 1) this.#beat();
    response.write(`retry: 5000\nevent: hello\ndata: ${JSON.stringify({ etag })}\n\n`);
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#cancelHeartbeat();
    for (const client of this.#clients) client.end();
  }

  #send(event: string, data: unknown): void {
    if (this.#clients.size > 0) this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #write(text: string): void {
    for (const client of this.#clients) {
      if (client.writableLength > MOST_WAITING_BYTES) client.destroy();
      else client.write(text);
    }
  }

  #beat(): void {
    this.#cancelHeartbeat();
    this.#cancelHeartbeat = this.#clock.after(HEARTBEAT_MS, () => {
      this.#write(': still here\n\n');
      this.#beat();
    });
  }

  #remove(client: ServerResponse): void {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#cancelHeartbeat();
  }
}
