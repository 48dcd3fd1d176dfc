import type { Static, TObject } from 'typebox';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Capabilities } from './capabilities.ts';

/** How often something is read: `fast` numbers, `slow` states and settings, `rare` what costs the system dear. */
export type Tier = 'fast' | 'slow' | 'rare';

/** Something to read again and again. */
export interface PollTask {
  readonly name: string;
  readonly tier: Tier;
  /** Reads once and publishes; throws a `LabError` when it could not. Never run twice at a time. */
  run(signal: AbortSignal): Promise<void>;
}

/** A stream that tells of changes as they happen. */
export interface Watch {
  readonly name: string;
  /**
   * Runs until `signal` is aborted or the stream is lost, which it throws. Calls `ready` once, when the stream stands,
   * with everything that the instance has, read since. Called again after a loss: it goes on where it was.
   */
  run(signal: AbortSignal, ready: (resources: readonly LabResource[]) => void): Promise<void>;
}

/** What a session may use of the app. */
export interface SourceContext {
  /** `<source>/<instance>`: the beginning of all its resources' ids. */
  readonly owner: string;
  /** The instance's name for people. */
  readonly title: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Hands in everything that the instance has now. Unchanged resources should be the same objects as before. */
  publish(resources: readonly LabResource[]): void;
}

/** One configured system, talked to. Opening does no I/O; the first task or watch does. */
export interface Session {
  readonly tasks: readonly PollTask[];
  /** At least one. A system counts as reachable while all of them run. */
  readonly watches: readonly Watch[];
  readonly capabilities: Partial<Capabilities>;
  /** Reads a resource again soon, because something was done to it. */
  refresh(resourceId: string): void;
  close(): Promise<void>;
}

/** A vendor's system as a value: what a user configures, and how to talk to it. */
export interface Source<T extends TObject = TObject> {
  readonly id: string;
  readonly title: string;
  /** One instance's options, beside `id` and `title` which every instance has. */
  readonly options: T;
  open(options: Static<T>, context: SourceContext): Session;
}

export function defineSource<T extends TObject>(source: Source<T>): Source<T> {
  return source;
}
