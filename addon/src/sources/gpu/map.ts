import { alias } from '../../model/resource.ts';
import { type Card, type GpuReadings, type GpuResource, given } from './card.ts';

/** What is known of a card beside what it told just now. */
export interface CardKnowledge {
  /** Under whom it is known: `gpu/<id>`. */
  readonly owner: string;
  /** Where its numbers come from, for people. */
  readonly via: string;
  /** False: it was not among what was told last. */
  readonly available: boolean;
  /** What is kept of it, and what a person stated. */
  readonly added: Partial<GpuReadings>;
  /** Whose processes are, by their ids on their machine. */
  readonly owners: ReadonlyMap<number, Whose>;
  /** Where a person says that the cards are. */
  readonly guest?: string | undefined;
}

/** The container that a process runs in. */
export interface Whose {
  readonly container: string;
  /** Of the process. */
  readonly name: string;
}

export const cardId = (owner: string, uuid: string): string => `${owner}/gpu/${uuid}`;

export function gpuOf(
  card: Card,
  { owner, via, available, added, owners, guest }: CardKnowledge,
): GpuResource {
  const processes = card.processes?.map(({ pid, name, vram }) => ({
    key: `process_${pid}`,
    title: name ?? owners.get(pid)?.name ?? `process ${pid}`,
    pid,
    ...given('vram', vram),
    ...given('container', owners.get(pid)?.container),
  }));
  return {
    id: cardId(owner, card.uuid),
    kind: 'gpu',
    name: card.name?.replace(/^NVIDIA (?=\S)/, '') ?? 'GPU',
    available,
    aliases: [
      alias('gpu_uuid', card.uuid),
      ...(card.serial === undefined ? [] : [alias('serial', card.serial)]),
    ],
    ...(guest !== undefined && { links: [{ type: 'attached_to', to: guest }] }),
    readings: { ...card.readings, ...added, ...given('processes', processes) },
    facts: {
      manufacturer: 'NVIDIA',
      ...given('model', card.name),
      ...given('version', card.driver),
      ...given('serial', card.serial),
      ...given('cuda', card.cuda),
      ...given('vbios', card.vbios),
      ...given('pci_in_guest', card.pci?.toLowerCase()),
      ...given('device', card.device),
      via,
    },
  };
}
