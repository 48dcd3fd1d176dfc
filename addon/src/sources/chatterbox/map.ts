import type { SpeechVoice } from '../../contract/speech.ts';
import type { LabResourceOf } from '../../kinds/index.ts';
import { type Alias, alias } from '../../model/resource.ts';
import { addressesOf } from '../../net/addresses.ts';
import type { Dialect, Seen } from './dialect.ts';

export type SpeechServer = LabResourceOf<'speech'>;

/** What came of speaking, and how much of it is under way. */
export interface Spoken {
  readonly queue: number;
  /** Milliseconds; null: nothing was spoken in this run. */
  readonly firstSound: number | null;
  readonly factor: number | null;
  readonly characters: number;
  readonly isReplaced: boolean;
  readonly voice: string | null;
  readonly voices: readonly SpeechVoice[];
}

/** Where it hangs, and what it is called here. */
export interface Place {
  readonly owner: string;
  readonly title: string;
  readonly url: string;
  /** As a person stated it. */
  readonly container: string | undefined;
  readonly knownBy: readonly Alias[];
  readonly dialect: Dialect;
}

export const speechId = (owner: string): string => `${owner}/speech/self`;

export function speechOf(seen: Seen, spoken: Spoken, place: Place): SpeechServer {
  const { owner, title, url, container, knownBy, dialect } = place;
  const { queue, firstSound, factor, characters, isReplaced, voice, voices } = spoken;
  return {
    ...{ id: speechId(owner), kind: 'speech', name: title, available: true },
    ...(container === undefined ? { parentKnownBy: knownBy } : { parent: container }),
    readings: {
      ...{ model: seen.model, loaded: seen.loaded, queue, factor, characters, voice },
      first_sound: firstSound === null ? null : Math.round(firstSound),
      ...{
        choices: voices.map(({ name, language }) => ({
          key: name.replaceAll('-', '_'),
          title: name,
          language,
        })),
        voices: seen.voices.length === 0 ? voices.length : seen.voices.length,
      },
      replaced: isReplaced,
      ...(seen.memory !== undefined && { memory: seen.memory }),
      ...(dialect.unload !== undefined && { unloadable: true }),
    },
    facts: { manufacturer: 'Resemble AI', model: dialect.title, url },
  };
}

/** How a container that publishes this port is known: by each address of its host. */
export async function endpointsOf({ hostname, port, protocol }: URL): Promise<readonly Alias[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const names = new Set([host, ...(await addressesOf(host))]);
  return [...names].map((name) => alias('endpoint', `${name.toLowerCase()}:${number}`));
}
