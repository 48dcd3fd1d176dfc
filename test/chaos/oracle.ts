import type { Pair } from './pair.ts';

/** Fast numbers are never the same on both sides; of themselves the apps say different things. */
const LEFT_OUT = /\/metrics$|\/set$|\/event$|labkeeper_self_app_main|^labkeeper\/(bridge|instance)\//;
/** A start and a forecast are worked out from when they were read, and told anew when they move by more than this. */
const SAME_TIME_MS = 150_000;
/** Made once, from the name that a thing had then: what it was called beside depends on what was read first. */
const ONCE = 'default_entity_id';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * What the broker of the tried app holds otherwise than that of the reference, as sentences; empty: it tells the truth.
 *
 * @param of topics that count
 */
export function differences({ lab, tried, reference }: Pair, of = /./): readonly string[] {
  const ours = kept(tried.broker.messages, of, lab.straightened);
  const theirs = kept(reference.broker.messages, of, (text) => text);
  const all = new Set([...ours.keys(), ...theirs.keys()]);
  return [...all].toSorted().flatMap((topic) => {
    const [our, their] = [ours.get(topic), theirs.get(topic)];
    if (our === their) return [];
    if (their === undefined) return [`a ghost: ${topic}`];
    if (our === undefined) return [`missing: ${topic}`];
    const parts = partsOf(parsed(our), parsed(their), '');
    return parts.length === 0 ? [] : [`${topic}: ${parts.slice(0, 4).join(', ')}`];
  });
}

/** Topics of one system. @param system `<source>/<id>` */
export const topicsOf = (system: string): RegExp => new RegExp(`/${system.replace('/', '_')}(_|/|$)`);

function kept(
  messages: ReadonlyMap<string, string>,
  of: RegExp,
  change: (text: string) => string,
): ReadonlyMap<string, string> {
  return new Map(
    [...messages]
      .filter(([topic]) => of.test(topic) && !LEFT_OUT.test(topic))
      .map(([topic, payload]) => [topic, change(payload)]),
  );
}

/** Which values of two things differ, with where they are. */
function partsOf(our: unknown, their: unknown, at: string): readonly string[] {
  if (JSON.stringify(our) === JSON.stringify(their) || areOneTime(our, their)) return [];
  if (!isObject(our) || !isObject(their)) return [`${at} ${short(our)} instead of ${short(their)}`.trim()];
  const keys = new Set([...Object.keys(our), ...Object.keys(their)]);
  keys.delete(ONCE);
  return [...keys].flatMap((key) => partsOf(our[key], their[key], at === '' ? key : `${at}.${key}`));
}

const areOneTime = (our: unknown, their: unknown): boolean =>
  typeof our === 'string' &&
  typeof their === 'string' &&
  TIME.test(our) &&
  TIME.test(their) &&
  Math.abs(Date.parse(our) - Date.parse(their)) < SAME_TIME_MS;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const short = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 120);

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
