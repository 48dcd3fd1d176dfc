import type { Capabilities, Note } from '../../../contract/capabilities.ts';
import { pause } from '../../../core/clock.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';
import { checkUnlocked, found } from './found.ts';
import { look } from './look.ts';

const START_MS = 300_000;
/** PVE itself gives a guest 60 s to shut down, and a guest may be told to take longer. */
const STOP_MS = 600_000;

type Verb = 'start' | 'shutdown' | 'reboot';

/**
 * Starting, shutting down and rebooting guests.
 *
 * @param list reads the list of the cluster again: a guest may have moved
 */
export function powerOf(desk: Desk, list: (signal: AbortSignal) => Promise<void>): Capabilities['power'] {
  const change =
    (verb: Verb, ms: number) =>
    (id: string, signal: AbortSignal, note: Note = () => {}): Promise<void> =>
      carryOut(desk, list, { id, verb, ms, signal, note });
  return {
    start: change('start', START_MS),
    stop: change('shutdown', STOP_MS),
    restart: change('reboot', STOP_MS),
  };
}

interface Change {
  readonly id: string;
  readonly verb: Verb;
  /** The longest that it may take. */
  readonly ms: number;
  readonly signal: AbortSignal;
  readonly note: Note;
}

async function carryOut(
  desk: Desk,
  list: (signal: AbortSignal) => Promise<void>,
  { id, verb, ms, signal, note }: Change,
): Promise<void> {
  const { client, context } = desk;
  // Also tells, before anything is sent, whether the node that we ask is there.
  const { row, status, qmpstatus, lock } = await found(desk, list, id, signal);
  const resumes = verb === 'start' && qmpstatus === 'paused';
  if ((verb === 'start') === (status === 'running') && verb !== 'reboot' && !resumes) return;
  // One that was suspended to disk is resumed by starting it.
  if (!(lock === 'suspended' && verb === 'start')) checkUnlocked(row, lock);
  const upid = await client.post<string>(`${guestPath(row)}/status/${resumes ? 'resume' : verb}`, {}, signal);
  note({ vendorRef: upid });
  await taskEnded(client, upid, context.clock, ms, signal);
  // Its task only told high availability what is wanted; a reboot's ends when the guest is down.
  if (row.hastate || verb === 'reboot')
    await becomes(desk, id, verb === 'shutdown' ? 'stopped' : 'running', ms, signal);
}

/** Waits until a guest is as wanted, wherever high availability takes it meanwhile. */
async function becomes(
  desk: Desk,
  id: string,
  wanted: string,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = desk.context;
  const end = clock.elapsed() + ms;
  for (;;) {
    // What it is on the way is shown, too.
    if ((await statusNow(desk, id, signal)) === wanted) return;
    if (clock.elapsed() > end) {
      throw new LabError('deadline_passed', `${id} is not ${wanted} after ${ms / 1_000} s`, {
        hint: 'see what its tasks and, if it is looked after by it, high availability say in the cluster',
      });
    }
    await pause(clock, 2_000, signal);
    signal.throwIfAborted();
  }
}

/** undefined: nobody knows at present. */
async function statusNow(desk: Desk, id: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await look(desk, id, signal);
  } catch (thrown) {
    if (signal.aborted || asLabError(thrown).next !== 'retry') throw thrown;
    return undefined;
  }
}
