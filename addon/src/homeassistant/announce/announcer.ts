import { type Clock, pause } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { HomeAssistantClient } from '../client.ts';
import { type HomePlan, planOfHome, statesOf } from './home.ts';
import { Line } from './line.ts';
import { type FoundMouth, type FoundMouths, mouthsOf } from './mouths.ts';
import { type FoundNarrator, type NarratorWish, narratorOf, type OwnVoice } from './narrator.ts';

export interface HomeWish extends NarratorWish {
  readonly targets: readonly string[];
  readonly areas: readonly string[];
}

export interface HomeAudience extends FoundMouths {
  readonly narrator?: FoundNarrator;
}

export interface HomeSaying {
  readonly mouth: FoundMouth;
  readonly narrator?: FoundNarrator;
  readonly message: string;
  readonly chime: boolean;
}

/** Home Assistant's own sound before an announcement, and how long it is. */
const CHIME = '/api/assist_satellite/static/preannounce.mp3';
const CHIME_MS = 1_500;
/** A satellite answers when it has spoken to the end; a player when it was told what to play. */
const SATELLITE_MS = 180_000;
const PLAYER_MS = 30_000;
/** Of a text: until the first sound, and for each letter. Rather too long: a player tells no better. */
const FIRST_SOUND_MS = 2_000;
const LETTER_MS = 80;
const LOOK_MS = 500;

/** Has Home Assistant say something, by its own actions. */
export class Announcer {
  readonly #client: Pick<HomeAssistantClient, 'ask' | 'first' | 'call'>;
  readonly #clock: Clock;
  readonly #own: () => readonly OwnVoice[];
  readonly #line: Line;

  /** @param own Labkeeper's voices, the one that speaks where none is asked for first */
  constructor(
    client: Pick<HomeAssistantClient, 'ask' | 'first' | 'call'>,
    clock: Clock,
    own: () => readonly OwnVoice[],
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#own = own;
    this.#line = new Line(clock);
  }

  /** Who would say something. @throws LabError as Home Assistant cannot be asked */
  async find(wish: HomeWish): Promise<HomeAudience> {
    const home = await planOfHome(this.#client, wish.targets);
    const found = mouthsOf(wish, home);
    if (!needsNarrator(found, wish)) return found;
    const narrator = await this.#narrator(wish, home);
    return typeof narrator === 'string'
      ? { ...found, problems: [...found.problems, narrator] }
      : { ...found, narrator };
  }

  /** Resolves when it is over, as far as that can be seen. @throws LabError why it was not said */
  async say({ mouth, narrator, message, chime }: HomeSaying, signal: AbortSignal): Promise<void> {
    if (mouth.way === 'satellite') {
      const text = narrator === undefined ? {} : { media_id: mediaId(narrator, message) };
      const data = { message, preannounce: chime, ...text };
      await this.#client.call('assist_satellite.announce', data, { entity_id: mouth.id }, SATELLITE_MS);
      return;
    }
    if (narrator === undefined) throw new LabError('internal', `nobody speaks for ${mouth.id}`);
    const before = await this.#isPlaying(mouth.id);
    if (chime) await this.#chime(mouth.id, signal);
    const { engine, language, voice } = narrator;
    const data = {
      ...{ media_player_entity_id: mouth.id, message, cache: true },
      ...(language !== undefined && { language }),
      ...(voice !== undefined && { options: { voice } }),
    };
    await this.#client.call('tts.speak', data, { entity_id: engine }, PLAYER_MS);
    await this.#over(mouth.id, FIRST_SOUND_MS + [...message].length * LETTER_MS, before, signal);
  }

  /** 0 to 1; null: it does not tell now. */
  async volumes(players: readonly string[]): Promise<Readonly<Record<string, number | null>>> {
    const states = await statesOf(this.#client, players);
    const volumeOf = (id: string): number | null => {
      const level = states.get(id)?.attributes.volume_level;
      return typeof level === 'number' ? level : null;
    };
    return Object.fromEntries(players.map((id) => [id, volumeOf(id)]));
  }

  async setVolume(player: string, volume: number): Promise<void> {
    await this.#client.call('media_player.volume_set', { volume_level: volume }, { entity_id: player });
  }

  /** @throws the reason of the signal */
  turn(who: string, isUrgent: boolean, signal: AbortSignal): Promise<void> {
    return this.#line.turn(who, isUrgent, signal);
  }

  leave(who: string): void {
    this.#line.leave(who);
  }

  #narrator(wish: HomeWish, { wyoming }: HomePlan): Promise<FoundNarrator | string> {
    return narratorOf(this.#client, wish, this.#own(), wyoming);
  }

  /** Its file is only there where Home Assistant has to do with satellites; without it, it is said all the same. */
  async #chime(player: string, signal: AbortSignal): Promise<void> {
    const { components } = await this.#client.ask<{ readonly components: readonly string[] }>({
      type: 'get_config',
    });
    if (!components.includes('assist_satellite')) return;
    const data = { media_content_id: CHIME, media_content_type: 'music', announce: true };
    await this.#client.call('media_player.play_media', data, { entity_id: player }, PLAYER_MS);
    await pause(this.#clock, CHIME_MS, signal);
  }

  /** Waits as long as the text should take, then on while the player plays what it did not play before. */
  async #over(id: string, ms: number, before: boolean, signal: AbortSignal): Promise<void> {
    await pause(this.#clock, ms, signal);
    const until = this.#clock.elapsed() + ms;
    while (!before && !signal.aborted && this.#clock.elapsed() < until && (await this.#isPlaying(id)))
      await pause(this.#clock, LOOK_MS, signal);
    signal.throwIfAborted();
  }

  async #isPlaying(id: string): Promise<boolean> {
    const state = (await statesOf(this.#client, [id])).get(id)?.state;
    return state === 'playing' || state === 'buffering';
  }
}

/** Players always need one; satellites only where another voice is asked for than the one that they have. */
const needsNarrator = ({ mouths }: FoundMouths, { voice, language, engine }: HomeWish): boolean =>
  mouths.some(({ way }) => way !== 'satellite') || [voice, language, engine].some((one) => one !== undefined);

/** How Home Assistant calls a text that is to be spoken. */
function mediaId({ engine, language, voice }: FoundNarrator, message: string): string {
  const query = new URLSearchParams({
    message,
    cache: 'true',
    ...(language !== undefined && { language }),
    tts_options: JSON.stringify(voice === undefined ? {} : { voice }),
  });
  return `media-source://tts/${engine}?${query}`;
}
