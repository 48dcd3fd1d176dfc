import type { ServerResponse } from 'node:http';
import type { DockerEngine } from './engine.ts';
import { EngineError } from './errors.ts';
import { type EngineEvent, lineOf } from './events.ts';
import { eventFits, filtersOf } from './filters.ts';
import { statsOf } from './stats.ts';
import { isoOf, pause } from './time.ts';

const STATS_EVERY_MS = 1_000;
/** Node.js fires what is set for longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** `GET /events`: first what is remembered from `since` on, then what happens, as lines of JSON. */
export function sendEvents(engine: DockerEngine, query: URLSearchParams, response: ServerResponse): void {
  const filters = filtersOf(query.get('filters'));
  const since = timeOf(query.get('since'));
  const until = timeOf(query.get('until'));
  response.writeHead(200, { 'Content-Type': 'application/json' });
  // Before anything has happened, the client is to know that it listens.
  response.flushHeaders();
  const take = (event: EngineEvent): void => {
    if (eventFits(event, filters)) response.write(lineOf(event));
  };
  if (since !== undefined) for (const event of engine.events.since(since)) take(event);
  const leave = engine.events.listen({ take, drop: () => void response.socket?.destroy() });
  response.once('close', leave);
  if (until === undefined) return;
  const left = Math.min(LONGEST_TIMER_MS, Number(until / 1_000_000n) - engine.time.now());
  const cancel = engine.time.after(left, () => response.end());
  response.once('close', cancel);
}

/** `GET /containers/{id}/stats`: one reading, or one each second. */
export async function sendStats(
  engine: DockerEngine,
  ref: string,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const container = engine.find(ref);
  const streams = isTrue(query.get('stream') ?? 'true');
  const once = isTrue(query.get('one-shot') ?? 'false');
  let last: ReturnType<typeof statsOf> | undefined;
  // Without `one-shot` there is an older reading to compare with; where nothing runs, there is nothing to wait for.
  if (!streams && !once && container.hasProcess) last = statsOf(engine, container);
  if (streams || container.hasProcess) {
    await pause(engine.time, streams ? 0 : engine.options.statsWaitMs * engine.time.random());
  }
  response.setHeader('Content-Type', 'application/json');
  do {
    last = statsOf(engine, container, last);
    response.write(`${JSON.stringify(last)}\n`);
    if (streams) await pause(engine.time, STATS_EVERY_MS);
  } while (streams && !response.destroyed && engine.containers.includes(container));
  response.end();
}

/** `GET /containers/{id}/logs`, without `follow`. A terminal's log is raw, another's comes in frames. */
export function sendLog(
  engine: DockerEngine,
  ref: string,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const { log, spec } = engine.find(ref);
  const wanted = log.filter(({ stream }) => isTrue(query.get(stream)));
  if (!isTrue(query.get('stdout')) && !isTrue(query.get('stderr'))) {
    throw new EngineError(400, 'Bad parameters: you must choose at least one stream');
  }
  const tail = query.get('tail') ?? 'all';
  const last = /^\d+$/.test(tail) ? wanted.slice(Math.max(0, wanted.length - Number(tail))) : wanted;
  response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
  for (const { at, stream, bytes } of last) {
    const stamp = isTrue(query.get('timestamps')) ? `${isoOf(at)} ` : '';
    const text = Buffer.concat([Buffer.from(stamp), bytes]);
    if (spec.tty !== true) {
      const head = Buffer.from([stream === 'stdout' ? 1 : 2, 0, 0, 0, 0, 0, 0, 0]);
      head.writeUInt32BE(text.length, 4);
      response.write(head);
    }
    response.write(text);
  }
  response.end();
}

export const isTrue = (value: string | null): boolean =>
  value !== null && !/^(|0|no|false|none)$/i.test(value);

/** `<seconds>` or `<seconds>.<nanoseconds>` since 1970, in nanoseconds. */
function timeOf(text: string | null): bigint | undefined {
  if (text === null || text === '') return undefined;
  const [, seconds, fraction = ''] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (seconds === undefined)
    throw new EngineError(500, `strconv.ParseInt: parsing "${text}": invalid syntax`);
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}
