import type { WholeInspect } from '../update/anatomy.ts';
import type { Hands } from '../update/hands.ts';
import type { StackEntry } from './journal.ts';
import { partOf } from './project.ts';
import { isOn } from './scope.ts';

type Halting = Pick<Hands, 'all' | 'inspect' | 'start' | 'stop'>;

/** Stops whatever of a stack an update makes anew, so that nobody writes to its data. */
export async function halt(
  hands: Halting,
  entry: StackEntry,
  put: (entry: StackEntry) => StackEntry,
  signal: AbortSignal,
): Promise<StackEntry> {
  const running = (await hands.all(signal)).filter((one) => isWriter(entry, one) && isOn(one));
  const halted = [...new Set([...(entry.halted ?? []), ...running.map(({ Id }) => Id)])];
  const written = put({ ...entry, halted });
  for (const { Id } of running) await hands.stop(Id, signal);
  return written;
}

/** Starts again what was stopped, where nothing came of the update. */
export async function startAgain(
  hands: Halting,
  { halted = [], units }: StackEntry,
  signal: AbortSignal,
): Promise<void> {
  // Those in whose namespaces others live come first, as units do.
  const order = units.map(({ oldId }) => oldId);
  for (const id of halted.toSorted((one, other) => order.indexOf(one) - order.indexOf(other))) {
    if ((await hands.inspect(id, signal)) !== undefined) await hands.start(id, signal);
  }
}

/** Portainer makes anew whatever it takes for another: it may be any of them. */
function isWriter({ way, project, units }: StackEntry, one: WholeInspect): boolean {
  if (one.Config.Labels?.['com.docker.compose.project'] !== project.name) return false;
  const part = partOf(one);
  return (
    way === 'portainer' ||
    units.some(({ service, number }) => part?.service === service && part.number === number)
  );
}
