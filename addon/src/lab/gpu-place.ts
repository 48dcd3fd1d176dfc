import type { LabResource, LabResourceOf } from '../kinds/index.ts';
import type { Addition } from '../model/addition.ts';
import { linksOf } from '../model/resource.ts';

type Gpu = LabResourceOf<'gpu'>;
type Guest = LabResourceOf<'guest'>;
type Node = LabResourceOf<'node'>;
/** A card as its node lists it. */
export type NodeCard = NonNullable<Node['readings']['cards']>[number];
/** A device of the node that a guest has. */
export type Passed = NonNullable<Guest['readings']['pci_devices']>[number];

/** Where a card of a guest or node sits. */
export interface GpuPlace {
  /** What has it: a guest that it is passed through to, or a node. */
  readonly holder?: Guest | Node;
  readonly node?: Node;
  /** As its node lists it; undefined: not told, or not sure which. */
  readonly card?: NodeCard;
}

export interface LabView {
  get(id: string): LabResource | undefined;
  all(): Iterable<LabResource>;
}

/** The devices of a node that a guest has, as the node lists its cards. */
export function cardsOf(guest: Guest, node: Node): readonly NodeCard[] {
  const passed = guest.readings.pci_devices ?? [];
  return (node.readings.cards ?? []).filter((card) => passed.some((device) => isFor(device, card)));
}

/** Whether what a guest asks for is this card: by address, with or without function, or by a mapping that names it. */
export function isFor({ mapping, addresses }: Passed, { address, mappings }: NodeCard): boolean {
  if (mapping != null) return mappings?.split(', ').includes(mapping) === true;
  const slot = address.replace(/\.[0-7]$/, '');
  return (addresses ?? '').split(', ').some((each) => each === slot || each === `${slot}.0`);
}

/**
 * Where a card is: where a person or the way to its numbers says, else in the only guest that has such a one for itself.
 * Which of several like cards it is stays open.
 */
export function placeOf(gpu: Gpu, lab: LabView): GpuPlace {
  const holder = statedHolder(gpu, lab) ?? onlyHolder(gpu, lab);
  if (holder === undefined) return {};
  const node = holder.kind === 'node' ? holder : lab.get(holder.parent ?? '');
  if (node?.kind !== 'node') return { holder };
  const there = holder.kind === 'node' ? (node.readings.cards ?? []) : cardsOf(holder, node);
  const like = there.filter((card) => isLike(gpu, card));
  const [card] = like;
  return { holder, node, ...(card !== undefined && like.length === 1 && { card }) };
}

const isLike = ({ facts }: Gpu, { device }: NodeCard): boolean =>
  facts.device === undefined ? device.startsWith('10de:') : facts.device === device;

/** From the thing that it is attached to (a container, an engine, a guest, a node) upwards. */
function statedHolder(gpu: Gpu, lab: LabView): Guest | Node | undefined {
  const start = linksOf(gpu).find(({ type }) => type === 'attached_to');
  const seen = new Set<string>();
  for (
    let at = lab.get(start?.to ?? '');
    at !== undefined && !seen.has(at.id);
    at = lab.get(at.parent ?? '')
  ) {
    if (at.kind === 'guest' || at.kind === 'node') return at;
    seen.add(at.id);
  }
  return undefined;
}

function onlyHolder(gpu: Gpu, lab: LabView): Guest | undefined {
  const holders = [...lab.all()].filter((one): one is Guest => {
    if (one.kind !== 'guest') return false;
    const node = lab.get(one.parent ?? '');
    return node?.kind === 'node' && cardsOf(one, node).some((card) => isLike(gpu, card));
  });
  return holders.length === 1 ? holders[0] : undefined;
}

/** Edges from what uses a card: the guest that has it, and containers with a process on it. */
export function usersOf(gpu: Gpu, { holder }: GpuPlace): ReadonlyMap<string, Addition> {
  const containers = gpu.readings.processes?.flatMap(({ container }) => container ?? []) ?? [];
  const users = new Set([...(holder?.kind === 'guest' ? [holder.id] : []), ...containers]);
  return new Map([...users].map((id) => [id, { links: [{ type: 'uses_gpu', to: gpu.id }] }]));
}
