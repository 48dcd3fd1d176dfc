import assert from 'node:assert/strict';
import type { PollTask, Session, Watch } from '../../addon/src/contract/source.ts';
import { LabError } from '../../addon/src/core/errors.ts';
import { Meter } from '../../addon/src/core/meter.ts';
import { Instance } from '../../addon/src/engine/instance.ts';
import type { LabResource } from '../../addon/src/kinds/index.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { recordingLog } from './samples.ts';

export const gone = (): LabError => new LabError('unreachable', 'docker/nas: the event stream broke');

export interface Run {
  /** The stream stands, and all was read. */
  ready(resources?: readonly LabResource[]): void;
  /** The stream is lost, with an error or without. */
  lose(error?: Error): Promise<void>;
}

/** A watch whose streams the test opens and cuts. */
export class Streams implements Watch {
  readonly name: string;
  readonly runs: Run[] = [];

  constructor(name = 'events') {
    this.name = name;
  }

  run(signal: AbortSignal, ready: (resources: readonly LabResource[]) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => reject(signal.reason));
    const lose = (error?: Error): Promise<void> => {
      if (error === undefined) resolve();
      else reject(error);
      return settled();
    };
    this.runs.push({ ready: (resources = []) => ready(resources), lose });
    return promise;
  }

  /** The stream of now. */
  get last(): Run {
    const run = this.runs.at(-1);
    assert.ok(run, 'a stream was opened');
    return run;
  }
}

/** A started instance and what it says. */
export function bench({
  watches = [],
  tasks = [],
  budget = 1_000,
  ask,
}: {
  watches?: Watch[];
  tasks?: PollTask[];
  budget?: number;
  ask?: NonNullable<Session['ask']>;
}) {
  const clock = new FakeClock();
  const meter = new Meter(clock);
  const log = recordingLog();
  /** What was said of the system, in order. */
  const heard: string[] = [];
  const found: (readonly LabResource[])[] = [];
  let closed = 0;
  const session: Session = {
    watches,
    tasks,
    capabilities: {},
    ...(ask !== undefined && { ask }),
    refresh: () => {},
    close: async () => {
      closed += 1;
    },
  };
  const instance = new Instance({
    session,
    intervals: { fast: 30, slow: 60, rare: 600 },
    budget,
    meter,
    clock,
    // No jitter on intervals, three quarters of each backoff.
    random: () => 0.5,
    log,
    onHeard: (resources, reachable) => {
      if (resources !== undefined) found.push(resources);
      heard.push(reachable ? 'reachable' : 'not all of it');
    },
    onLost: () => heard.push('lost'),
  });
  instance.start();
  return { clock, log, meter, heard, found, instance, closed: () => closed };
}
