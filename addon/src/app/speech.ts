import { isDeepStrictEqual } from 'node:util';
import type { LabResource } from '../kinds/index.ts';
import { speechCards } from '../lab/speech-cards.ts';
import type { Change, Store } from '../model/store.ts';

const BY = 'lab/speech';

/** Has the store hold what cards tell of speech servers. The returned function ends it. */
export const joinSpeech = (store: Store<LabResource>): (() => void) =>
  store.subscribe((diff) => {
    if (diff.some(matters)) store.amend(speechCards(store), BY);
  });

function matters({ before, after }: Change<LabResource>): boolean {
  const { kind } = after ?? before;
  if (before?.parent !== after?.parent) return true;
  if (kind !== 'gpu' && kind !== 'speech') return false;
  if (before?.available !== after?.available || before === undefined) return true;
  return kind === 'gpu' && !isDeepStrictEqual(processesOf(before), processesOf(after));
}

const processesOf = (one: LabResource | undefined): unknown =>
  one?.kind === 'gpu' ? one.readings.processes : undefined;
