import { createHash } from 'node:crypto';
import type { SpeechVoice } from '../../contract/speech.ts';
import { slug } from '../../core/ids.ts';
import { shown } from '../../core/words.ts';
import type { ChatterboxOptions } from './config.ts';
import type { Seen, ServerVoice } from './dialect.ts';

/** A voice as others know it, with what its server knows it by. */
export interface KnownVoice extends SpeechVoice {
  readonly own: ServerVoice;
  /** The language that the server is asked for; undefined: it is not asked for one. */
  readonly asks: string | undefined;
}

/** Offered at most: each is told to Home Assistant every half minute. */
const MOST = 1_000;
const ENGLISH = 'en';

/**
 * One voice for each that the server has and each language that it is asked for. Home Assistant says only a name, so the
 * name has to tell the language as well.
 */
export function voicesOf(
  { voices, languages }: Seen,
  { voices: wanted, languages: only }: Pick<ChatterboxOptions, 'voices' | 'languages'>,
): readonly KnownVoice[] {
  const taken = new Set<string>();
  const known: KnownVoice[] = [];
  for (const own of chosen(voices, wanted)) {
    const base = baseOf(own, taken);
    for (const language of languagesOf(own, languages, only)) {
      const name = languages === undefined ? base : `${base}-${language}`;
      const title = shown(own.title);
      known.push({
        ...{ name, title: languages === undefined ? title : `${title} (${language})` },
        ...{ language, own, asks: languages === undefined ? undefined : language },
      });
    }
  }
  return known.slice(0, MOST);
}

function chosen(
  voices: readonly ServerVoice[],
  wanted: readonly string[] | undefined,
): readonly ServerVoice[] {
  if (wanted === undefined || wanted.length === 0) return voices;
  // A server that does not tell has those that a person says it has.
  if (voices.length === 0) return wanted.map((id) => ({ id, title: id, isCloned: false }));
  const fits = ({ id, title }: ServerVoice, asked: string): boolean =>
    [id, title, slug(title)].some((name) => name.toLowerCase() === asked.toLowerCase());
  return voices.filter((voice) => wanted.some((asked) => fits(voice, asked)));
}

function languagesOf(
  { language }: ServerVoice,
  spoken: readonly string[] | undefined,
  only: readonly string[] | undefined,
): readonly string[] {
  if (spoken === undefined) return [language ?? only?.[0] ?? ENGLISH];
  const wanted =
    only === undefined || only.length === 0 ? spoken : spoken.filter((code) => only.includes(code));
  return [...wanted].sort();
}

/** A name of its own: two voices that are spelled alike are told apart by what their server calls them. */
function baseOf({ id, title }: ServerVoice, taken: Set<string>): string {
  const plain = slug(title);
  const name = taken.has(plain)
    ? `${plain}_${createHash('sha256').update(id).digest('hex').slice(0, 6)}`
    : plain;
  taken.add(plain);
  return name;
}

/** The one that a person named by its name, or by what its server calls it. */
export const voiceNamed = (
  voices: readonly KnownVoice[],
  asked: string | undefined,
): KnownVoice | undefined =>
  voices.find(({ name }) => name === asked) ??
  voices.find(({ own }) => own.id === asked || own.title === asked);
