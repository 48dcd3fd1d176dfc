import type { WholeInspect } from '../update/anatomy.ts';
import type { Hands } from '../update/hands.ts';
import type { StackEntry, StackUnit } from './journal.ts';
import { partOf } from './project.ts';

type Looking = Pick<Hands, 'all' | 'inspect'>;

/** The containers that the units of an update have now. */
export async function currentOf(
  hands: Looking,
  { project, units }: StackEntry,
  signal: AbortSignal,
): Promise<ReadonlyMap<StackUnit, WholeInspect>> {
  const current = new Map<StackUnit, WholeInspect>();
  for (const one of await hands.all(signal)) {
    const part = partOf(one);
    if (one.Config.Labels?.['com.docker.compose.project'] !== project.name) continue;
    const unit = units.find(({ service, number }) => part?.service === service && part.number === number);
    if (unit === undefined) continue;
    const rival = current.get(unit);
    if (rival === undefined || createdOf(rival) < createdOf(one)) current.set(unit, one);
  }
  return current;
}

/** Those whose containers are not the ones any more that they were. */
export async function touchedOf(
  hands: Looking,
  { units }: StackEntry,
  signal: AbortSignal,
): Promise<readonly StackUnit[]> {
  const touched: StackUnit[] = [];
  for (const unit of units) {
    if ((await hands.inspect(unit.oldId, signal)) === undefined) touched.push(unit);
  }
  return touched;
}

const createdOf = (one: WholeInspect): string => (one as { readonly Created?: string }).Created ?? '';
