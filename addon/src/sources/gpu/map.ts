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
  /** Containers by the process ids of their machine. */
  readonly containers: ReadonlyMap<number, string>;
}

export const cardId = (owner: string, uuid: string): string => `${owner}/gpu/${uuid}`;

export function gpuOf(card: Card, { owner, via, available, added, containers }: CardKnowledge): GpuResource {
  const processes = card.processes?.map(({ pid, name, vram }) => ({
    key: `process_${pid}`,
    title: name,
    pid,
    ...given('vram', vram),
    ...given('container', containers.get(pid)),
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
