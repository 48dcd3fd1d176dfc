import type { RedfishClient } from './client.ts';
import type { Part } from './health.ts';
import { measured, said } from './units.ts';
import type { Module, Processor, System } from './wire.ts';

/** What a server is made of: read when it is found, and again when it was changed. */
export interface Inventory {
  readonly processors: readonly Processor[];
  readonly modules: readonly Module[];
}

export async function readInventory(
  client: RedfishClient,
  system: System,
  signal: AbortSignal,
): Promise<Inventory> {
  const processors = await client.members<Processor>(system.Processors, signal);
  const modules = await client.members<Module>(system.Memory, signal);
  return { processors, modules };
}

/** What tells that a server may be made of something else than before. */
export const makeOf = (system: System): string =>
  JSON.stringify([
    system.BiosVersion,
    system.PowerState,
    system.ProcessorSummary?.Count,
    system.MemorySummary?.TotalSystemMemoryGiB,
  ]);

/** “2 × Xeon Gold 6138, 40 cores”; null: not told. */
export function processorsText({ processors }: Inventory, { ProcessorSummary: sum }: System): string | null {
  const cpus = processors.filter(
    ({ ProcessorType: type, Model, Status: status }) =>
      (type ?? 'CPU') === 'CPU' && said(Model) !== null && status?.State !== 'Absent',
  );
  const model = said(cpus[0]?.Model) ?? said(sum?.Model);
  if (model === null) return null;
  const count = cpus.length || measured(sum?.Count) || 1;
  const each = cpus.map(({ TotalCores: cores }) => measured(cores) ?? 0);
  const cores = each.reduce((all, one) => all + one, 0) || measured(sum?.CoreCount) || 0;
  const plain = model
    .replaceAll(/\((R|TM)\)|\bCPU\b|@.*$/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${count} × ${plain}${cores > 0 ? `, ${cores} cores` : ''}`;
}

/** “8 × 32 GiB DDR4 2666 MT/s”, one after another where they differ; null: not told. */
export function modulesText(inventory: Inventory): string | null {
  const kinds = Map.groupBy(
    fitted(inventory),
    ({ CapacityMiB: mib, MemoryDeviceType: type, OperatingSpeedMhz: speed }) =>
      [
        `${Number(mib) / 1024} GiB`,
        ...(said(type) === null ? [] : [said(type)]),
        ...(measured(speed) ? [`${speed} MT/s`] : []),
      ].join(' '),
  );
  return kinds.size === 0 ? null : [...kinds].map(([kind, all]) => `${all.length} × ${kind}`).join(', ');
}

/** GiB; null: not told. Modules say it more exactly than some sums, which count in other units. */
export function memoryOf(inventory: Inventory, { MemorySummary: sum }: System): number | null {
  const mib = fitted(inventory).reduce((all, { CapacityMiB }) => all + Number(CapacityMiB), 0);
  return mib > 0 ? mib / 1024 : measured(sum?.TotalSystemMemoryGiB);
}

/** null: not told. */
export function freeSlotsOf({ modules }: Inventory, system: System): number | null {
  const { MaxDIMMSlots: slots, PopulatedDIMMSlots: taken } = system.Oem?.Dell?.DellSystem ?? {};
  if (typeof slots === 'number') {
    const used = typeof taken === 'number' ? taken : fitted({ modules }).length;
    return used > 0 && used <= slots ? slots - used : null;
  }
  const empty = modules.filter(({ Status: status }) => status?.State === 'Absent').length;
  return empty > 0 ? empty : null;
}

export function inventoryParts({ processors, modules }: Inventory): readonly Part[] {
  return [
    ...processors.map(({ Name: name, Status: status }) => ({ name: name ?? 'processor', status })),
    ...modules.map(({ Name: name, Status: status }) => ({ name: name ?? 'memory module', status })),
  ];
}

const fitted = ({ modules }: Pick<Inventory, 'modules'>): readonly Module[] =>
  modules.filter(
    ({ CapacityMiB: mib, Status: status }) => (measured(mib) ?? 0) > 0 && status?.State !== 'Absent',
  );
