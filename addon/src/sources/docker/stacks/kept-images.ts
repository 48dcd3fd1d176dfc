import { asLabError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { Hands } from '../update/hands.ts';
import type { StackHands } from './hands.ts';
import type { StackEntry, StackJournal } from './journal.ts';

interface KeepParts {
  readonly hands: Hands;
  readonly stackHands: StackHands;
  readonly journal: StackJournal;
  readonly log: Log;
}

/** By this name an old image is kept from whoever tidies up. */
const keptImage = (id: string): string => `labkeeper-kept:${id.replace('sha256:', '').slice(0, 12)}`;

const oldImages = ({ units }: StackEntry): ReadonlySet<string> =>
  new Set(units.map(({ oldImage }) => oldImage));

/** Gives the old images of an update a second name. */
export async function keepImages(
  { stackHands }: KeepParts,
  entry: StackEntry,
  signal: AbortSignal,
): Promise<void> {
  for (const id of oldImages(entry)) await stackHands.tag(id, keptImage(id), signal);
}

/** Takes the second names away again, but for those that another update needs. */
export async function releaseImages(
  { hands, stackHands, journal, log }: KeepParts,
  entry: StackEntry,
  signal: AbortSignal,
): Promise<void> {
  const inUse = new Set(journal.open().flatMap((open) => [...oldImages(open)]));
  for (const id of oldImages(entry)) {
    try {
      const isKept = !inUse.has(id) && (await hands.image(keptImage(id), signal)) !== undefined;
      if (isKept) await stackHands.untag(keptImage(id), signal);
    } catch (thrown) {
      // It only takes room.
      log.warn(asLabError(thrown).message, { target: entry.resource });
    }
  }
}
