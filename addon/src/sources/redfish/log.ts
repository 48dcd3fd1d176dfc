import type { Memory, SourceEvent } from '../../contract/source.ts';
import type { RedfishClient } from './client.ts';
import { said } from './units.ts';
import type { Link, LogEntry, LogService } from './wire.ts';

const KEY = 'log';
/** So many of the newest entries are known again. */
const KNOWN = 200;
/** After a long absence the newest are told; nobody waits for a flood of old ones. */
const MOST_TOLD = 20;
/** The one of the hardware. What logs every login, as Dell's `Lclog`, is none. */
const HARDWARE = /^(sel|iml|eventlog|system|platformlog|standardlog|log1?)$/i;

interface Known {
  /** Of the oldest that is known, milliseconds since 1970: what is older was there before. */
  readonly since: number;
  readonly entries: readonly string[];
}

/** Finds the log of the hardware; undefined: there is none, or it is withheld. */
export async function findLog(
  client: RedfishClient,
  places: readonly (Link | undefined)[],
  signal: AbortSignal,
): Promise<Link | undefined> {
  for (const place of places) {
    const services = await client.members<LogService>(place, signal);
    const log =
      services.find(({ LogEntryType: type }) => type === 'SEL') ??
      services.find(({ Id: id }) => HARDWARE.test(id ?? ''));
    if (log?.Entries !== undefined) return log.Entries;
  }
  return undefined;
}

/**
 * Reads what is new in a log, the oldest first. What is in it when it is seen for the first time is not news; what came
 * while nobody looked is.
 */
export async function newEntries(
  client: RedfishClient,
  log: Link,
  memory: Memory,
  signal: AbortSignal,
): Promise<readonly SourceEvent[]> {
  const known = knownIn(memory);
  const seen = new Set(known?.entries);
  const read: LogEntry[] = [];
  for await (const page of client.pages<LogEntry>(log, signal)) {
    read.push(...page);
    // Most begin with the newest.
    const newestFirst = timeOf(page[0]) >= timeOf(page.at(-1)) && page.length > 1;
    if (newestFirst && page.some((entry) => seen.has(nameOf(entry)))) break;
  }
  const sorted = read.toSorted(
    (one, other) => timeOf(one) - timeOf(other) || Number(one.Id) - Number(other.Id),
  );
  const kept = sorted.slice(-KNOWN);
  const next: Known = { since: kept[0] === undefined ? 0 : timeOf(kept[0]), entries: kept.map(nameOf) };
  if (JSON.stringify(next) !== JSON.stringify(known)) memory.put(KEY, JSON.stringify(next));
  if (known === undefined) return [];
  return sorted
    .filter((entry) => !seen.has(nameOf(entry)) && timeOf(entry) >= known.since)
    .slice(-MOST_TOLD)
    .map(eventOf);
}

function eventOf({
  Created: created,
  Message: message,
  MessageId: id,
  Severity: severity,
}: LogEntry): SourceEvent {
  const word = (severity ?? 'ok').toLowerCase();
  return {
    event_type: word === 'warning' || word === 'critical' ? word : 'ok',
    message: said(message) ?? 'no message',
    code: said(id),
    created: said(created),
  };
}

/** A log that was emptied counts from 1 again. */
const nameOf = ({ Id: id, Created: created }: LogEntry): string => `${id ?? ''} ${created ?? ''}`;

function timeOf(entry: LogEntry | undefined): number {
  const time = Date.parse(entry?.Created ?? '');
  return Number.isNaN(time) ? 0 : time;
}

function knownIn(memory: Memory): Known | undefined {
  const text = memory.get(KEY);
  return text === undefined ? undefined : (JSON.parse(text) as Known);
}
