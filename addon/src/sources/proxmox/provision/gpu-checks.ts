import type { Check } from '../../../contract/step.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { type MappingRow, type PciRow, slotOf } from '../hardware/cards.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Steps on the node, for a person: nothing here is ever run. */
const IOMMU_STEPS =
  'on the node: switch on VT-d or AMD-Vi in its BIOS; on Intel add intel_iommu=on to /etc/kernel/cmdline (or to ' +
  'GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub), run proxmox-boot-tool refresh (or update-grub), restart the node';

/** A device that a mapping names on one node. */
export interface Mapped {
  /** Without function: `0000:3b:00`. */
  readonly slot: string;
  /** As in `10de:2204`; undefined: not said. */
  readonly device: string | undefined;
}

/** What a mapping names on a node. */
export function mappedOn({ map = [] }: MappingRow, node: string): readonly Mapped[] {
  return map.flatMap((entry) => {
    const of = (name: string): string | undefined =>
      entry
        .split(',')
        .find((part) => part.startsWith(`${name}=`))
        ?.slice(name.length + 1);
    if (of('node') !== node) return [];
    const device = of('id')?.toLowerCase();
    return (of('path') ?? '').split(';').map((path) => ({ slot: withDomain(slotOf(path)), device }));
  });
}

const withDomain = (address: string): string =>
  /^[0-9a-f]{2}:/i.test(address) ? `0000:${address}` : address;

/** Whether a virtual machine could have the card: its firmware, its machine type, and that it is off. */
export function machineChecks(
  { type }: GuestRow,
  config: GuestConfig,
  status: string,
  mapping: string,
): readonly Check[] {
  if (type === 'lxc')
    return [
      {
        ...{ name: 'Machine', ok: false, message: 'it is a container' },
        hint: 'containers share the card with the node: give it to them on the node, by hand',
      },
    ];
  const q35 = /q35/.test(String(config.machine ?? ''));
  const ovmf = config.bios === 'ovmf';
  const lacks = [...(q35 ? [] : ['machine type q35']), ...(ovmf ? [] : ['firmware OVMF'])];
  const has = Object.values(config).some((value) => mappingIn(value) === mapping);
  return [
    status === 'stopped'
      ? { name: 'Off', ok: true, message: 'it is off' }
      : { name: 'Off', ok: false, message: 'it runs', hint: 'shut it down first' },
    lacks.length === 0
      ? { name: 'Machine', ok: true, message: 'q35 with OVMF' }
      : {
          ...{ name: 'Machine', ok: false, message: `it lacks ${lacks.join(' and ')}` },
          hint: 'that is never changed on a machine that is installed: it would not boot; make a new one',
        },
    has
      ? { name: 'Free', ok: false, message: `it has ${mapping} already`, hint: 'nothing is to be done' }
      : { name: 'Free', ok: true, message: `it does not have ${mapping} yet` },
  ];
}

/** The mapping in a setting; undefined: it names none. */
export const mappingIn = (value: string | number | undefined): string | undefined =>
  /(?:^|,)mapping=([^,]+)/.exec(String(value ?? ''))?.[1];

/** Whether the cards of a mapping can leave the node: their groups, and what the node shows its console on. */
export function cardChecks(
  cards: readonly Mapped[],
  rows: readonly PciRow[],
  node: string,
): readonly Check[] {
  if (cards.length === 0)
    return [
      {
        ...{ name: 'Mapping', ok: false, message: `it names no device of ${node}` },
        hint: 'add one in Proxmox VE: Datacenter, Resource Mappings',
      },
    ];
  return cards.flatMap((card) => checksOf(card, cards, rows, node));
}

function checksOf(
  card: Mapped,
  all: readonly Mapped[],
  rows: readonly PciRow[],
  node: string,
): readonly Check[] {
  const { slot, device } = card;
  const functions = rows.filter(({ id }) => slotOf(id) === slot);
  const [first] = functions;
  const name = `Card ${slot}`;
  if (first === undefined)
    return [{ name, ok: false, message: `${node} has no device there`, hint: 'mend the mapping' }];
  const ids = functions.map((row) => `${hex(row.vendor)}:${hex(row.device)}`);
  if (device !== undefined && !ids.includes(device))
    return [
      {
        name,
        ok: false,
        message: `it is ${ids[0]}, not ${device}`,
        hint: 'a card was moved: mend the mapping',
      },
    ];
  const group = first.iommugroup ?? -1;
  const mates = rows.filter((row) => row.iommugroup === group && slotOf(row.id) !== slot);
  const others = rows.filter(
    ({ class: kind, id }) => isDisplay(kind) && !all.some((each) => each.slot === slotOf(id)),
  );
  const title = first.device_name ?? ids[0] ?? slot;
  return [
    group < 0
      ? {
          name,
          ok: false,
          message: `${title}: ${node} does not keep devices apart (IOMMU is off)`,
          hint: IOMMU_STEPS,
        }
      : mates.length > 0
        ? {
            ...{ name, ok: false },
            message: `${title}: in its IOMMU group is also ${mates.map((row) => row.device_name ?? row.id).join(', ')}`,
            hint: 'put the card into another slot, or switch on ACS in the BIOS',
          }
        : { name, ok: true, message: `${title}, alone in IOMMU group ${group}` },
    isDisplay(first.class) && others.length === 0
      ? {
          ...{ name: 'Console', ok: false, message: `it is the only display of ${node}` },
          hint: 'without it nobody sees the node start; have another card for that, or the console of its management controller',
        }
      : { name: 'Console', ok: true, message: `${node} has another display` },
  ];
}

const isDisplay = (kind: string): boolean => /^0x03/.test(String(kind));
const hex = (text: string): string => String(text).replace(/^0x/, '').toLowerCase();

/** Who has a card already, by the mapping or by its address. */
export function holdersCheck(
  mapping: string,
  cards: readonly Mapped[],
  guests: readonly { readonly row: GuestRow; readonly config: GuestConfig }[],
  node: string,
): Check {
  const slots = new Set(cards.map(({ slot }) => slot));
  const names = guests
    .filter(({ row, config }) =>
      Object.entries(config).some(([key, value]) => {
        if (!/^hostpci\d+$/.test(key)) return false;
        if (mappingIn(value) === mapping) return true;
        const [host = ''] = String(value)
          .replace(/^host=/, '')
          .split(',');
        return row.node === node && host.split(';').some((each) => slots.has(withDomain(slotOf(each))));
      }),
    )
    .map(({ row }) => row.name ?? `${row.vmid}`);
  return names.length === 0
    ? { name: 'Others', ok: true, message: 'no other guest has it' }
    : {
        name: 'Others',
        ok: false,
        message: `${names.join(', ')} has it already`,
        hint: 'detach it there first',
      };
}

/** A device writes to all of the memory of its machine: all of it is taken when it starts. @param free bytes */
export function memoryCheck({ memory = 512 }: GuestConfig, free: number, node: string): Check {
  const needed = Number(memory) * MIB;
  const ok = free >= needed;
  const gib = (bytes: number): string => `${Math.round((bytes / GIB) * 10) / 10} GiB`;
  const message = `${gib(free)} free on ${node}, ${gib(needed)} needed at once`;
  return {
    name: 'Memory',
    ok,
    message,
    ...(!ok && { hint: `stop something on ${node}, or give it less memory` }),
  };
}
