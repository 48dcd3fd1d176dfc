import type { Static, TObject } from 'typebox';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Meter } from '../core/meter.ts';
import type { Kind, LabResource } from '../kinds/index.ts';
import type { Capabilities, CapabilityFinder } from './capabilities.ts';
import type { Finding } from './finding.ts';
import type { Hook } from './hook.ts';

/** How often something is read: `fast` numbers, `slow` states and settings, `rare` what costs the system dear. */
export type Tier = 'fast' | 'slow' | 'rare';

/** Something to read again and again. */
export interface PollTask {
  readonly name: string;
  readonly tier: Tier;
  /** Seconds between two reads, where the tier's are not what the system needs; asked anew before each. */
  readonly everySeconds?: number | (() => number);
  /**
   * True: the system counts as reachable while this can be read. Such a task is run at once, and goes on while the
   * system is gone; the others wait until it is back.
   */
  readonly vital?: true;
  /** It is never over while all is well, and brings nothing that the others would not: nobody waits for its end. */
  readonly endless?: true;
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
  /** To be told of every call to the system. */
  readonly meter: Meter;
  readonly identities: Identities;
  readonly memory: Memory;
  /** What other systems can do, for a source that reads by way of them. */
  readonly capabilities: CapabilityFinder;
  /**
   * Notes which other systems answer now, broker included. For who may cut Labkeeper off from them: what it returns asks
   * each of these anew, within 20 seconds.
   */
  rollCall(): RollCall;
  /** Hands in everything that the instance has now. Unchanged resources should be the same objects as before. */
  publish(resources: readonly LabResource[]): void;
  /** Hands in everything that a person should look at now: the set, not the change. It is dropped when the session ends. */
  report(findings: readonly Finding[]): void;
  /**
   * Tells of something that happened at a resource and leaves no state.
   *
   * @param key of one of its kind's event rows, which has this `event_type`
   */
  emit(resourceId: string, key: string, event: SourceEvent): void;
}

/** @returns titles, for people, of those that do not answer any more; empty: all do */
export type RollCall = (signal: AbortSignal) => Promise<readonly string[]>;

/** Values for people: hostile input, never a secret. */
export type SourceEvent = Readonly<Record<string, string | number | boolean | null>> & {
  readonly event_type: string;
};

/** A few small values of an instance's own, for what its system does not keep; they outlive this run. */
export interface Memory {
  /** What was put there last, perhaps in an earlier run; undefined: nothing. */
  get(key: string): string | undefined;
  /** @param isDurable not even a power cut takes it back; costs a write to the disk */
  put(key: string, value: string, isDurable?: boolean): void;
}

/** What was found out about identities in earlier runs, and outlives this one. */
export interface Identities {
  /**
   * Says which system was reached: to be called before the first resource is made, and after each reconnect.
   *
   * @param system what the system knows itself by, for ever: a cluster's name, an engine's id, a controller's uuid
   * @param also what else it is known by, less sure: it finds what was bound by that alone, while `system` could not
   * be read
   * @returns the owner under which its resources are known: another than the context's if the user gave a known system
   * a new `id`
   * @throws LabError `system_taken` when another configured instance reached the same system before
   */
  bind(system: string, also?: string): string;
  /**
   * Which bearer of a name that gets used again this is: 1 for the first.
   *
   * @param path the vendor path of the resource, as in `guest/101`
   * @param fingerprint what differs between one bearer and the next; undefined while it cannot be read: then the one
   * known last
   * @param same whether the bearer known last is this one, although its fingerprint differs; left out: it is not
   */
  generation(path: string, fingerprint: string | undefined, same?: (before: string) => boolean): number;
  /** How many bearers of such a name there were until now. @param path as above */
  bearers(path: string): number;
}

/** One configured system, talked to. Opening does no I/O; the first task or watch does. */
export interface Session {
  readonly tasks: readonly PollTask[];
  /** A system counts as reachable while all of them run and all vital tasks succeed; there is at least one of either. */
  readonly watches: readonly Watch[];
  readonly capabilities: Partial<Capabilities>;
  /**
   * Asks the system something that costs it little, and throws where it does not answer. Left out: the vital tasks are
   * run, and a system that has none is not asked.
   */
  ask?(signal: AbortSignal): Promise<void>;
  /** Where its system may send to, if the options say so. */
  readonly hook?: Hook | undefined;
  /** Reads a resource again soon, because something was done to it. */
  refresh(resourceId: string): void;
  close(): Promise<void>;
}

/** What is wrong with an option, and what to do. */
export interface OptionProblem {
  /** Of the option, within what was checked; '' for the whole. */
  readonly path: string;
  readonly message: string;
}

/** A vendor's system as a value: what a user configures, and how to talk to it. */
export interface Source<T extends TObject = TObject> {
  readonly id: string;
  readonly title: string;
  /** Every kind of thing that it may tell of: where it has none of them to show, there is none. */
  readonly kinds: readonly Kind[];
  /**
   * What the schema cannot say of one instance's options: what belongs together, what excludes each other. They may
   * break the schema as well, since everything wrong is told at once: look only at what is there and what is not.
   */
  check?(options: Readonly<Record<string, unknown>>): readonly OptionProblem[];
  /**
   * The same of what all its instances share, from the whole options.
   *
   * @param ids of its instances
   */
  checkShared?(options: Readonly<Record<string, unknown>>, ids: readonly unknown[]): readonly OptionProblem[];
  /** One instance's options, beside `id` and `title` which every instance has. */
  readonly options: T;
  /** Options beside its list that all its instances get; optional every one, and lists of groups that have no `id`. */
  readonly shared?: TObject;
  /**
   * Calls a minute that polling may cost a system, on average. A system so large that it takes more is read less
   * often.
   */
  readonly budget: number;
  open(options: Static<T>, context: SourceContext): Session;
}

export function defineSource<T extends TObject>(source: Source<T>): Source<T> {
  return source;
}
