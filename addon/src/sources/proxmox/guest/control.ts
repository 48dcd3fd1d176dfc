import type { Capabilities, Note } from '../../../contract/capabilities.ts';
import { LabError } from '../../../core/errors.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';
import { checkUnlocked, found, type List } from './found.ts';
import { look } from './look.ts';
import type { GuestStatus } from './wire.ts';

const MS = 120_000;
/** All of its memory is written. */
const HIBERNATE_MS = 900_000;
/** What `shutdown` waits for is what is to be cut off. */
const OVERRULE = { 'overrule-shutdown': '1' };
/** Since then a forced stop may end a shutdown that waits. */
const OVERRULES_SINCE = 9;

type Verb = 'suspend' | 'hibernate' | 'resume' | 'stop' | 'reset';

/** Suspending, hibernating, resuming, cutting off and resetting guests. */
export function guestControlOf(desk: Desk, list: List): Capabilities['guest'] {
  const change =
    (verb: Verb) =>
    (id: string, signal: AbortSignal, note: Note = () => {}): Promise<void> =>
      carryOut(desk, list, verb, id, signal, note);
  return {
    suspend: change('suspend'),
    hibernate: change('hibernate'),
    resume: change('resume'),
    forceStop: change('stop'),
    reset: change('reset'),
  };
}

async function carryOut(
  desk: Desk,
  list: List,
  verb: Verb,
  id: string,
  signal: AbortSignal,
  note: Note,
): Promise<void> {
  const { client, picture, context } = desk;
  const { row, ...status } = await found(desk, list, id, signal);
  const name = row.name ?? `${row.vmid}`;
  if (row.type === 'lxc' && verb !== 'stop')
    throw new LabError(
      'target_unsuitable',
      `${name} is a container: only a virtual machine can be ${DONE[verb]}`,
    );
  if (isDone(verb, status)) return;
  if (status.status !== 'running') throw new LabError('source_refused', `${name} does not run`);
  checkUnlocked(row, status.lock);
  const overrules = (picture.nodes.mainVersion(row.node) ?? 0) >= OVERRULES_SINCE && !row.hastate;
  const toDisk = verb === 'hibernate';
  const body = toDisk ? { todisk: '1' } : verb === 'stop' && overrules ? OVERRULE : {};
  const path = `${guestPath(row)}/status/${toDisk ? 'suspend' : verb}`;
  const upid = await client.post<string>(path, body, signal);
  note({ vendorRef: upid });
  await taskEnded(client, upid, context.clock, toDisk ? HIBERNATE_MS : MS, signal);
  await look(desk, id, signal);
}

const DONE = {
  suspend: 'suspended',
  hibernate: 'hibernated',
  resume: 'resumed',
  stop: 'stopped',
  reset: 'reset',
} as const;

function isDone(verb: Verb, { status, qmpstatus, lock }: GuestStatus): boolean {
  if (verb === 'hibernate') return status === 'stopped' && lock === 'suspended';
  if (verb === 'stop') return status === 'stopped';
  if (verb === 'suspend') return qmpstatus === 'paused';
  return verb === 'resume' && status === 'running' && qmpstatus === 'running';
}
