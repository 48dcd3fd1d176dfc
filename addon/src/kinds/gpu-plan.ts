import Type from 'typebox';
import type { SensorRow } from './rows.ts';
import { number, oneOf, text } from './schema.ts';

/** What a look at the passthrough of a card found. */
const VERDICTS = ['yes', 'no', 'unknown'] as const;

const key = Type.String({ description: 'its name in topics; never changes' });

/** What Labkeeper works out itself about a card, from what the whole lab tells. */
export const planReadings = {
  price: Type.Optional(number('what the card cost', 'currency')),
  cloud_price: Type.Optional(number('what an hour of such a card costs elsewhere', 'currency/h')),
  electricity_price: Type.Optional(number('what electricity costs', 'currency/kWh')),
  currency: Type.Optional(text('currency of the prices, as in “£”')),
  counted_since: Type.Optional(text('since when its busy time is counted, ISO 8601')),
  cost: Type.Optional(number('what it has cost with the electricity that it took', 'currency')),
  cloud_avoided: Type.Optional(number('what its busy time would have cost elsewhere', 'currency')),
  break_even_hours: Type.Optional(number('busy time until it has cost less than renting one', 'h')),
  break_even_date: Type.Optional(
    text(
      'day on which that is so if it goes on like this, ISO 8601; null: not at this pace, or not known yet',
    ),
  ),
  fits_now: Type.Optional(text('workloads for which enough VRAM is free, else “none”')),
  workloads: Type.Optional(
    Type.Array(
      Type.Object({
        key,
        title: Type.String(),
        vram: number('that it needs', 'GiB'),
        fits_card: Type.Union([Type.Boolean(), Type.Null()], { description: 'the card has that much' }),
        fits_now: Type.Union([Type.Boolean(), Type.Null()], { description: 'so much is free' }),
        stop: text(
          'what would have to end for that, else “none”; null: that would not help, or is not known',
        ),
      }),
    ),
  ),
  iommu: Type.Optional(oneOf(VERDICTS, 'its node keeps devices apart (IOMMU)')),
  group_clean: Type.Optional(oneOf(VERDICTS, 'nothing else is in its IOMMU group')),
  mapped: Type.Optional(oneOf(VERDICTS, 'a mapping of the cluster names it')),
  passed_through: Type.Optional(oneOf(VERDICTS, 'a virtual machine has it')),
  driver_seen: Type.Optional(oneOf(VERDICTS, 'a driver in the machine that has it answers')),
};

interface Plan {
  fits_now?: string | null;
  cost?: number | null;
  cloud_avoided?: number | null;
  break_even_hours?: number | null;
  break_even_date?: string | null;
}

export const planRows = [
  {
    key: 'fits_now',
    platform: 'sensor',
    reading: 'fits_now',
    name: { en: 'Fits now', de: 'Passt jetzt' },
    topic: 'state',
    level: 'standard',
    icon: 'mdi:puzzle-check-outline',
  },
  {
    key: 'break_even_hours',
    platform: 'sensor',
    reading: 'break_even_hours',
    name: { en: 'Until break-even', de: 'Bis zur Gewinnschwelle' },
    topic: 'metrics',
    level: 'standard',
    deviceClass: 'duration',
    unit: 'h',
    decimals: 0,
    icon: 'mdi:scale-balance',
  },
  {
    key: 'break_even_date',
    platform: 'sensor',
    reading: 'break_even_date',
    name: { en: 'Break-even', de: 'Gewinnschwelle' },
    topic: 'state',
    level: 'all',
    deviceClass: 'timestamp',
    icon: 'mdi:calendar-check',
  },
  {
    key: 'cost',
    platform: 'sensor',
    reading: 'cost',
    name: { en: 'Cost so far', de: 'Kosten bisher' },
    topic: 'metrics',
    level: 'all',
    decimals: 2,
    icon: 'mdi:cash-minus',
  },
  {
    key: 'cloud_avoided',
    platform: 'sensor',
    reading: 'cloud_avoided',
    name: { en: 'Rent saved', de: 'Gesparte Miete' },
    topic: 'metrics',
    level: 'all',
    decimals: 2,
    icon: 'mdi:cash-plus',
  },
] as const satisfies readonly SensorRow<Plan>[];
