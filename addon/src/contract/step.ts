import type { LabResource } from '../kinds/index.ts';

/** What a step has to tell while it runs. */
export interface StepNote {
  /** How the system calls what it does for us, as in a Proxmox UPID. Noted before anything is waited for. */
  readonly vendorRef?: string;
  /** Of this step, 0 to 1. */
  readonly progress?: number;
  /** What the job answers with; values for people and programs, never a secret. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** A line for the job's log, for people. */
  readonly log?: string;
  /** What later steps go by, also those of a later run: written down at once, JSON, never a secret. */
  readonly keep?: Readonly<Record<string, unknown>>;
  /** All that would be left behind if nothing more were done: the set, not the change. */
  readonly left?: readonly LeftBehind[];
}

/** Something half made that a job leaves behind when it ends before its time. */
export interface LeftBehind {
  /** Id of the resource that it is, or becomes when it is read. */
  readonly id: string;
  /** What it is, for people: “VM 105 (web) on pve1”. */
  readonly what: string;
  /** Id of the action that takes it away; left out: by hand. */
  readonly remove?: string;
}

/** Where others hear something in the network. */
export interface Heard {
  /** An IP address. */
  readonly address: string;
  /** Who says so, for people. */
  readonly by: string;
}

/**
 * Asks all that the lab has for who bears one of these MACs.
 *
 * @returns null: nobody knows yet; undefined: there is nobody to ask
 */
export type AskNetwork = (macs: readonly string[], signal: AbortSignal) => Promise<Heard | null | undefined>;

/** What a step works with. */
export interface StepContext<I> {
  readonly target: LabResource;
  /** In a job that goes on after a restart, secrets in it are `***`. */
  readonly input: I;
  readonly signal: AbortSignal;
  /** Who asked and where, for people; undefined: nobody in particular. */
  readonly by?: string | undefined;
  /** Id of the job; undefined: nobody carries anything out, it is a dry run. */
  readonly job?: string | undefined;
  /** What `prepare` decided; empty for actions that prepare nothing. */
  readonly decided: Readonly<Record<string, unknown>>;
  /** What steps noted to be kept, in this run or an earlier one. */
  readonly kept: Readonly<Record<string, unknown>>;
  /** How the system calls what this step does for us, if that was noted before. */
  readonly vendorRef?: string | undefined;
  /** Aborted when somebody cancelled the job. A step that does not look at it is carried to its end. */
  readonly cancelled: AbortSignal;
  /** For what only others of the lab can tell a system of its own things; left out: they cannot be asked. */
  readonly askNetwork?: AskNetwork;
  /** Writes down at once what a step has to tell. Only the steps of a job have somebody to tell it to. */
  note(note: StepNote): void;
}

/** One thing that a job does, named for the person who watches it. */
export interface StepOf<C> {
  readonly name: string;
  /** What it consists of, for whoever asks before; left out: its name says it. */
  readonly parts?: readonly string[];
  /** What is sent to the system, as it is sent, for whoever asks before: “POST /nodes/pve1/qemu vmid=105 …”. */
  readonly calls?: readonly string[];
  /** From here on the job cannot be cancelled any more. */
  readonly commits?: true;
  /** It needs what the input has in secret: after a restart, where that is gone, it is not done. */
  readonly needsSecrets?: true;
  run(context: C): Promise<void>;
  /**
   * Whether it has happened, where its `run` was cut off, perhaps in an earlier run of Labkeeper. undefined: not to be
   * seen, or not yet. False has to be certain. Changes nothing.
   *
   * Of an action that prepares, it is asked every few seconds for ten minutes: true, and the job goes on with what comes
   * after; false, and the step is done again; it throws what made it fail. Of others it is asked when the target has
   * been read again, and at each change of the target for ten minutes; false, or true before the last step, ends the
   * job as failed.
   */
  happened?(context: C): Promise<boolean | undefined>;
}

/** Something that was looked at before anything is changed. */
export interface Check {
  /** A few words: “Space on local-zfs”. */
  readonly name: string;
  readonly ok: boolean;
  /** What was found: a sentence. */
  readonly message: string;
  /** What to do where it is not as it should be. */
  readonly hint?: string;
}

/** What was found and decided before the first step. */
export interface Preparation {
  /** What the steps go by: JSON, never a secret. Written down with the job, so it stays the same after a restart. */
  readonly decided: Readonly<Record<string, unknown>>;
  /** A job with one that is not ok ends before its first step. */
  readonly checks: readonly Check[];
  /** What a person should know first. */
  readonly warnings?: readonly string[];
  /**
   * What makes the target this one in this state, as its system tells now (node, digest of the configuration, id of the
   * container …): a dry run is carried out on nothing else.
   */
  readonly fingerprint?: string;
}
