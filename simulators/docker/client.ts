import { linesOf } from '../../addon/src/sources/docker/json-lines.ts';
import type { Json } from '../shape.ts';
import type { DockerSimulator } from './server.ts';

/** One line of `/events`, as tests look at it. */
export interface Event {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  /** From the text: a number would lose digits. */
  readonly nanoseconds: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** undefined: no JSON. */
  readonly body: Json | undefined;
}

/** Calls the simulator, whatever it answers. */
export async function send({ url }: DockerSimulator, method: string, place: string): Promise<Answer> {
  const response = await fetch(`${url}${place}`, { method });
  const text = await response.text();
  const json = response.headers.get('content-type') === 'application/json';
  return { status: response.status, text, body: json ? JSON.parse(text) : undefined };
}

/** @throws when it answers other than 200 with JSON */
export async function read(simulator: DockerSimulator, place: string): Promise<Json> {
  const { status, body, text } = await send(simulator, 'GET', place);
  if (status === 200 && body !== undefined) return body;
  throw new Error(`GET ${place}: ${status} ${text}`);
}

export interface EventStream {
  /** @throws when the connection breaks */
  next(): Promise<{ readonly event: Event; readonly text: string }>;
  take(count: number): Promise<readonly Event[]>;
  close(): void;
}

/** Follows `/events`; the engine answers before anything has happened. */
export async function listen({ url }: DockerSimulator, query: string): Promise<EventStream> {
  const closed = new AbortController();
  const { body } = await fetch(`${url}/events?${query}`, { signal: closed.signal });
  const lines = linesOf(body as unknown as AsyncIterable<Uint8Array>);
  const next: EventStream['next'] = async () => {
    const { value: text, done } = await lines.next();
    if (done === true) throw new Error('the stream ended');
    const nanoseconds = /"timeNano":(\d+)/.exec(text)?.[1] ?? '';
    return { event: { ...JSON.parse(text), nanoseconds }, text };
  };
  return {
    next,
    take: async (count) => {
      const events: Event[] = [];
      while (events.length < count) events.push((await next()).event);
      return events;
    },
    close: () => closed.abort(),
  };
}
