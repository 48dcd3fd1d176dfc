import type { LabResourceOf } from '../kinds/index.ts';
import type { Addition } from '../model/addition.ts';
import { type LabView, placeOf } from './gpu-place.ts';

type Gpu = LabResourceOf<'gpu'>;

/**
 * Which cards speech servers use, and how much of their memory they hold: by the processes of the container that each runs
 * in. Where none of those is on the card now, it holds nothing.
 *
 * @returns by id of the speech server
 */
export function speechCards(lab: LabView): ReadonlyMap<string, Addition> {
  const all = [...lab.all()];
  const gpus = all.filter((one): one is Gpu => one.kind === 'gpu' && one.available);
  const additions = new Map<string, Addition>();
  for (const { kind, id, parent } of all) {
    if (kind !== 'speech' || parent === undefined || lab.get(parent)?.kind !== 'container') continue;
    const own = gpus.filter((gpu) => tellsOf(gpu, parent, lab));
    if (own.length === 0) continue;
    const used = own.filter((gpu) => processesIn(gpu, parent).length > 0);
    const held = used.flatMap((gpu) => processesIn(gpu, parent).map(({ vram }) => vram ?? null));
    additions.set(id, {
      // What its server says itself counts for more.
      readings: {
        memory: held.includes(null) ? null : held.reduce<number>((sum, one) => sum + (one ?? 0), 0),
      },
      links: used.map((gpu) => ({ type: 'uses_gpu', to: gpu.id })),
    });
  }
  return additions;
}

const processesIn = ({ readings: { processes = [] } }: Gpu, container: string) =>
  processes.filter((process) => process.container === container);

/** Whether what runs in a container shows among the card's processes: it does on the machine that has the card. */
function tellsOf(gpu: Gpu, container: string, lab: LabView): boolean {
  if (gpu.readings.processes === undefined) return false;
  if (processesIn(gpu, container).length > 0) return true;
  const { holder } = placeOf(gpu, lab);
  const seen = new Set<string>();
  for (let at = lab.get(container); at !== undefined && !seen.has(at.id); at = lab.get(at.parent ?? '')) {
    if (at.id === holder?.id) return true;
    seen.add(at.id);
  }
  return false;
}
