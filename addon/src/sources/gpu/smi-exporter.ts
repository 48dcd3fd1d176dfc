import type { Sample } from '../../net/prometheus.ts';
import {
  type Card,
  type GpuReadings,
  given,
  measured,
  type Process,
  present,
  said,
  throttleOf,
  uuidOf,
} from './card.ts';

const GIB = 1024 ** 3;
const JOULES_PER_KWH = 3_600_000;

/** Readings by the exporter's metric, with what makes our unit of its. */
const NUMBERS = {
  utilization: ['utilization_gpu_ratio', 100],
  vram_used: ['memory_used_bytes', 1 / GIB],
  vram_free: ['memory_free_bytes', 1 / GIB],
  vram_total: ['memory_total_bytes', 1 / GIB],
  temperature: ['temperature_gpu', 1],
  memory_temperature: ['temperature_memory', 1],
  fan: ['fan_speed_ratio', 100],
  power: ['power_draw_watts', 1],
  power_limit: ['enforced_power_limit_watts', 1],
  clock: ['clocks_current_graphics_clock_hz', 1e-6],
  memory_clock: ['clocks_current_memory_clock_hz', 1e-6],
  encoder: ['utilization_encoder_ratio', 100],
  decoder: ['utilization_decoder_ratio', 100],
  pcie_gen: ['pcie_link_gen_current', 1],
  pcie_width: ['pcie_link_width_current', 1],
  ecc_corrected: ['ecc_errors_corrected_aggregate_total', 1],
  ecc_uncorrected: ['ecc_errors_uncorrected_aggregate_total', 1],
} as const satisfies Partial<Record<keyof GpuReadings, readonly [string, number]>>;

const OTHERS = [
  ...['gpu_info', 'pstate', 'clocks_event_reasons_active', 'clocks_throttle_reasons_active'],
  ...['pci_device_id', 'energy_joules_total', 'xid_errors_total', 'compute_apps'],
  ...['compute_app_info', 'compute_app_used_memory_bytes'],
];

export const SMI_METRICS: readonly string[] = [
  ...Object.values(NUMBERS).map(([metric]) => `nvidia_smi_${metric}`),
  ...OTHERS.map((metric) => `nvidia_smi_${metric}`),
];

/** What nvidia_gpu_exporter tells. https://github.com/utkuozdemir/nvidia_gpu_exporter/blob/master/docs/METRICS.md */
export function cardsOfSmi(samples: readonly Sample[]): readonly Card[] {
  const cards = Map.groupBy(samples, ({ labels }) => uuidOf(labels.uuid));
  return [...cards].flatMap(([uuid, of]) => (uuid === undefined ? [] : [cardOf(uuid, of)]));
}

function cardOf(uuid: string, samples: readonly Sample[]): Card {
  const all = (metric: string): readonly Sample[] =>
    samples.filter(({ name }) => name === `nvidia_smi_${metric}`);
  const value = (metric: string): number | undefined => measured(all(metric)[0]?.value);
  const { labels = {} } = all('gpu_info')[0] ?? {};
  const pstate = value('pstate');
  const mask = value('clocks_event_reasons_active') ?? value('clocks_throttle_reasons_active');
  const joules = value('energy_joules_total');
  const device = value('pci_device_id')?.toString(16).padStart(8, '0');
  const numbers = Object.entries(NUMBERS).map(([key, [metric, factor]]) => {
    const number = metric.endsWith('_bytes') ? all(metric)[0]?.value : value(metric);
    return [key, number === undefined ? undefined : scaled(number, factor)];
  });
  return {
    uuid,
    ...given('name', said(labels.name)),
    ...given('serial', said(labels.serial)),
    ...given('driver', said(labels.driver_version)),
    ...given('cuda', said(labels.cuda_version)),
    ...given('vbios', said(labels.vbios_version)),
    ...given('pci', said(labels.pci_bus_id)),
    ...given('device', device && `${device.slice(4)}:${device.slice(0, 4)}`),
    ...given('counted', joules === undefined ? undefined : joules / JOULES_PER_KWH),
    ...given('xids', xidsOf(all('xid_errors_total'))),
    ...given('processes', all('compute_apps').length === 0 ? undefined : processesOf(all)),
    readings: present<GpuReadings>({
      ...Object.fromEntries(numbers),
      pstate: pstate === undefined ? undefined : `P${pstate}`,
      throttle: throttleOf(mask),
    }),
  };
}

function processesOf(all: (metric: string) => readonly Sample[]): readonly Process[] {
  const bytes = new Map(all('compute_app_used_memory_bytes').map(({ labels, value }) => [labels.pid, value]));
  return all('compute_app_info').flatMap(({ labels: { pid, process_name: name } }) => {
    const number = Number(pid);
    if (!Number.isInteger(number) || number <= 0) return [];
    const vram = bytes.get(pid);
    return [{ pid: number, name: said(name) ?? `process ${number}`, ...given('vram', vram && vram / GIB) }];
  });
}

/** Only the exporter's NVML way knows them; it shows a number when it came for the first time. */
function xidsOf(samples: readonly Sample[]): Card['xids'] {
  if (samples.length === 0) return undefined;
  return Object.fromEntries(samples.map(({ labels, value }) => [Number(labels.xid), value]));
}

/** Ratios that were divided by a hundred would come back as 7.000000000000001. */
const scaled = (value: number, factor: number): number =>
  factor === 100 ? Math.round(value * 1e6) / 1e4 : value * factor;
