/** Who can speak: as the contract of speech servers has it, which rooms before the voice know. */
export interface Speaker {
  /** Its own, given once. */
  readonly id: string;
  offer(): SpeakerOffer | undefined;
  keyOf(sentence: SpeakerSentence): string;
  /** 16 bits with a sign, one channel, as `FORMAT`; in whole samples. */
  speak(sentence: SpeakerSentence, signal: AbortSignal): AsyncIterable<Buffer>;
  /** Somebody else spoke in its place, or it speaks itself again. */
  replaced(isReplaced: boolean): void;
}

export interface SpeakerOffer {
  readonly voices: readonly {
    readonly name: string;
    readonly title: string;
    readonly language: string;
  }[];
  /** Name of the one that is taken where none is asked for. */
  readonly voice: string | undefined;
}

/** How something is said; what is left out is up to the speaker. */
export interface Manner {
  readonly exaggeration?: number | undefined;
  readonly cfg_weight?: number | undefined;
  readonly temperature?: number | undefined;
  readonly speed?: number | undefined;
}

export interface SpeakerSentence {
  readonly text: string;
  /** Name of one of its voices. */
  readonly voice: string;
  readonly manner: Manner;
}

/** A manner with a name, in which voices are offered as well. */
export interface Style extends Manner {
  /** What the names of voices in it end with. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Names of the voices that have it, `*` stands for anything; left out: all. */
  readonly voices?: readonly string[];
}
