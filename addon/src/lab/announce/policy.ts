import type { Announcements, RuleSettings } from '../../contract/announcements.ts';
import type { AnnounceInput } from '../../contract/inputs/announce.ts';
import type { Fact } from './fact.ts';
import { RULES, type Rule, ruleOf } from './rules.ts';
import { type Language, sentenceOf } from './sentence.ts';

/** Minutes until the same is said again. */
const REPEAT = 60;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** When the same was said last, by rule and thing; milliseconds since 1970. */
export type Said = ReadonlyMap<string, number>;

export interface Decision {
  /** What is to be said now. */
  readonly say: readonly Spoken[];
  /** What waits until it is not quiet any more, if it is still so then. */
  readonly wait: readonly Fact[];
}

export interface Spoken {
  readonly input: AnnounceInput;
  readonly facts: readonly Fact[];
}

export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Minutes since midnight, as clocks show it there. */
  readonly minute: number;
}

/** What of these facts is said, how, and in which words; what is not to be said at all is in neither list. */
export function decide(
  facts: readonly Fact[],
  settings: Announcements,
  said: Said,
  { now, minute }: Moment,
  language: Language,
): Decision {
  const ofRule = (rule: Rule): RuleSettings => settings.rules?.[rule.id] ?? {};
  const wanted = facts.filter((fact) => {
    const { enabled = false, repeat = settings.repeat ?? REPEAT } = ofRule(ruleOf(fact.rule));
    const last = said.get(aboutOf(fact));
    return enabled && (last === undefined || now - last >= repeat * MINUTE_MS);
  });
  const isCritical = (fact: Fact): boolean => {
    const rule = ruleOf(fact.rule);
    return ofRule(rule).critical ?? rule.critical;
  };
  const isLoud = !isQuiet(settings.quiet, minute);
  const groups = new Map<string, Fact[]>();
  for (const fact of wanted.filter((one) => isLoud || isCritical(one))) {
    const manner = JSON.stringify(mannerOf(ofRule(ruleOf(fact.rule)), settings));
    groups.set(manner, [...(groups.get(manner) ?? []), fact]);
  }
  return {
    say: [...groups].map(([manner, together]) => ({
      facts: together,
      input: {
        message: sentenceOf(together, settings.language ?? language, ofRule).slice(0, 2_000),
        ...(JSON.parse(manner) as Partial<AnnounceInput>),
        ...(together.some(isCritical) && { priority: 'urgent' }),
      },
    })),
    wait: wanted.filter((one) => !isLoud && !isCritical(one)),
  };
}

export const aboutOf = ({ rule, about }: Fact): string => `${rule} ${about}`;

/** Who says it and how, where that is not as for all. */
function mannerOf(rule: RuleSettings, all: Announcements): Partial<AnnounceInput> {
  const isPlaced = rule.targets !== undefined || rule.areas !== undefined;
  const { targets, areas } = isPlaced ? rule : all;
  const { voice = all.voice, volume = all.volume, chime = all.chime } = rule;
  return {
    ...(targets !== undefined && { targets }),
    ...(areas !== undefined && { areas }),
    ...(voice !== undefined && { voice }),
    ...(volume !== undefined && { volume }),
    ...(chime !== undefined && { chime }),
  };
}

export function isQuiet(quiet: Announcements['quiet'], minute: number): boolean {
  if (quiet === undefined) return false;
  const [from, to] = [quiet.from, quiet.to].map(minuteOf) as [number, number];
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Minutes until it is not quiet any more. */
export const untilLoud = (quiet: Announcements['quiet'], minute: number): number =>
  quiet === undefined ? 0 : (minuteOf(quiet.to) - minute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Whether anything is to be said at all. */
export const isAnythingWanted = ({ rules = {} }: Announcements): boolean =>
  RULES.some(({ id }) => rules[id]?.enabled === true);
