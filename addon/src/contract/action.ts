import type { Static, TObject } from 'typebox';
import type { Kind, LabResource } from '../kinds/index.ts';
import type { CapabilityFinder } from './capabilities.ts';
import type { Preparation, StepContext, StepOf } from './step.ts';

/** What an action may cost if it was not meant; decides who may ask for it, and how. */
export type Risk = 'observe' | 'operate' | 'disrupt' | 'provision' | 'destroy';

/** The most that a token, or the option `allow`, lets through. `operate` holds `disrupt`, which has to be confirmed. */
export type Ceiling = 'observe' | 'operate' | 'provision' | 'destroy';

/** Where a request came in; `labkeeper` is no way in: what Labkeeper does by itself, by a rule that a person switched on. */
export type Door = 'mqtt' | 'homeassistant' | 'http' | 'mcp' | 'labkeeper';

/** What an action's steps work with. */
export interface ActionContext<I> extends StepContext<I> {
  readonly capabilities: CapabilityFinder;
  /** Anything else in the lab by its id. */
  resource(id: string): LabResource | undefined;
}

export type Step<I> = StepOf<ActionContext<I>>;

/** Something that can be done to the lab, declared once for every door. */
export interface Action<T extends TObject = TObject> {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Title and description in German. */
  readonly de?: { readonly title: string; readonly description: string };
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
  /** It takes its target away: what prepares goes on with it after a restart although that is not there any more. */
  readonly takesAway?: true;
  /** What has to be repeated before it destroys something; left out: the name of its target. The input is not checked yet. */
  confirmation?(input: Static<T>): string;
  /** False: it is done at once, whatever else is under way at its target. */
  readonly waits?: false;
  /** What a person should know before, from what was asked; shown with a dry run. */
  warnings?(context: ActionContext<Static<T>>): readonly string[];
  /**
   * Looks at the systems and decides what the steps go by. What has it goes on after a restart of Labkeeper. Called for
   * a dry run, and as the first thing of a job; changes nothing.
   *
   * @throws LabError when it cannot be done, or not be found out
   */
  prepare?(context: ActionContext<Static<T>>): Promise<Preparation>;
  /**
   * The steps, from what was asked and decided; throws a `LabError` when it cannot be done. Changes nothing. After a
   * restart it has to make the same steps of the same decisions.
   */
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
