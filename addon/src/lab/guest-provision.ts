import { migrateInput, rollbackInput, snapshotInput } from '../contract/inputs/guests.ts';
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

export const rollback = provisioned({
  id: 'rollback',
  title: 'Roll back',
  description:
    'Takes a guest back to a snapshot. All that it wrote since is lost, and one that runs is cut off. On ZFS only to ' +
    'the newest snapshot.',
  de: {
    title: 'Zurücksetzen',
    description:
      'Setzt einen Gast auf einen Snapshot zurück. Alles, was er seitdem geschrieben hat, ist verloren; einer, der ' +
      'läuft, wird hart beendet. Auf ZFS nur auf den neuesten Snapshot.',
  },
  risk: 'destroy',
  kinds: ['guest'],
  input: rollbackInput,
});

export const migrateGuest = provisioned({
  id: 'migrate_guest',
  title: 'Move guest',
  description:
    'Moves a guest to another node of its cluster: a virtual machine while it runs, a container by a restart. Its ' +
    'entities stay.',
  de: {
    title: 'Gast umziehen',
    description:
      'Zieht einen Gast auf einen anderen Node seines Clusters um: eine virtuelle Maschine im Betrieb, einen Container ' +
      'mit einem Neustart. Seine Entitäten bleiben.',
  },
  risk: 'provision',
  kinds: ['guest'],
  input: migrateInput,
});
