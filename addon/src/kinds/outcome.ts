import type { EventRow } from './rows.ts';

/** What became of a command that was refused or failed, or made something; every kind that can be commanded has it. */
export const outcome: EventRow = {
  key: 'outcome',
  platform: 'event',
  // Switches and buttons show by themselves that they did what they were pressed for: only what makes something says so.
  types: ['refused', 'failed', 'unknown', 'succeeded', 'cancelled'],
  name: { en: 'Command outcome', de: 'Befehlsausgang' },
  level: 'essential',
  category: 'diagnostic',
  icon: 'mdi:alert-decagram-outline',
};
