import type { Memory, SourceEvent } from '../../contract/source.ts';
import type { NETWORK_EVENTS } from '../../kinds/site.ts';
import { isoOf, said } from './units.ts';
import type { EventRow, LogRow, Push } from './wire.ts';

/** After a long pause nobody wants to hear of everything. */
const MOST_TOLD = 20;

type EventType = (typeof NETWORK_EVENTS)[number];

/** Which client came and went: its tracker tells that. And who logged in, as we do ourselves. */
const NO_NEWS = /^EVT_(WU|WG|LU|LG|AD)_/;

const TYPES: readonly (readonly [RegExp, EventType])[] = [
  [/_(Lost_?Contact|Disconnected|DiscoveredPending)/i, 'device_lost'],
  [/_Restarted/i, 'device_restarted'],
  [/_(AutoUpgraded|Upgraded|UpgradeScheduled)/i, 'device_upgraded'],
  [/_Connected|_Detected/i, 'device_back'],
  [/WANTransition/i, 'wan_changed'],
  [/IPS|THREAT/i, 'threat'],
];

/** undefined: nothing to tell of. */
export function eventOf(row: EventRow, isAlarm?: boolean): SourceEvent | undefined {
  const { key = '' } = row;
  if (NO_NEWS.test(key)) return undefined;
  const known = TYPES.find(([pattern]) => pattern.test(key))?.[1];
  return {
    event_type: isAlarm === true ? 'alarm' : (known ?? 'other'),
    message: said(row.msg) ?? 'no message',
    code: said(key),
    time: typeof row.time === 'number' ? isoOf(row.time) : null,
  };
}

/** Remembers what was told, so that the socket and the polls behind it tell each thing once. */
export class Teller {
  readonly #memory: Memory;
  readonly #key: string;
  /** Ids of what was told at or after the noted time. */
  readonly #told = new Set<string>();

  /** @param key under which it is noted until when things were told, so that none is told twice after a restart */
  constructor(memory: Memory, key: string) {
    this.#key = key;
    this.#memory = memory;
  }

  /**
   * Of rows, in any order, what nobody was told of; the oldest first. What there was before the first start is no news.
   *
   * @param now milliseconds since 1970
   */
  news<T extends Told>(rows: readonly T[], now: number): readonly T[] {
    const known = this.#memory.get(this.#key);
    const since = Number(known ?? now);
    const fresh = rows
      .filter((row) => timeOf(row) >= since && !this.#told.has(idOf(row)))
      .toSorted((one, other) => timeOf(one) - timeOf(other));
    for (const row of fresh) this.#told.add(idOf(row));
    const until = Math.max(since, ...fresh.map(timeOf));
    if (known !== String(until)) this.#memory.put(this.#key, String(until));
    return fresh.slice(-MOST_TOLD);
  }
}

/** Older logs and newer ones call the same things otherwise. */
type Told = EventRow & LogRow;

const timeOf = ({ time, timestamp }: Told): number => time ?? timestamp ?? 0;

const idOf = (row: Told): string =>
  row._id ?? row.id ?? `${row.key} ${timeOf(row)} ${row.msg ?? row.message_raw}`;

/** What a message of the socket says; undefined: nothing that can be read. */
export function pushOf(
  text: string,
): { readonly message: string; readonly data: NonNullable<Push['data']> } | undefined {
  try {
    const { meta, data } = JSON.parse(text) as Push;
    const rows = Array.isArray(data) ? data.filter((row) => typeof row === 'object' && row !== null) : [];
    return typeof meta?.message === 'string' ? { message: meta.message, data: rows } : undefined;
  } catch {
    return undefined;
  }
}
