import type { Announcements, RuleSettings } from '../contract/announcements.ts';
import type { AnnounceInput } from '../contract/inputs/announce.ts';
import type { Clock } from '../core/clock.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Fact, JobEnd } from '../lab/announce/fact.ts';
import { newsIn, type Seen } from '../lab/announce/news.ts';
import { aboutOf, decide, untilLoud } from '../lab/announce/policy.ts';
import { factsOfEnd, ruleOf } from '../lab/announce/rules.ts';
import type { Language } from '../lab/announce/sentence.ts';
import type { Diff, Store } from '../model/store.ts';

export interface SpeakUpParts {
  readonly store: Pick<Store<LabResource>, 'subscribe' | 'owners' | 'heard'>;
  /** As they are written now. @throws LabError */
  readonly settings: () => Promise<Announcements>;
  /** Has something said. @throws LabError why not */
  readonly announce: (input: AnnounceInput, rules: string) => void;
  /** Of what the file does not say otherwise. */
  readonly language: Language;
  /** Minutes since midnight as clocks show it here, of milliseconds since 1970. */
  readonly minuteOf: (at: number) => number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SpeakUp {
  /** What became of a job. */
  onEnd(end: JobEnd): void;
  close(): void;
}

const READ_MS = 60_000;
/** What comes about the same time is said together. */
const GATHER_MS = 5_000;
const MINUTE_MS = 60_000;
/** Facts that wait, and things of which it is remembered when they were spoken of. */
const MOST = 500;

/** Has said aloud what the rules of `announcements.yaml` find worth it, when it happens. */
export function speakUp(parts: SpeakUpParts): SpeakUp {
  const { store, clock, log, announce, language, minuteOf } = parts;
  let settings: Announcements = {};
  let complaint = '';
  let seen: Seen = new Map();
  /** Owners of which all was known before. */
  let known: ReadonlySet<string> = new Set();
  /** New things of which not everything was seen yet. */
  const fresh = new Set<string>();
  const waiting = new Map<string, { readonly fact: Fact; readonly due: number }>();
  const said = new Map<string, number>();
  let cancelNext = (): void => {};
  let cancelRead = (): void => {};
  let isClosed = false;

  const read = async (): Promise<void> => {
    try {
      settings = await parts.settings();
      complaint = '';
    } catch (thrown) {
      const { message } = asLabError(thrown);
      if (message !== complaint) log.error(`${message}; until that is right, what was written before counts`);
      complaint = message;
    }
    if (!isClosed) cancelRead = clock.after(READ_MS, () => void read());
  };

  const add = (facts: readonly Fact[]): void => {
    for (const fact of facts) {
      if (waiting.size >= MOST) break;
      waiting.set(idOf(fact), { fact, due: clock.now() + ruleOf(fact.rule).lastsMs });
    }
    plan();
  };

  const plan = (): void => {
    cancelNext();
    if (isClosed || waiting.size === 0) return;
    const next = Math.min(...[...waiting.values()].map(({ due }) => due));
    cancelNext = clock.after(Math.max(0, next - clock.now()), speak);
  };

  const speak = (): void => {
    const now = clock.now();
    const ripe = [...waiting.values()].filter(({ due }) => due <= now + GATHER_MS).map(({ fact }) => fact);
    for (const fact of ripe) waiting.delete(idOf(fact));
    const minute = minuteOf(now);
    const { say, wait } = decide(ripe, settings, said, { now, minute }, language);
    for (const fact of wait)
      waiting.set(idOf(fact), { fact, due: now + untilLoud(settings.quiet, minute) * MINUTE_MS });
    for (const { input, facts } of say) {
      for (const fact of facts) remember(said, aboutOf(fact), now);
      try {
        announce(input, [...new Set(facts.map(({ rule }) => rule))].join(', '));
      } catch (thrown) {
        log.warn(`this was not said: ${input.message} ${asLabError(thrown).message}`);
      }
    }
    plan();
  };

  const onDiff = (diff: Diff<LabResource>): void => {
    for (const { before, after } of diff)
      if (before === undefined && after !== undefined && known.has(ownerOf(after.id))) fresh.add(after.id);
    const hot: RuleSettings = settings.rules?.hot_server ?? {};
    const news = newsIn(diff, seen, (id) => fresh.has(id), { above: hot.above });
    seen = news.seen;
    for (const { after, before } of diff) if (after === undefined) fresh.delete(before.id);
    known = new Set([...store.owners()].filter((owner) => store.heard(owner)));
    for (const key of news.over)
      for (const id of waiting.keys()) if (id.endsWith(` ${key}`)) waiting.delete(id);
    if (news.begun.length > 0) add(news.begun);
  };

  const end = store.subscribe(onDiff);
  void read();
  return {
    onEnd: (jobEnd) => add(factsOfEnd(jobEnd)),
    close: () => {
      isClosed = true;
      end();
      cancelNext();
      cancelRead();
    },
  };
}

const idOf = ({ rule, key }: Fact): string => `${rule} ${key}`;

const ownerOf = (id: string): string => id.split('/', 2).join('/');

/** What was said longest ago is forgotten first. */
function remember(said: Map<string, number>, about: string, now: number): void {
  said.delete(about);
  said.set(about, now);
  const [oldest] = said.keys();
  if (said.size > MOST && oldest !== undefined) said.delete(oldest);
}
