import { backupNowInput } from '../contract/inputs/backup-now.ts';
import { provisioned } from './provisioned.ts';

export const backupNow = provisioned({
  id: 'backup_now',
  title: 'Back up now',
  description: 'Backs a guest up while it runs. Older backups are left alone.',
  de: {
    title: 'Jetzt sichern',
    description: 'Sichert einen Gast, während er läuft. Ältere Backups bleiben unberührt.',
  },
  risk: 'operate',
  kinds: ['guest'],
  input: backupNowInput,
});
