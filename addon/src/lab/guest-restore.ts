import { restoreBackupInput, restoreOverInput } from '../contract/inputs/restore.ts';
import { provisioned } from './provisioned.ts';

export const restoreBackup = provisioned({
  id: 'restore_backup',
  title: 'Restore backup',
  description:
    'Restores a backup of a guest as another guest beside it, under a new number. With “start”, it takes the place of the ' +
    'one that is there, which is shut down first.',
  de: {
    title: 'Backup wiederherstellen',
    description:
      'Stellt ein Backup eines Gasts als weiteren Gast neben ihm wieder her, unter neuer Nummer. Mit „Starten“ tritt er an ' +
      'die Stelle des vorhandenen, der zuvor heruntergefahren wird.',
  },
  risk: 'provision',
  kinds: ['guest'],
  interrupts: ({ start = false }) => start,
  input: restoreBackupInput,
});

export const restoreOver = provisioned({
  id: 'restore_over',
  title: 'Restore over guest',
  description:
    'Puts a backup in the place of the guest that is there. What it holds now, with its snapshots, is gone, but for a backup ' +
    'that is made first.',
  de: {
    title: 'Gast aus Backup ersetzen',
    description:
      'Setzt ein Backup an die Stelle des vorhandenen Gasts. Was er jetzt enthält, mit seinen Snapshots, ist weg, bis auf ' +
      'ein Backup, das zuvor gemacht wird.',
  },
  risk: 'destroy',
  kinds: ['guest'],
  input: restoreOverInput,
});
