import type { LabResource } from '../kinds/index.ts';
import type { PowerProfile } from './power-profile.ts';
import type { Recipes } from './recipe.ts';

/** The lab as a whole, for what is done to all of it. */
export interface LabView {
  all(): Iterable<LabResource>;
  get(id: string): LabResource | undefined;
  /**
   * Ids of what Labkeeper itself needs to live, what it runs on first.
   *
   * @returns undefined: that is not known; empty: it runs on nothing of the lab
   */
  lifeline(): readonly string[] | undefined;
  /** Ids of what the broker may run on, and of what that needs. */
  brokerLifeline(): readonly string[];
  /** When the machine that Labkeeper runs on was started, milliseconds since 1970. */
  bootedAt(): number;
  /** Milliseconds since 1970. */
  now(): number;
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** As they are written now. @throws LabError `options_invalid` */
  powerProfiles(): Promise<readonly PowerProfile[]>;
  /** As they are written now, with why some do not count. */
  recipes(): Promise<Recipes>;
  /** What the latest job of an action went by; undefined: there is none. */
  lastDecided(action: string): Readonly<Record<string, unknown>> | undefined;
}
