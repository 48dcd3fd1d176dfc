import { createHash } from 'node:crypto';
import type { SourceEvent } from '../../contract/source.ts';
import { shown } from '../../core/words.ts';
import { known, type WireAlert } from './wire.ts';

/** Characters of what an alert says. */
const MESSAGE = 300;
/** Pulse itself takes no longer ones. */
const LONGEST_ID = 500;

/** Something that Pulse found wrong, for as long as it lasts. Texts are hostile, and made fit for people. */
export interface Alert {
  /** The same each time that the same thing goes wrong with the same thing; as Pulse spells it. */
  readonly id: string;
  /** ISO 8601; with the id it says which time it is. */
  readonly since: string;
  readonly level: string;
  readonly type: string;
  readonly resource: string;
  readonly node: string;
  readonly message: string;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly acknowledged: boolean;
}

/** undefined: it has no id or no time, so nobody could say which one it is. */
export function alertOf(wire: WireAlert): Alert | undefined {
  const { id, startTime } = wire;
  const since = typeof startTime === 'string' ? Date.parse(startTime) : Number.NaN;
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID || Number.isNaN(since)) return undefined;
  return {
    ...{ id, since: new Date(since).toISOString(), level: shown(wire.level, 20), type: shown(wire.type) },
    resource: shown(wire.resourceName),
    node: shown(wire.nodeDisplayName || wire.node),
    message: shown(wire.message, MESSAGE),
    ...{ value: known(wire.value), threshold: known(wire.threshold) },
    acknowledged: wire.acknowledged === true,
  };
}

/** Which time of which alert it is. */
export const occurrenceOf = ({ id, since }: Pick<Alert, 'id' | 'since'>): string => `${since} ${id}`;

/** How bad it is, for comparing; 0 for a word that Pulse does not have now. */
export const rankOf = (level: string): number => ['warning', 'critical'].indexOf(level) + 1;

/** Something that happened to an alert. */
export interface News {
  readonly type: 'started' | 'changed' | 'ended';
  readonly alert: Alert;
}

/** @param ended ISO 8601; undefined: it has not, or nobody said when */
export function eventOf({ type, alert }: News, ended?: string): SourceEvent {
  const { id, since, level, resource, node, message, value, threshold, acknowledged } = alert;
  return {
    ...{ event_type: type, alert: id, level, type: alert.type, resource, node, message },
    ...{ value, threshold, since, ended: ended ?? null, acknowledged },
  };
}

/** Fit for a key: made of the id, which may be anything. */
export const keyOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 12);
