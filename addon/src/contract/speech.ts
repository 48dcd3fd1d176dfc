/** One voice of a speech server, in one language. */
export interface SpeechVoice {
  /** What it is chosen by: letters, digits, `_` and `-`. The same for the same voice, always. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Code, as in `de`. */
  readonly language: string;
}

/** What a speech server can speak with, as it was told last. */
export interface SpeechOffer {
  /** In a stable order; the first one may be taken where none is asked for. */
  readonly voices: readonly SpeechVoice[];
  /** Name of the one that is taken where none is asked for. */
  readonly voice: string | undefined;
}

/** How something is said; what is left out is as the options of the server say, else as it likes. */
export interface SpeechManner {
  /** 0.25 to 2 */
  readonly exaggeration?: number | undefined;
  /** 0 to 1: the lower, the slower. */
  readonly cfg_weight?: number | undefined;
  /** 0.05 to 1.5: the lower, the more alike. */
  readonly temperature?: number | undefined;
  /** 0.25 to 4; 1 is as always. */
  readonly speed?: number | undefined;
}

/** A few words that are said in one breath. */
export interface Sentence {
  readonly text: string;
  /** Name of a voice. */
  readonly voice: string;
  readonly manner: SpeechManner;
}

/** Somebody who speaks, recorded. */
export interface VoiceSample {
  /** What the voice is to be called: letters, digits and `_`. */
  readonly name: string;
  /** Code of what it speaks, as in `de`. */
  readonly language: string;
  readonly type: 'wav' | 'mp3';
  readonly data: Buffer;
}

/** Speaks: what a speech server is to whoever has something to say. */
export interface Speech {
  /** undefined: it was never reached, in no run. */
  offer(): SpeechOffer | undefined;
  /** The same text for what sounds the same, and for nothing else. @throws LabError as `speak`, of a voice that is not there */
  keyOf(sentence: Sentence): string;
  /**
   * Waits for its turn. The sound is 16 bits with a sign, the low byte first, one channel, 24000 samples a second; in whole
   * samples, as they are made.
   *
   * @param signal ends it, and frees whoever makes it
   * @throws LabError `target_unknown` where there is no such voice; else as the server fails, at any moment
   */
  speak(sentence: Sentence, signal: AbortSignal): AsyncIterable<Buffer>;
  /** Who was to speak last did not, and somebody else spoke in its place. */
  replaced(isReplaced: boolean): void;
  /** Has a voice taken where none is asked for. @throws LabError `target_unknown` */
  choose(voice: string): void;
  /** Has it let go of the card's memory. @throws LabError `target_unsuitable` where it cannot */
  unload(signal: AbortSignal): Promise<void>;
  /**
   * Has it make a voice of a sample.
   *
   * @returns names of the voices that came of it, one for each language that it is asked for
   * @throws LabError `target_unsuitable` where it cannot; `source_refused` where there is such a voice, or the sample is no good
   */
  clone(sample: VoiceSample, signal: AbortSignal): Promise<readonly string[]>;
  /** Has it make itself ready to speak. @throws LabError `target_unsuitable` where it cannot */
  load(signal: AbortSignal): Promise<void>;
}
