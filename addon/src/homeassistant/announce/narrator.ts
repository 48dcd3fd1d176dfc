import type { HomeAssistantClient } from '../client.ts';

/** A voice of Labkeeper's own, and the language that it speaks. */
export interface OwnVoice {
  readonly name: string;
  /** Code, as in `de`. */
  readonly language: string;
}

export interface NarratorWish {
  readonly voice?: string | undefined;
  readonly language?: string | undefined;
  readonly engine?: string | undefined;
}

export interface FoundNarrator {
  readonly engine: string;
  readonly language?: string;
  readonly voice?: string;
}

interface Engine {
  readonly engine_id: string;
  readonly supported_languages?: readonly string[];
}

type Client = Pick<HomeAssistantClient, 'ask'>;

/** Languages in which a voice is looked for where nobody says which: each is a question to each engine. */
const MOST_LANGUAGES = 40;

/**
 * Which text-to-speech of Home Assistant speaks, in which voice. Where nobody says which, it is Labkeeper's own if that
 * is set up there, else the first.
 *
 * @param own Labkeeper's voices, the one that speaks where none is asked for first
 * @param wyoming entity ids of those that may be Labkeeper's
 * @returns a sentence where nobody speaks: why
 */
export async function narratorOf(
  client: Client,
  { voice, language, engine: wanted }: NarratorWish,
  own: readonly OwnVoice[],
  wyoming: readonly string[],
): Promise<FoundNarrator | string> {
  const { providers } = await client.ask<{ readonly providers: readonly Engine[] }>({
    type: 'tts/engine/list',
  });
  const isOurs = ({ engine_id: id }: Engine): number => Number(wyoming.includes(id));
  const engines = providers
    .filter(({ engine_id: id }) => wanted === undefined || id === wanted)
    .sort((a, b) => isOurs(b) - isOurs(a));
  if (wanted !== undefined && engines.length === 0) return `Home Assistant has no text-to-speech “${wanted}”`;
  if (voice !== undefined) {
    const code = own.find(({ name }) => name === voice)?.language ?? language;
    const found = await withVoice(client, engines, voice, code);
    return found ?? `no text-to-speech of Home Assistant has the voice “${voice}”`;
  }
  const mine = language === undefined ? own[0] : own.find((one) => isLanguage(one.language, language));
  const ours = mine && (await withVoice(client, engines.filter(isOurs), mine.name, mine.language));
  // Without a language it is the one that is chosen at its device, whenever that is changed.
  if (ours !== undefined) return language === undefined ? { engine: ours.engine } : ours;
  for (const { engine_id: engine, supported_languages: spoken = [] } of engines) {
    if (language === undefined) return { engine };
    const fits = spoken.find((one) => isLanguage(one, language));
    if (fits !== undefined) return { engine, language: fits };
  }
  return language === undefined
    ? 'Home Assistant has no text-to-speech: set up its Wyoming integration with Labkeeper’s voice, or another one'
    : `no text-to-speech of Home Assistant speaks “${language}”`;
}

/** The first engine that has a voice. @param language undefined: in whichever */
async function withVoice(
  client: Client,
  engines: readonly Engine[],
  voice: string,
  language: string | undefined,
): Promise<(FoundNarrator & { readonly voice: string }) | undefined> {
  for (const { engine_id: engine, supported_languages: spoken = [] } of engines) {
    const fits = spoken.filter((one) => language === undefined || isLanguage(one, language));
    for (const code of fits.slice(0, MOST_LANGUAGES)) {
      const { voices } = await client.ask<{
        readonly voices: readonly { readonly voice_id: string; readonly name: string }[] | null;
      }>({ type: 'tts/engine/voices', engine_id: engine, language: code });
      const found = voices?.find(({ voice_id: id, name }) => id === voice || name === voice);
      if (found !== undefined) return { engine, language: code, voice: found.voice_id };
    }
  }
  return undefined;
}

/** `de` is meant by `de-DE` as well. */
function isLanguage(one: string, other: string): boolean {
  const [a, b] = [one, other].map((code) => code.toLowerCase().replaceAll('_', '-'));
  return a === b || a?.split('-', 1)[0] === b || a === b?.split('-', 1)[0];
}
