import type { Card } from './card.ts';

/** One way to the numbers of cards in a machine that Labkeeper is not in. */
export interface Way {
  /** For people. */
  readonly name: string;
  /** Seconds between two reads. */
  readonly everySeconds: number;
  /** All cards as they are now. @throws LabError */
  read(signal: AbortSignal): Promise<readonly Card[]>;
  close(): Promise<void>;
}
