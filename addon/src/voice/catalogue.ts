import { LabError } from '../core/errors.ts';
import { patternOf } from '../core/pattern.ts';
import type { Manner, Speaker, Style } from './speaker.ts';
import type { OfferedVoice, VoiceWish } from './wyoming/events.ts';

/** A voice that may be asked for, and what that means. */
export interface Voice extends OfferedVoice {
  readonly speaker: Speaker;
  /** As the speaker calls it. */
  readonly own: string;
  readonly manner: Manner;
  /** Code, as in `de`. */
  readonly language: string;
}

/** Told to Home Assistant every half minute, as a whole. */
const MOST = 2_000;
/** Named in an error. */
const MOST_NAMED = 10;

/** All voices of all speakers, each also in the styles that it has. Names of the first speaker are as it says, those of others begin with its id. */
export function catalogueOf(speakers: readonly Speaker[], styles: readonly Style[]): readonly Voice[] {
  const voices = speakers.flatMap((speaker, at) =>
    (speaker.offer()?.voices ?? []).flatMap(({ name: own, title, language }) => {
      const name = at === 0 ? own : `${speaker.id}-${own}`;
      const plain: Voice = {
        ...{ name, description: title, languages: [language], language, speaker, own, manner: {} },
      };
      const styled = styles
        .filter(({ voices: wanted }) => wanted === undefined || wanted.some((one) => patternOf(one)(name)))
        .map(({ id, title: style, voices: _, ...manner }) => ({
          ...{ ...plain, name: `${name}-${id}`, description: `${title}, ${style}`, manner },
        }));
      return [plain, ...styled];
    }),
  );
  // A style may be named like a language: then the voice in that language is meant.
  const taken = new Set<string>();
  return voices.filter(({ name }) => !taken.has(name) && taken.add(name)).slice(0, MOST);
}

/**
 * The voice that is asked for; where none is, the one that is chosen for that.
 *
 * @throws LabError `target_unknown`: another one is never taken in silence
 */
export function voiceFor(
  { name, language }: VoiceWish,
  voices: readonly Voice[],
  speakers: readonly Speaker[],
): Voice {
  const found =
    name === undefined ? defaultOf(language, voices, speakers) : voices.find((one) => one.name === name);
  if (found !== undefined) return found;
  const there = voices.slice(0, MOST_NAMED).map((one) => one.name);
  const more = voices.length > there.length ? ` and ${voices.length - there.length} more` : '';
  const list = there.length === 0 ? 'none is known yet' : `there are ${there.join(', ')}${more}`;
  const asked =
    name === undefined ? (language === undefined ? 'voice' : `voice for “${language}”`) : `voice “${name}”`;
  throw new LabError('target_unknown', `there is no ${asked}: ${list}`);
}

function defaultOf(
  language: string | undefined,
  voices: readonly Voice[],
  speakers: readonly Speaker[],
): Voice | undefined {
  const chosen = speakers
    .map((speaker) => voices.find((one) => one.speaker === speaker && one.own === speaker.offer()?.voice))
    .find((one) => one !== undefined);
  if (language === undefined) return chosen ?? voices[0];
  const code = language.toLowerCase().split(/[-_]/, 1)[0];
  return [...(chosen === undefined ? [] : [chosen]), ...voices].find((one) => one.language === code);
}
