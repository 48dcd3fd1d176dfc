import type { Capabilities } from '../../../contract/capabilities.ts';
import type { TakeSnapshot, UpdateChoice } from '../../../contract/update.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { StackEntry, StackJournal, StackUnit } from './journal.ts';
import type { StackMember } from './scope.ts';

export interface EachParts {
  /** Updates one container. */
  readonly containers: Pick<Capabilities['update'], 'run' | 'became'>;
  readonly journal: StackJournal;
  readonly membersOf: (resource: string) => readonly StackMember[];
  readonly log: Log;
}

/**
 * Updates each container of a stack by itself, in the order of their starts.
 *
 * @param told 0 to 1
 * @throws LabError which one was not, and which were before
 */
export async function updateEach(
  { containers, journal }: EachParts,
  entry: StackEntry,
  choice: UpdateChoice,
  told: (share: number) => void,
  signal: AbortSignal,
  takeSnapshot?: TakeSnapshot,
): Promise<void> {
  const done: string[] = [];
  const units = entry.units.filter(isOwn);
  let taken: Promise<string> | undefined;
  // One is enough: it has all of them.
  const first = takeSnapshot && ((inner: AbortSignal) => (taken ??= takeSnapshot(inner)));
  for (const { id, service } of units) {
    try {
      const note = ({ progress = 0 }): void => told((done.length + progress) / units.length);
      await containers.run(id, choice, signal, note, first);
      done.push(service);
    } catch (thrown) {
      // As for what was cut off: it is found out later what became of it.
      if (signal.aborted || containers.became(id) === undefined) throw thrown;
      const { message, hint } = asLabError(thrown);
      const reason = `${service}: ${message}${done.length > 0 ? `; already updated: ${done.join(', ')}` : ''}`;
      journal.put({ ...entry, phase: 'went_back', reason });
      throw new LabError('source_failed', reason, { ...(hint !== undefined && { hint }), cause: thrown });
    }
  }
  journal.put({ ...entry, phase: 'updated' });
}

/** Ends what was cut off, as soon as each of its containers has been gone on with by itself. */
export function settleEach({ containers, journal, membersOf, log }: EachParts, entry: StackEntry): void {
  const members = membersOf(entry.resource);
  const units = entry.units.filter(isOwn);
  if (members.length === 0 || units.some(({ id }) => containers.became(id) === undefined)) return;
  const isNew = ({ id, oldImage }: StackUnit): boolean =>
    members.some((one) => one.id === id && one.inspect.Image !== oldImage);
  const left = units.filter((unit) => !isNew(unit)).map(({ service }) => service);
  if (left.length === 0) {
    journal.put({ ...entry, phase: 'updated' });
    return;
  }
  const reason = `it was cut off; not updated: ${left.join(', ')}`;
  log.warn(reason, { target: entry.resource });
  journal.put({ ...entry, phase: 'went_back', reason });
}

/** What lives in the namespaces of another is made anew along with that. */
const isOwn = ({ newImage }: StackUnit): boolean => newImage !== undefined;
