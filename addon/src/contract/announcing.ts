/** What somebody wants to have said, as far as it decides who says it. */
export interface AnnounceWish {
  /** Entity ids of media players and satellites. */
  readonly targets: readonly string[];
  /** Ids or names of Home Assistant's areas. */
  readonly areas: readonly string[];
  /** As Home Assistant lists it; left out: as its own settings say. */
  readonly voice?: string | undefined;
  /** Code, as in `de`. */
  readonly language?: string | undefined;
  /** Entity id of a text-to-speech; left out: the one that has the voice, else Labkeeper's own. */
  readonly engine?: string | undefined;
}

/**
 * How somebody is addressed: `satellite` as one, which ends by itself what it plays; `announce` as a player that goes on
 * with what it played before; `play` as one that does not.
 */
export type AnnounceWay = 'satellite' | 'announce' | 'play';

/** Somebody in Home Assistant who can say something. */
export interface Mouth {
  /** Entity id. */
  readonly id: string;
  readonly name: string;
  readonly way: AnnounceWay;
  /** Entity id of the media player that has its volume; left out: it cannot be set. */
  readonly player?: string;
}

/** Whose voice it is. */
export interface Narrator {
  /** Entity id of a text-to-speech. */
  readonly engine: string;
  readonly language?: string;
  readonly voice?: string;
}

/** Who says it, as Home Assistant is now. */
export interface Audience {
  readonly mouths: readonly Mouth[];
  /** Left out: satellites speak with the voice that they have by their settings. */
  readonly narrator?: Narrator;
  /** Why somebody who was asked for cannot say anything at present: whole sentences. */
  readonly silent: readonly string[];
  /** What was asked for and is not there at all: whole sentences. */
  readonly problems: readonly string[];
}

/** Something said by somebody. */
export interface Saying {
  readonly mouth: Mouth;
  readonly narrator?: Narrator;
  /** As it is: nothing in it is a template. */
  readonly message: string;
  /** A sound first, that somebody is about to speak. */
  readonly chime: boolean;
}

/** What is to be known of an announcement afterwards: what was said where. */
export interface AnnouncementEvent {
  readonly event_type: 'said' | 'partly_said' | 'not_said';
  readonly message: string;
  /** Names of those who said it. */
  readonly where: readonly string[];
  /** Why others did not. */
  readonly failed: readonly string[];
  /** Who asked for it. */
  readonly by: string;
}

/** What holds where a request does not say otherwise; volume in percent. */
export interface AnnounceDefaults {
  readonly targets: readonly string[];
  readonly areas: readonly string[];
  readonly voice?: string | undefined;
  readonly engine?: string | undefined;
  readonly volume?: number | undefined;
  readonly chime: boolean;
}

/** Has Home Assistant say something. All errors are `LabError`s. */
export interface Announcing {
  /** Changes nothing. */
  find(wish: AnnounceWish): Promise<Audience>;
  /** Resolves when it is over, as far as that can be seen. */
  say(saying: Saying, signal: AbortSignal): Promise<void>;
  /** By entity id of a media player, 0 to 1; null: it does not tell now. */
  volumes(players: readonly string[]): Promise<Readonly<Record<string, number | null>>>;
  setVolume(player: string, volume: number): Promise<void>;
  /**
   * Resolves when nobody else speaks; at once for who has the turn already.
   *
   * @param who job that it is for
   * @param isUrgent before all others that wait
   * @throws the reason of the signal
   */
  turn(who: string, isUrgent: boolean, signal: AbortSignal): Promise<void>;
  /** Lets the next one speak, where `who` has the turn. */
  leave(who: string): void;
  /** As they are written now. @throws LabError `options_invalid` */
  defaults(): Promise<AnnounceDefaults>;
  /** Shows in Home Assistant what was said where. */
  tell(event: AnnouncementEvent): void;
  /** Milliseconds since 1970. */
  now(): number;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}
