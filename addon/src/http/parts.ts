import type { Readable } from 'node:stream';
import type { Executor } from '../actions/executor.ts';
import type { Action } from '../contract/action.ts';
import type { BuildOutView } from '../contract/build-out.ts';
import type { LogTail } from '../contract/capabilities.ts';
import type { FindingsView } from '../contract/finding.ts';
import type { HookFinder } from '../contract/hook.ts';
import type { OwnFiles } from '../contract/own-file.ts';
import type { Recipes } from '../contract/recipe.ts';
import type { Clock } from '../core/clock.ts';
import type { LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LoggedLine } from '../core/log-tail.ts';
import type { Traffic } from '../core/meter.ts';
import type { KINDS, LabResource } from '../kinds/index.ts';
import type { Store } from '../model/store.ts';
import type { Access } from './identify.ts';

/** How the talk with one system goes. */
export interface SystemHealth {
  /** `<source>/<id>` */
  readonly owner: string;
  readonly title: string;
  readonly reachable: boolean;
  readonly traffic: Traffic;
}

/** How far it is to all that a system can tell. */
export interface SystemCondition extends SystemHealth {
  /** `starting`: it was not heard in this run, and not given up. */
  readonly state: 'starting' | 'reachable' | 'lost';
  /** What keeps it from being reachable. */
  readonly trouble: LabError | undefined;
  /** What of it was not read yet. */
  readonly unread: readonly string[];
  /** What of it could not be read the last time. */
  readonly failing: readonly string[];
}

export interface SystemsView {
  /** Without the secrets that Labkeeper knows. */
  conditions(): readonly SystemCondition[];
  /**
   * Asks a system now.
   *
   * @param owner `<source>/<id>`
   * @returns why it does not answer, if so; undefined: it cannot be asked
   */
  ask(owner: string, signal: AbortSignal): Promise<{ readonly error: LabError | undefined } | undefined>;
  /** Where the MQTT broker is, and whether we are connected. */
  broker(): { readonly where: string; readonly connected: boolean; readonly trouble: string | undefined };
}

/**
 * What was measured of late. @param kinds undefined: all
 *
 * @returns `until`: time of the last value, milliseconds since 1970; `every`: milliseconds between two; the oldest first
 */
export type HistoryReader = (kinds: readonly string[] | undefined) => {
  readonly until: number;
  readonly every: number;
  readonly series: readonly { readonly id: string; readonly values: readonly (number | null)[] }[];
};

/** The last lines of Labkeeper's own log, behind the one with this number. */
export type OwnLogReader = (after: number, most: number) => readonly LoggedLine[];

/** A device that a user deleted in Home Assistant, though the lab has the thing. */
export interface DeletedDevice {
  readonly id: string;
  readonly name: string;
  /** ISO 8601 */
  readonly at: string;
}

/** Reads the end of what a resource writes about itself, without the secrets that Labkeeper knows. */
export type LogReader = (resourceId: string, lines: number, signal: AbortSignal) => Promise<LogTail>;

/** How a recording of what systems answer goes, and which one there is. */
export interface RecordingState {
  /** When the one that runs ends, milliseconds since 1970. */
  readonly until: number | undefined;
  /** What went wrong with the last one. */
  readonly error: string | undefined;
  readonly file: { readonly name: string; readonly bytes: number } | undefined;
}

export interface RecordingsView {
  readonly state: RecordingState;
  /** @throws LabError `target_busy`, `target_missing` */
  start(seconds: number): RecordingState;
  open(): { readonly name: string; readonly content: Readable } | undefined;
}

/** How far the lab is what it is to become. */
export interface BuildOutReader {
  view(): BuildOutView;
  /** What comes with Labkeeper, to be changed by a person: YAML. */
  readonly file: string;
}

/** What Labkeeper shows of itself over HTTP, and lets be done. */
export interface HttpParts {
  readonly version: string;
  /** Tells this Labkeeper from others. */
  readonly ownId: string;
  /** The actions as Home Assistant offers them, as JSON. */
  readonly services: () => { readonly body: string; readonly etag: string };
  /** Identifier of the device that a resource has over MQTT. @param resourceId of one that need not be published */
  readonly deviceOf: (resourceId: string) => string;
  readonly lab: Pick<Store<LabResource>, 'all' | 'get' | 'doubts' | 'subscribe' | 'subscribeDoubts'>;
  readonly findings: FindingsView;
  readonly buildOut: BuildOutReader;
  /** As they are written now. */
  readonly recipes: () => Promise<Recipes>;
  readonly executor: Executor;
  readonly actions: readonly Action[];
  readonly kinds: typeof KINDS;
  readonly systems: () => readonly SystemHealth[];
  /** Left out: nothing is known of them beyond their health. */
  readonly connections?: SystemsView;
  readonly deleted: () => readonly DeletedDevice[];
  /** Left out: nothing has a log. */
  readonly logOf?: LogReader;
  /** Left out: there is no folder for them. */
  readonly files?: OwnFiles;
  /** Left out: none is kept. */
  readonly history?: HistoryReader;
  /** Left out: it is not kept. */
  readonly ownLog?: OwnLogReader;
  /** All that helps who looks into a fault, without secrets, as JSON; left out: there is nothing to tell. */
  readonly diagnostics?: () => object;
  /** Left out: nothing can be recorded. */
  readonly recordings?: RecordingsView;
  /** Left out: no system sends anything. */
  readonly hookOf?: HookFinder;
  /** Of the page as it was built; left out: there is none. */
  readonly pageFolder?: string;
  readonly access: Access;
  readonly clock: Clock;
  readonly log: Log;
}
