import type { EventRow } from './rows.ts';

/** What became of a command that was refused or failed; every kind that can be commanded has it. */
export const outcome: EventRow = {
  key: 'outcome',
  platform: 'event',
  types: ['refused', 'failed', 'unknown'],
  name: { en: 'Command outcome', de: 'Befehlsausgang' },
  level: 'essential',
  category: 'diagnostic',
  icon: 'mdi:alert-decagram-outline',
};
