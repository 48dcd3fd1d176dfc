import type { Finding } from '../contract/finding.ts';
import type { LabResourceOf } from '../kinds/index.ts';
import { isFor, type LabView, type NodeCard } from './gpu-place.ts';

export type Verdict = 'yes' | 'no' | 'unknown';

/** How far a card is on its way into a virtual machine. */
export interface Passthrough {
  readonly iommu: Verdict;
  readonly group_clean: Verdict;
  readonly mapped: Verdict;
  readonly passed_through: Verdict;
  readonly driver_seen: Verdict;
}

type Node = LabResourceOf<'node'>;
type Guest = LabResourceOf<'guest'>;

/** Makers whose cards people pass on; the others are the server's own console. */
const PASSED_ON = /^(10de|1002):/;

/**
 * @param guests all of its node
 * @param seen whether a driver answers for it; undefined: nobody was asked
 */
export function passthroughOf(card: NodeCard, guests: readonly Guest[], seen?: boolean): Passthrough {
  const { iommu_group: group, mates, mappings } = card;
  const isKnown = group != null;
  const isOn = isKnown && group >= 0;
  const holder = holderOf(card, guests);
  // A guest whose configuration nobody may read may have it.
  const isTold = guests.every(({ readings }) => readings.passthrough !== null);
  return {
    iommu: isKnown ? (isOn ? 'yes' : 'no') : 'unknown',
    group_clean: isOn && mates != null ? (mates === 'none' ? 'yes' : 'no') : 'unknown',
    mapped: mappings == null ? 'unknown' : mappings === 'none' ? 'no' : 'yes',
    passed_through: holder !== undefined ? 'yes' : isTold ? 'no' : 'unknown',
    driver_seen: seen === undefined ? 'unknown' : seen ? 'yes' : 'no',
  };
}

const holderOf = (card: NodeCard, guests: readonly Guest[]): Guest | undefined =>
  guests.find(({ readings }) => readings.pci_devices?.some((device) => isFor(device, card)));

/**
 * What stands between the cards of all nodes and the guests that are to have them.
 *
 * @param answers ids of guests from which a driver tells of a card
 */
export function passthroughFindings(lab: LabView, answers: ReadonlySet<string>): readonly Finding[] {
  const all = [...lab.all()];
  return all.flatMap((node) => {
    if (node.kind !== 'node') return [];
    const guests = all.filter((one): one is Guest => one.kind === 'guest' && one.parent === node.id);
    return (node.readings.cards ?? []).flatMap((card) => ofCard(node, card, guests, answers));
  });
}

function ofCard(
  node: Node,
  card: NodeCard,
  guests: readonly Guest[],
  answers: ReadonlySet<string>,
): readonly Finding[] {
  const holder = holderOf(card, guests);
  const verdict = passthroughOf(card, guests);
  const isWanted = PASSED_ON.test(card.device) || verdict.mapped === 'yes' || holder !== undefined;
  if (!isWanted) return [];
  const name = `${card.title} (${card.address})`;
  const about = node.id;
  const key = (what: string): string => `passthrough ${what} ${node.id} ${card.address}`;
  const found: Finding[] = [];
  if (verdict.iommu === 'no') {
    found.push({
      ...{ key: key('iommu'), about, severity: holder === undefined ? 'info' : 'problem' },
      title: `${node.name} does not keep devices apart (IOMMU is off)`,
      message: `${name} cannot be passed through to a virtual machine while that is so.`,
      remedy:
        'Switch on VT-d (Intel) or AMD-Vi in the BIOS; on Intel, add intel_iommu=on to the kernel’s command line ' +
        '(/etc/kernel/cmdline, or GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub), then restart the node.',
      commands: ['proxmox-boot-tool refresh', 'update-grub', 'dmesg | grep -e DMAR -e IOMMU'],
    });
  }
  if (verdict.group_clean === 'no') {
    found.push({
      ...{ key: key('group'), about, severity: holder === undefined ? 'info' : 'warning' },
      title: `${card.title} shares its IOMMU group`,
      message: `On ${node.name}, ${card.mates} is in the group of ${name}: a guest that gets one gets all of them.`,
      remedy:
        'Put the card into another slot, or switch on ACS in the BIOS; pcie_acs_override gives up the protection.',
    });
  }
  if (holder !== undefined) found.push(...ofHolder(name, key, card, holder, answers));
  return found;
}

function ofHolder(
  name: string,
  key: (what: string) => string,
  card: NodeCard,
  guest: Guest,
  answers: ReadonlySet<string>,
): readonly Finding[] {
  const device = guest.readings.pci_devices?.find((one) => isFor(one, card));
  const about = guest.id;
  const found: Finding[] = [];
  if (device?.mapping == null && card.mappings === 'none') {
    found.push({
      ...{ key: key('mapping'), about, severity: 'info' },
      title: `${guest.name} names ${card.title} by its address`,
      message: `The address of ${name} changes when cards are moved, and only root may pass on what no mapping names.`,
      remedy: 'Make a mapping (Datacenter, Resource Mappings), and choose it in the hardware of the guest.',
    });
  }
  if (device?.q35 === false || device?.ovmf === false) {
    const missing = [
      ...(device.q35 === false ? ['machine q35'] : []),
      ...(device.ovmf === false ? ['bios OVMF'] : []),
    ];
    const isNeeded = device.pcie === true && device.q35 === false;
    found.push({
      ...{ key: key('machine'), about, severity: isNeeded ? 'problem' : 'info' },
      title: `${guest.name} has ${name} without ${missing.join(' and ')}`,
      message: isNeeded
        ? 'A device that is passed through as PCI Express needs the machine type q35: the guest does not start.'
        : 'Drivers of younger cards want PCI Express and UEFI; without, some do not start.',
      remedy: 'Best on a new guest: an installed system has to be made to boot by UEFI first.',
    });
  }
  if (guest.readings.on && PASSED_ON.test(card.device) && !answers.has(guest.id)) {
    found.push({
      ...{ key: key('driver'), about, severity: 'info' },
      title: `No driver is seen for ${card.title} in ${guest.name}`,
      message: `${guest.name} has ${name} and runs, and nothing tells of the card.`,
      remedy:
        'See whether nvidia-smi shows it there; then name a way to it in the options of the source gpu.',
      commands: ['nvidia-smi'],
    });
  }
  return found;
}
