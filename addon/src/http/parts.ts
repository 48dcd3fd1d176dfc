import type { Executor } from '../actions/executor.ts';
import type { Action } from '../contract/action.ts';
import type { LogTail } from '../contract/capabilities.ts';
import type { FindingsView } from '../contract/finding.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
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

/** A device that a user deleted in Home Assistant, though the lab has the thing. */
export interface DeletedDevice {
  readonly id: string;
  readonly name: string;
  /** ISO 8601 */
  readonly at: string;
}

/** Reads the end of what a resource writes about itself, without the secrets that Labkeeper knows. */
export type LogReader = (resourceId: string, lines: number, signal: AbortSignal) => Promise<LogTail>;

/** What Labkeeper shows of itself over HTTP, and lets be done. */
export interface HttpParts {
  readonly version: string;
  readonly lab: Pick<Store<LabResource>, 'all' | 'get' | 'doubts' | 'subscribe' | 'subscribeDoubts'>;
  readonly findings: FindingsView;
  readonly executor: Executor;
  readonly actions: readonly Action[];
  readonly kinds: typeof KINDS;
  readonly systems: () => readonly SystemHealth[];
  readonly deleted: () => readonly DeletedDevice[];
  /** Left out: nothing has a log. */
  readonly logOf?: LogReader;
  readonly access: Access;
  readonly clock: Clock;
  readonly log: Log;
}
