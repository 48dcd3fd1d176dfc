import type { Deed } from './actions.ts';
import type { Thing } from './thing.ts';

/** What an action would do, as the app plans it. */
export interface Plan {
  readonly steps: readonly { readonly name: string; readonly calls?: readonly string[] }[];
  readonly checks?: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly message: string;
    readonly hint?: string;
  }[];
  readonly warnings?: readonly string[];
}

/** A job of the app. */
export interface Job {
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly user?: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'unknown';
  readonly step: string | null;
  /** 0 to 1 */
  readonly progress: number | null;
  readonly error?: { readonly message: string; readonly hint?: string };
  /** ISO 8601 */
  readonly created: string;
  readonly ended: string | null;
}

export const isOver = ({ state }: Pick<Job, 'state'>): boolean => state !== 'queued' && state !== 'running';

/** How things are done where the parts are shown: by Home Assistant, or by the app itself. */
export interface Doer {
  readonly administrator: boolean;
  /** Whether the app's own action can be asked for; else there is only the entity that does the same. */
  has(action: string): boolean;
  /**
   * @param requestId what is carried out later with the same one is what was planned, or nothing
   * @throws Error in words for people
   */
  plan?(deed: Deed, thing: Thing, requestId: string): Promise<Plan>;
  /**
   * Begins it. `confirm`: true for what disrupts, what was typed for what destroys.
   *
   * @returns the job; undefined: nothing can be followed, what changes shows by itself
   * @throws Error in words for people
   */
  run(
    deed: Deed,
    thing: Thing,
    how: { readonly confirm?: string | boolean; readonly requestId?: string },
  ): Promise<Job | undefined>;
  /** A job of this thing as it is now. */
  job?(id: string, thing: Thing): Promise<Job>;
}
