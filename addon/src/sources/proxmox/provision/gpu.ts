import type { GpuMappingInput } from '../../../contract/inputs/gpu.ts';
import type { Task } from '../../../contract/provision.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import type { MappingRow, PciRow } from '../hardware/cards.ts';
import { guestPath, nodePath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { configStep } from './config-step.ts';
import { cardChecks, holdersCheck, machineChecks, mappedOn, mappingIn, memoryCheck } from './gpu-checks.ts';
import { guestNow } from './guest-now.ts';
import { rightsCheck } from './make-checks.ts';
import { seeStep } from './see.ts';
import { guestRows } from './vmids.ts';

const SLOTS = Array.from({ length: 16 }, (_, index) => `hostpci${index}`);

interface Decided {
  readonly row: GuestRow;
  /** As in `hostpci0`. */
  readonly key: string;
  readonly mapping: string;
  readonly digest: string;
}

/** `GET /nodes/{node}/status`, as far as it is used; bytes. */
interface NodeMemory {
  readonly memory?: { readonly free?: number; readonly available?: number };
}

/** Sets `hostpci…` to a mapping. */
export function attachGpu({ desk, list }: Bench): Task<GpuMappingInput> {
  const { client } = desk;
  return {
    prepare: async ({ target, input: { mapping }, signal }) => {
      const { row, config, status, fingerprint } = await guestNow(desk, list, target.id, signal);
      const node = nodePath(row.node);
      const rows = await client.list<PciRow>(`${node}/hardware/pci`, signal);
      const mappings = await client.list<MappingRow>('/cluster/mapping/pci', signal);
      const found = mappings.find(({ id }) => id === mapping);
      const { memory } = await client.get<NodeMemory>(`${node}/status`, signal);
      const cards = found === undefined ? [] : mappedOn(found, row.node);
      const key = SLOTS.find((slot) => config[slot] === undefined) ?? 'hostpci15';
      return {
        decided: { row, key, mapping, digest: String(config.digest ?? '') } satisfies Decided,
        checks: [
          ...rightsCheck(desk, [
            [['VM.Config.HWType', `/vms/${row.vmid}`]],
            [['Mapping.Use', `/mapping/pci/${mapping}`]],
          ]),
          ...machineChecks(row, config, status.status, mapping),
          ...(found === undefined
            ? [
                {
                  ...{
                    name: 'Mapping',
                    ok: false,
                    message: `there is no mapping “${mapping}”, or it may not be seen`,
                  },
                  hint: `there are: ${mappings.map(({ id }) => id).join(', ') || 'none'}; they are made under Datacenter, Resource Mappings`,
                },
              ]
            : cardChecks(cards, rows, row.node)),
          holdersCheck(mapping, cards, await othersOf(row.vmid, signal), row.node),
          memoryCheck(config, memory?.available ?? memory?.free ?? 0, row.node),
        ],
        warnings: [
          'from then on it takes all of its memory when it starts, and cannot move or keep its memory in a snapshot while it runs',
          `its driver has to be installed within ${target.name}`,
        ],
        fingerprint: `${fingerprint} ${status.status} ${JSON.stringify(found?.map)}`,
      };
    },
    steps: ({ decided }) => {
      const { row, key, mapping, digest } = decided as unknown as Decided;
      const set = { [key]: `mapping=${mapping},pcie=1` };
      return [
        configStep(desk, { name: `Give it ${mapping} as ${key}`, row, set, digest }),
        seeStep(desk, {
          ...{ name: 'See that it has it', row },
          wrong: (config) => (mappingIn(config[key]) === mapping ? undefined : `${key} is not ${mapping}`),
        }),
      ];
    },
  };

  /** All other guests of the cluster, those that are off among them. */
  async function othersOf(
    vmid: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly row: GuestRow; readonly config: GuestConfig }[]> {
    const others = (await guestRows(desk, signal)).filter((row) => row.vmid !== vmid && row.type === 'qemu');
    const seen = others.filter(({ node }) => desk.picture.nodes.online.has(node));
    return Promise.all(
      seen.map(async (row) => ({
        row,
        config: await client.get<GuestConfig>(`${guestPath(row)}/config`, signal),
      })),
    );
  }
}

/** Takes the setting away that names a mapping. */
export function detachGpu({ desk, list }: Bench): Task<GpuMappingInput> {
  return {
    prepare: async ({ target, input: { mapping }, signal }) => {
      const { row, config, status, fingerprint } = await guestNow(desk, list, target.id, signal);
      const key = SLOTS.find((slot) => mappingIn(config[slot]) === mapping);
      const has = SLOTS.flatMap((slot) => mappingIn(config[slot]) ?? []);
      return {
        decided: { row, key: key ?? '', mapping, digest: String(config.digest ?? '') } satisfies Decided,
        checks: [
          ...rightsCheck(desk, [
            [['VM.Config.HWType', `/vms/${row.vmid}`]],
            [['Mapping.Use', `/mapping/pci/${mapping}`]],
          ]),
          key === undefined
            ? {
                ...{ name: 'Mapping', ok: false, message: `${target.name} does not have ${mapping}` },
                hint: `it has: ${has.join(', ') || 'none'}`,
              }
            : { name: 'Mapping', ok: true, message: `${target.name} has it as ${key}` },
          status.status === 'stopped'
            ? { name: 'Off', ok: true, message: 'it is off' }
            : { name: 'Off', ok: false, message: 'it runs', hint: 'shut it down first' },
        ],
        fingerprint: `${fingerprint} ${status.status}`,
      };
    },
    steps: ({ decided }) => {
      const { row, key, mapping, digest } = decided as unknown as Decided;
      return [
        configStep(desk, { name: `Take ${mapping} away (${key})`, row, remove: [key], digest }),
        seeStep(desk, {
          ...{ name: 'See that it is gone', row },
          wrong: (config) => (config[key] === undefined ? undefined : `${key} is still there`),
        }),
      ];
    },
  };
}
