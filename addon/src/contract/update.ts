export interface UpdateChoice {
  /** What ran before is to run again after a failure, even if the new version may have written to its data. */
  readonly go_back?: boolean;
  /** Left out: what the system's options say. */
  readonly protection?: Protection;
}

/**
 * What keeps the data of what is updated: nothing, a copy beside it, which is put back when the new version fails, or a
 * snapshot of the guest that its system runs on, to which only a person goes back.
 */
export type Protection = 'none' | 'copy' | 'vm_snapshot';

export interface UpdatePlan {
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
  readonly protection: Protection;
}

/** Takes a snapshot of the guest that a system runs on; its name, as `<snapshot> of <guest>`. */
export type TakeSnapshot = (signal: AbortSignal) => Promise<string>;

/** Takes what an update has to tell: `progress` from 0 to 1, `result` for people and programs. */
export type UpdateNote = (note: {
  readonly progress?: number;
  readonly result?: Readonly<Record<string, unknown>>;
}) => void;
