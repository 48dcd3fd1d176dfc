import type { Static, TObject } from 'typebox';
import type { Kind, LabResource } from '../kinds/index.ts';
import type { CapabilityFinder } from './capabilities.ts';

/** What an action may cost if it was not meant; decides who may ask for it, and how. */
export type Risk = 'observe' | 'operate' | 'disrupt' | 'provision' | 'destroy';

/** Where a request came in. */
export type Door = 'mqtt' | 'homeassistant' | 'http' | 'mcp';

/** What an action's steps work with. */
export interface ActionContext<I> {
  readonly target: LabResource;
  readonly input: I;
  readonly capabilities: CapabilityFinder;
  readonly signal: AbortSignal;
}

/** One thing that a job does, named for the person who watches it. */
export interface Step<I> {
  readonly name: string;
  run(context: ActionContext<I>): Promise<void>;
}

/** Something that can be done to the lab, declared once for every door. */
export interface Action<T extends TObject = TObject> {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly risk: Risk;
  /** The kinds that it can be done to. */
  readonly kinds: readonly Kind[];
  readonly input: T;
  /** The steps, from what was asked; throws a `LabError` when it cannot be done. Changes nothing. */
  plan(context: ActionContext<Static<T>>): readonly Step<Static<T>>[];
}

export function defineAction<T extends TObject>(action: Action<T>): Action<T> {
  return action;
}

/** What every door makes of what it was told. */
export interface ActionRequest {
  readonly action: string;
  /** Id of the resource that it shall be done to. */
  readonly target: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly door: Door;
  /** Who asked, as far as the door knows. */
  readonly user: string;
  /** Given by the caller: the same one again means the same request. */
  readonly requestId?: string;
}
