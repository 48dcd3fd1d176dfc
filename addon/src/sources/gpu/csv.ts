import {
  type Card,
  type GpuReadings,
  given,
  numberIn,
  type Process,
  present,
  said,
  throttleOf,
  uuidOf,
} from './card.ts';

const MIB_PER_GIB = 1024;

/** Readings by nvidia-smi's field. */
const NUMBERS = {
  utilization: 'utilization.gpu',
  temperature: 'temperature.gpu',
  memory_temperature: 'temperature.memory',
  fan: 'fan.speed',
  power: 'power.draw',
  power_limit: 'enforced.power.limit',
  clock: 'clocks.current.graphics',
  memory_clock: 'clocks.current.memory',
  encoder: 'utilization.encoder',
  decoder: 'utilization.decoder',
  pcie_gen: 'pcie.link.gen.current',
  pcie_width: 'pcie.link.width.current',
  ecc_corrected: 'ecc.errors.corrected.aggregate.total',
  ecc_uncorrected: 'ecc.errors.uncorrected.aggregate.total',
} as const satisfies Partial<Record<keyof GpuReadings, string>>;

/** Not known to drivers before 550, which then answer nothing at all. */
const YOUNG: readonly string[] = ['utilization.encoder', 'utilization.decoder'];

const ALL: readonly string[] = [
  // How many lines a round has.
  'count',
  ...['uuid', 'name', 'serial', 'driver_version', 'vbios_version', 'pci.bus_id', 'pci.device_id'],
  ...['memory.used', 'memory.free', 'memory.total', 'pstate'],
  // The name that older drivers have for it, and younger ones still take.
  'clocks_throttle_reasons.active',
  ...Object.values(NUMBERS),
];

/**
 * What is asked of `nvidia-smi --query-gpu`.
 *
 * @param forOld leaves out what older drivers do not know
 */
export const fieldsOf = (forOld: boolean): readonly string[] =>
  forOld ? ALL.filter((field) => !YOUNG.includes(field)) : ALL;

/** Says that a field is not known to a driver. */
export const isUnknownField = (output: string): boolean => /is not a valid field to query/i.test(output);

/** The names of a header: `memory.used [MiB]` is `memory.used`; names that are told are those that were asked for. */
export const headerOf = (line: string): readonly string[] =>
  line.split(',').map((name) => name.trim().replace(/ \[.*$/, ''));

export const isHeader = (line: string): boolean => headerOf(line).includes('uuid');

/**
 * A card in one line of `nvidia-smi --query-gpu=… --format=csv`, with units or without.
 *
 * @param line untrusted
 * @returns undefined: it tells of no card
 */
export function cardIn(line: string, names: readonly string[]): Card | undefined {
  const values = line.split(',');
  if (values.length !== names.length) return undefined;
  const of = (name: string): string | undefined => said(values[names.indexOf(name)]);
  const uuid = uuidOf(of('uuid'));
  if (uuid === undefined) return undefined;
  const mib = (name: string): number | undefined => {
    const number = numberIn(of(name));
    return number === undefined ? undefined : number / MIB_PER_GIB;
  };
  const [, device, vendor] = /^0x([0-9a-f]{4})([0-9a-f]{4})$/i.exec(of('pci.device_id') ?? '') ?? [];
  const mask = of('clocks_throttle_reasons.active') ?? of('clocks_event_reasons.active');
  return {
    uuid,
    ...given('name', of('name')),
    ...given('serial', of('serial')),
    ...given('driver', of('driver_version')),
    ...given('vbios', of('vbios_version')),
    ...given('pci', of('pci.bus_id')),
    ...given('device', device && `${vendor}:${device}`.toLowerCase()),
    readings: present<GpuReadings>({
      ...Object.fromEntries(Object.entries(NUMBERS).map(([key, field]) => [key, numberIn(of(field))])),
      vram_used: mib('memory.used'),
      vram_free: mib('memory.free'),
      vram_total: mib('memory.total'),
      pstate: of('pstate'),
      throttle: throttleOf(/^0x[0-9a-f]+$/i.test(mask ?? '') ? Number(mask) : undefined),
    }),
  };
}

export const PROCESS_FIELDS: readonly string[] = ['gpu_uuid', 'pid', 'process_name', 'used_gpu_memory'];

/** Processes by card in the output of `nvidia-smi --query-compute-apps=… --format=csv`. @param output untrusted */
export function processesIn(output: string): ReadonlyMap<string, readonly Process[]> {
  const [header = '', ...lines] = output.split('\n');
  const names = headerOf(header);
  const at = (name: string): number => names.indexOf(name);
  const found = new Map<string, Process[]>();
  for (const line of lines) {
    const values = line.split(',');
    const uuid = uuidOf(values[at('gpu_uuid')]);
    const pid = numberIn(values[at('pid')]);
    if (uuid === undefined || !pid) continue;
    const vram = numberIn(values[at('used_gpu_memory')]);
    // Its name is not found where it runs in another container.
    const name = said(values[at('process_name')]);
    const process = {
      pid,
      ...given('name', name),
      ...given('vram', vram === undefined ? undefined : vram / MIB_PER_GIB),
    };
    found.set(uuid, [...(found.get(uuid) ?? []), process]);
  }
  return found;
}

/** The version of CUDA in the output of `nvidia-smi --version`; drivers before 535 do not know that. */
export const cudaIn = (output: string): string | undefined =>
  /^CUDA Version\s*: (\d+\.\d+)/im.exec(output)?.[1];

/** Cards out of lines of `nvidia-smi --query-gpu=…,count,… --format=csv --loop`, round by round. */
export class Rounds {
  #names: readonly string[] = [];
  readonly #cards = new Map<string, Card>();

  /** @returns all cards, when the line is the last of its round; undefined: it is not, or it is none of a card */
  add(line: string): readonly Card[] | undefined {
    if (isHeader(line)) {
      this.#names = headerOf(line);
      return undefined;
    }
    const card = cardIn(line, this.#names);
    if (card === undefined) return undefined;
    // One that fell off its bus has no line, so its round ends where the next begins.
    const before = this.#cards.has(card.uuid) ? this.#take() : undefined;
    this.#cards.set(card.uuid, card);
    const count = numberIn(line.split(',')[this.#names.indexOf('count')]) ?? 1;
    return before ?? (this.#cards.size >= count ? this.#take() : undefined);
  }

  #take(): readonly Card[] {
    const cards = [...this.#cards.values()];
    this.#cards.clear();
    return cards;
  }
}
