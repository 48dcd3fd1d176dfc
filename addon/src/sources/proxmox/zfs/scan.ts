import { zoneOffset } from '../../../core/time-zone.ts';
import type { LabResourceOf } from '../../../kinds/index.ts';

type PoolReadings = LabResourceOf<'pool'>['readings'];

/** What the line `scan:` of a pool says. */
export interface Scan {
  readonly state: NonNullable<PoolReadings['scan']>;
  /** Percent of what runs or is paused; undefined: nothing does, or it has only begun. */
  readonly progress: number | undefined;
  /** When a scrub ended, by the node's wall clock: `Sun Apr 14 00:24:35 2024`; undefined: this is not about that. */
  readonly scrubbed: string | undefined;
  /** That a scrub found. */
  readonly errors: number | undefined;
}

/**
 * Reads what `zpool status` says of the last or present scrub or resilver. Its lines come joined by a space; newer
 * versions tell of a scrub that was before a resilver as well.
 */
export function scanOf(text: string | undefined): Scan {
  const said = text?.trim() ?? '';
  const done = /\bscrub repaired \S+ in .*? with (\d+) errors on (\w{3} \w{3} +\d+ [\d:]{8} \d{4})/.exec(
    said,
  );
  return {
    state: stateOf(said),
    progress: numeric(/(\d+(?:\.\d+)?)% done/.exec(said)?.[1]),
    scrubbed: done?.[2],
    errors: numeric(done?.[1]),
  };
}

function stateOf(said: string): Scan['state'] {
  if (/\bresilver(ed)? in progress/.test(said)) return 'resilvering';
  if (/\bscrub in progress/.test(said)) return 'scrubbing';
  if (/\bscrub paused/.test(said)) return 'paused';
  if (/^(scrub|resilver) canceled/.test(said)) return 'canceled';
  return /^(scrub repaired|resilvered)/.test(said) ? 'finished' : 'none';
}

const numeric = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A time by a node's wall clock.
 *
 * @param text as in `Sun Apr 14 00:24:35 2024`
 * @param zone of the node, as in `Europe/Berlin`
 * @returns milliseconds since 1970; undefined: it is no time, or the zone is not known here
 */
export function wallTime(text: string, zone: string): number | undefined {
  const [, month = '', day, hour, minute, second, year] =
    /^\w{3} (\w{3}) +(\d+) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(text) ?? [];
  if (!MONTHS.includes(month)) return undefined;
  const asUtc = Date.UTC(
    Number(year),
    MONTHS.indexOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const first = zoneOffset(asUtc, zone);
  if (first === undefined) return undefined;
  // The offset is that of the time itself, which is not known before: near a change of the clocks it differs.
  return asUtc - (zoneOffset(asUtc - first, zone) ?? first);
}
