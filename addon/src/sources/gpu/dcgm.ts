import type { Sample } from '../../net/prometheus.ts';
import { type Card, type GpuReadings, given, measured, present, said, throttleOf, uuidOf } from './card.ts';

const MIB_PER_GIB = 1024;
const MILLIJOULES_PER_KWH = 3_600_000_000;

/** Readings by DCGM's field; those that are not among the exporter's default counters can be added there. */
const NUMBERS = {
  utilization: ['DEV_GPU_UTIL', 1],
  vram_used: ['DEV_FB_USED', 1 / MIB_PER_GIB],
  vram_free: ['DEV_FB_FREE', 1 / MIB_PER_GIB],
  temperature: ['DEV_GPU_TEMP', 1],
  fan: ['DEV_FAN_SPEED', 1],
  power: ['DEV_POWER_USAGE', 1],
  power_limit: ['DEV_POWER_MGMT_LIMIT', 1],
  clock: ['DEV_SM_CLOCK', 1],
  memory_clock: ['DEV_MEM_CLOCK', 1],
  encoder: ['DEV_ENC_UTIL', 1],
  decoder: ['DEV_DEC_UTIL', 1],
  pcie_gen: ['DEV_PCIE_LINK_GEN', 1],
  pcie_width: ['DEV_PCIE_LINK_WIDTH', 1],
  ecc_corrected: ['DEV_ECC_SBE_AGG_TOTAL', 1],
  ecc_uncorrected: ['DEV_ECC_DBE_AGG_TOTAL', 1],
} as const satisfies Partial<Record<keyof GpuReadings, readonly [string, number]>>;

const OTHERS = [
  ...['DEV_MEMORY_TEMP', 'DEV_FB_TOTAL', 'DEV_FB_RESERVED', 'DEV_PSTATE', 'DEV_XID_ERRORS'],
  ...['DEV_TOTAL_ENERGY_CONSUMPTION', 'DEV_CLOCK_THROTTLE_REASONS', 'DEV_CLOCKS_EVENT_REASONS'],
];

export const DCGM_METRICS: readonly string[] = [
  ...Object.values(NUMBERS).map(([field]) => `DCGM_FI_${field}`),
  ...OTHERS.map((field) => `DCGM_FI_${field}`),
];

/**
 * What dcgm-exporter tells, by its default counters and some that can be added.
 * https://docs.nvidia.com/datacenter/dcgm/latest/dcgm-api/dcgm-api-field-ids.html
 */
export function cardsOfDcgm(samples: readonly Sample[]): readonly Card[] {
  const cards = Map.groupBy(samples, ({ labels }) => uuidOf(labels.UUID));
  return [...cards].flatMap(([uuid, of]) => (uuid === undefined ? [] : [cardOf(uuid, of)]));
}

function cardOf(uuid: string, samples: readonly Sample[]): Card {
  const values = new Map<string, number | undefined>();
  // A card that is split (MIG) is told part by part; the whole card's own sample comes first where there is one.
  for (const { name, value } of samples) if (!values.has(name)) values.set(name, measured(value));
  const value = (field: string): number | undefined => values.get(`DCGM_FI_${field}`);
  const { labels = {} } = samples[0] ?? {};
  const numbers = Object.entries(NUMBERS).map(([key, [field, factor]]) => {
    const number = value(field);
    return [key, number === undefined ? undefined : number * factor];
  });
  const [used, free] = [value('DEV_FB_USED'), value('DEV_FB_FREE')];
  const sum =
    used === undefined || free === undefined ? undefined : used + free + (value('DEV_FB_RESERVED') ?? 0);
  const total = value('DEV_FB_TOTAL') ?? sum;
  const pstate = value('DEV_PSTATE');
  const millijoules = samples.find(({ name }) => name.endsWith('TOTAL_ENERGY_CONSUMPTION'))?.value;
  const xid = value('DEV_XID_ERRORS');
  return {
    uuid,
    ...given('name', said(labels.modelName)),
    ...given('driver', said(labels.DCGM_FI_DRIVER_VERSION)),
    ...given('pci', said(labels.pci_bus_id)),
    ...given('counted', isCounted(millijoules) ? millijoules / MILLIJOULES_PER_KWH : undefined),
    ...given('xids', xid === undefined ? undefined : xid === 0 ? {} : { [xid]: 1 }),
    readings: present<GpuReadings>({
      ...Object.fromEntries(numbers),
      vram_total: total === undefined ? undefined : total / MIB_PER_GIB,
      // 0 where the driver does not know: no memory that works is that cold.
      memory_temperature: value('DEV_MEMORY_TEMP') || undefined,
      pstate: pstate === undefined ? undefined : `P${pstate}`,
      throttle: throttleOf(value('DEV_CLOCK_THROTTLE_REASONS') ?? value('DEV_CLOCKS_EVENT_REASONS')),
    }),
  };
}

/** Millijoules of a life exceed a 47-bit blank after years at full power only; those of 64 bits they never do. */
const isCounted = (millijoules: number | undefined): millijoules is number =>
  millijoules !== undefined && Number.isFinite(millijoules) && millijoules >= 0 && millijoules < 1.4e14;
