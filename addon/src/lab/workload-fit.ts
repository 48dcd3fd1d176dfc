import type { LabResourceOf } from '../kinds/index.ts';

/** Something that needs a card. */
export interface Workload {
  readonly id: string;
  readonly title: string;
  /** VRAM that it needs at least, in GB of 10⁹ bytes: a “24 GB” card has a little less than 24 GiB. */
  readonly vram: number;
}

/** What is to be done on cards, as long as the file `workloads.yaml` says nothing else. */
export const WORKLOADS: readonly Workload[] = [
  { id: 'chatterbox', title: 'Chatterbox', vram: 7 },
  { id: 'lora', title: 'LoRA fine-tuning', vram: 18 },
  { id: 'train_small', title: 'Training under 1B', vram: 12 },
  { id: 'train_large', title: 'Training 1B to 7B', vram: 24 },
  { id: 'finetune_7b', title: 'Fine-tuning 7B', vram: 24 },
  { id: 'finetune_7b_full', title: 'Fine-tuning 7B, all of it', vram: 48 },
];

type Readings = LabResourceOf<'gpu'>['readings'];
type Fits = NonNullable<Readings['workloads']>[number];
type Process = NonNullable<Readings['processes']>[number];

export const GIB_PER_GB = 1e9 / 1024 ** 3;

/**
 * Which workloads a card has room for: at all, now, and what would have to end for that. A workload that runs already is
 * not told from others.
 *
 * @param nameOf of a container, by its id
 */
export function workloadFit(
  { vram_free: free, vram_total: total, processes }: Readings,
  workloads: readonly Workload[],
  nameOf: (container: string) => string | undefined,
): readonly Fits[] {
  return workloads.map(({ id, title, vram: gb }) => {
    const vram = gb * GIB_PER_GB;
    const fitsCard = total == null ? null : total >= vram;
    const fitsNow = free == null ? null : free >= vram;
    return {
      ...{ key: id, title, vram, fits_card: fitsCard, fits_now: fitsNow },
      stop: fitsNow ? 'none' : fitsCard && free != null ? toStop(vram - free, processes ?? [], nameOf) : null,
    };
  });
}

/** The workloads for which there is room now, for people. */
export const fittingNow = (fits: readonly Fits[]): string | null =>
  fits.every(({ fits_now }) => fits_now === null)
    ? null
    : fits
        .filter(({ fits_now }) => fits_now)
        .map(({ title }) => title)
        .join(', ') || 'none';

function toStop(
  missing: number,
  processes: readonly Process[],
  nameOf: (container: string) => string | undefined,
): string | null {
  const users = toEnd(
    missing,
    processes,
    ({ title, container }) => (container && nameOf(container)) || title,
  );
  return users?.join(', ') ?? null;
}

/**
 * Who has to end so that so much VRAM comes free: the smallest one that is enough by itself, else the largest first.
 *
 * @param missing GiB
 * @param userOf whom a process belongs to; undefined: to nobody that could end
 * @returns null: all of it together is not enough, or not told
 */
export function toEnd(
  missing: number,
  processes: readonly Process[],
  userOf: (process: Process) => string | undefined,
): readonly string[] | null {
  const users = new Map<string, number>();
  for (const process of processes) {
    const user = userOf(process);
    if (user !== undefined) users.set(user, (users.get(user) ?? 0) + (process.vram ?? 0));
  }
  const bySize = [...users].sort(([one, large], [other, larger]) => larger - large || (one < other ? -1 : 1));
  const enough = bySize.filter(([, vram]) => vram >= missing).at(-1);
  if (enough !== undefined) return [enough[0]];
  let sum = 0;
  const chosen: string[] = [];
  for (const [user, vram] of bySize) {
    sum += vram;
    chosen.push(user);
    if (sum >= missing) return chosen;
  }
  return null;
}
