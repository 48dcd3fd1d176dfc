import { snapshotInput } from '../contract/inputs/guests.ts';
import { provisioned } from './provisioned.ts';

export const deleteSnapshot = provisioned({
  id: 'delete_snapshot',
  title: 'Delete snapshot',
  description:
    'Gives up a snapshot of a guest, so that it cannot go back to it. The guest itself goes on as it is.',
  de: {
    title: 'Snapshot löschen',
    description:
      'Gibt einen Snapshot eines Gasts auf, sodass er nicht mehr dorthin zurück kann. Der Gast selbst läuft weiter.',
  },
  risk: 'destroy',
  kinds: ['guest'],
  // What runs goes on.
  interrupts: () => false,
  input: snapshotInput,
});
