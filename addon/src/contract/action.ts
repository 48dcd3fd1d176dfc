import type { Static, TObject } from 'typebox';
import type { Kind, LabResource } from '../kinds/index.ts';
import type { CapabilityFinder } from './capabilities.ts';

/** What an action may cost if it was not meant; decides who may ask for it, and how. */
export type Risk = 'observe' | 'operate' | 'disrupt' | 'provision' | 'destroy';

/** The most that a token, or the option `allow`, lets through. `operate` holds `disrupt`, which has to be confirmed. */
export type Ceiling = 'observe' | 'operate' | 'provision' | 'destroy';

/** Where a request came in. */
export type Door = 'mqtt' | 'homeassistant' | 'http' | 'mcp';

/** What a step has to tell while it runs. */
export interface StepNote {
  /** How the system calls what it does for us, as in a Proxmox UPID. Noted before anything is waited for. */
  readonly vendorRef?: string;
  /** Of this step, 0 to 1. */
  readonly progress?: number;
  /** What the job answers with; values for people and programs, never a secret. */
  readonly result?: Readonly<Record<string, unknown>>;
}

/** What an action's steps work with. */
export interface ActionContext<I> {
  readonly target: LabResource;
  readonly input: I;
  readonly capabilities: CapabilityFinder;
  readonly signal: AbortSignal;
  /** Who asked and where, for people; undefined: nobody in particular. */
  readonly by?: string | undefined;
  /** Writes down at once what a step has to tell. Only the steps of a job have somebody to tell it to. */
  note(note: StepNote): void;
}

/** One thing that a job does, named for the person who watches it. */
export interface Step<I> {
  readonly name: string;
  /** What it consists of, for whoever asks before; left out: its name says it. */
  readonly parts?: readonly string[];
  run(context: ActionContext<I>): Promise<void>;
  /**
   * Whether it has happened, where its `run` was cut off: asked when the target has been read again, perhaps in a
   * later run of Labkeeper, and again at each change of the target for ten minutes. undefined: not to be seen, or not
   * yet. False ends the job as failed, so it has to be certain. Changes nothing.
   */
  happened?(context: ActionContext<I>): Promise<boolean | undefined>;
}

/** Something that can be done to the lab, declared once for every door. */
export interface Action<T extends TObject = TObject> {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly risk: Risk;
  /** The kinds that it can be done to. What is done to the lab as a whole is done to `app`, Labkeeper's own device. */
  readonly kinds: readonly Kind[];
  /** A property with `secret: true` is kept out of jobs and the audit. */
  readonly input: T;
  /**
   * Whether it may end its target or cut it off, even for a moment: then it is never done to what Labkeeper itself
   * needs to live. Left out: what is riskier than `operate` may.
   */
  interrupts?(input: Static<T>): boolean;
  /** What a person should know before, from what was asked; shown with a dry run. */
  warnings?(context: ActionContext<Static<T>>): readonly string[];
  /** The steps, from what was asked; throws a `LabError` when it cannot be done. Changes nothing. */
  plan(context: ActionContext<Static<T>>): readonly Step<Static<T>>[];
}

export function defineAction<T extends TObject>(action: Action<T>): Action<T> {
  return action;
}

/** What every door makes of what it was told. */
export interface ActionRequest {
  readonly action: string;
  /** Id of the resource that it shall be done to; left out: the lab as a whole. */
  readonly target?: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  readonly door: Door;
  /** Who asked, as far as the door knows. */
  readonly user: string;
  /** Whether Home Assistant counts that user among the administrators; undefined: it was no user, an automation. */
  readonly administrator?: boolean | undefined;
  /** The name of the target for what destroys, true for what disrupts: it was meant. */
  readonly confirm?: string | boolean | undefined;
  /** It is an update entity's install, the one thing that provisions and may be asked for over MQTT. */
  readonly isInstall?: true;
  /** The most that the caller may ask for. Over `http` and `mcp` nobody may do more than look without one. */
  readonly ceiling?: Ceiling | undefined;
  readonly tokenName?: string | undefined;
  /** Given by the caller: the same one again means the same request. */
  readonly requestId?: string | undefined;
}
