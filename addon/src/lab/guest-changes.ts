import { resizeInput } from '../contract/inputs/resize.ts';
import { pruneSnapshotsInput, takeSnapshotInput } from '../contract/inputs/snapshots.ts';
import { provisioned } from './provisioned.ts';

export const snapshot = provisioned({
  id: 'snapshot',
  title: 'Snapshot',
  description:
    'Freezes the disks of a guest under a name, so that it can be rolled back to that. Its memory is kept only if asked for.',
  de: {
    title: 'Snapshot erstellen',
    description:
      'Friert die Disks eines Gasts unter einem Namen ein, sodass er darauf zurückgesetzt werden kann. Sein Speicher ' +
      'wird nur auf Wunsch behalten.',
  },
  risk: 'operate',
  kinds: ['guest'],
  input: takeSnapshotInput,
});

export const pruneSnapshots = provisioned({
  id: 'prune_snapshots',
  title: 'Prune snapshots',
  description:
    'Gives up the older of the snapshots that Labkeeper named itself (labkeeper-date-time). Others stay, and so does what ' +
    'another’s snapshot was made after.',
  de: {
    title: 'Snapshots aufräumen',
    description:
      'Gibt die älteren der Snapshots auf, die Labkeeper selbst benannt hat (labkeeper-Datum-Zeit). Andere bleiben, ebenso ' +
      'einer, auf dem ein fremder Snapshot aufbaut.',
  },
  risk: 'destroy',
  kinds: ['guest'],
  interrupts: () => false,
  input: pruneSnapshotsInput,
});

export const resizeGuest = provisioned({
  id: 'resize_guest',
  title: 'Resize guest',
  description:
    'Gives a guest other CPUs, other memory or a larger disk. Says what counts at once, and what from the next start.',
  de: {
    title: 'Gast anpassen',
    description:
      'Gibt einem Gast andere CPUs, anderen Speicher oder eine größere Disk. Sagt, was sofort gilt und was ab dem nächsten ' +
      'Start.',
  },
  risk: 'provision',
  kinds: ['guest'],
  // It goes on as it is; what it has less of, it has less of from the next start.
  interrupts: () => false,
  input: resizeInput,
});
