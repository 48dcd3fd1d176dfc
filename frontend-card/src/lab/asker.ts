import type { Risk } from './actions.ts';
import type { Job } from './doer.ts';
import type { ApiResource } from './from-api.ts';

/** What becomes of a plan for the whole lab: as `/api/build-out` tells it. */
export interface BuildOut {
  readonly percent: number | null;
  readonly next: { readonly phase: string; readonly id: string; readonly title: string } | null;
  readonly phases: readonly {
    readonly id: string;
    readonly title: string;
    readonly percent: number | null;
    readonly items: readonly BuildOutItem[];
  }[];
}

export interface BuildOutItem {
  readonly id: string;
  readonly title: string;
  readonly state: 'done' | 'open' | 'unknown';
  readonly because: readonly string[];
  readonly todo: string;
  readonly action: BuildOutAction | null;
}

export interface BuildOutAction {
  readonly id: string;
  readonly title: string;
  /** Left out by an app before this one. */
  readonly risk?: Risk | 'observe';
  readonly input: Readonly<Record<string, unknown>>;
  /** Id of a resource; null: somebody has to say. */
  readonly target: string | null;
}

/** Who asked for what, and what was decided. */
export interface AuditEntry {
  readonly seq: number;
  /** ISO 8601 */
  readonly time: string;
  readonly action: string;
  readonly target: string | null;
  readonly user: string;
  readonly door: string;
  readonly decision: 'accepted' | 'refused';
  readonly message: string | null;
}

/** Values of one entity: seconds since 1970, rising, and what it was from then on. */
export interface Series {
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

/** What was measured before now. */
export interface HistorySource {
  /**
   * @param listener called with all that is known of these entities, each time that it is more
   * @returns ends that
   */
  watch(
    entities: readonly string[],
    hours: number,
    listener: (series: ReadonlyMap<string, Series>) => void,
  ): () => void;
}

/** What views want beside the lab itself; what is left out cannot be asked for where they are shown. */
export interface Asker {
  jobs?(): Promise<readonly Job[]>;
  audit?(): Promise<readonly AuditEntry[]>;
  buildOut?(): Promise<BuildOut>;
  /** Things of a kind with their lists, which no entity shows. */
  readings?(kind: string): Promise<readonly ApiResource[]>;
  /** Speaks in the browser, with the lab's voice. */
  readonly say?: ((text: string) => Promise<void>) | undefined;
  readonly history?: HistorySource;
}
