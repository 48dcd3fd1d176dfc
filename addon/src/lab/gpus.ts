import type { Finding } from '../contract/finding.ts';
import type { LabResourceOf } from '../kinds/index.ts';
import type { Addition } from '../model/addition.ts';
import type { Link } from '../model/resource.ts';
import { buyOrRent } from './buy-or-rent.ts';
import { type LabView, placeOf, usersOf } from './gpu-place.ts';
import { passthroughFindings, passthroughOf } from './passthrough-doctor.ts';
import { fittingNow, type Workload, workloadFit } from './workload-fit.ts';

type Gpu = LabResourceOf<'gpu'>;

export interface GpuPlans {
  /** By id of what they are about: cards, and what uses them. */
  readonly additions: ReadonlyMap<string, Addition>;
  readonly findings: readonly Finding[];
}

/** What the lab as a whole tells of cards that nobody tells alone. @param now milliseconds since 1970 */
export function gpuPlans(lab: LabView, workloads: readonly Workload[], now: number): GpuPlans {
  const additions = new Map<string, Addition>();
  const links = new Map<string, Link[]>();
  const answers = new Set<string>();
  const gpus = [...lab.all()].filter((one): one is Gpu => one.kind === 'gpu');
  for (const gpu of gpus) {
    const place = placeOf(gpu, lab);
    if (gpu.available && place.holder !== undefined) answers.add(place.holder.id);
    for (const [id, { links: more = [] }] of usersOf(gpu, place))
      links.set(id, [...(links.get(id) ?? []), ...more]);
    const guests = [...lab.all()].filter(
      (one): one is LabResourceOf<'guest'> => one.kind === 'guest' && one.parent === place.node?.id,
    );
    additions.set(gpu.id, {
      ...(place.node !== undefined && { parent: place.node.id }),
      readings: {
        ...fitOf(gpu, workloads, lab),
        ...priceOf(gpu, now),
        ...(place.card !== undefined && passthroughOf(place.card, guests, gpu.available)),
      },
    });
  }
  for (const [id, more] of links) additions.set(id, { links: more });
  return { additions, findings: passthroughFindings(lab, answers) };
}

function fitOf({ readings }: Gpu, workloads: readonly Workload[], lab: LabView): Partial<Gpu['readings']> {
  if (readings.vram_total === undefined || workloads.length === 0) return {};
  const fits = workloadFit(readings, workloads, (id) => lab.get(id)?.name);
  return { workloads: [...fits], fits_now: fittingNow(fits) };
}

/** Only of a card whose prices a person stated. */
function priceOf({ readings }: Gpu, now: number): Partial<Gpu['readings']> {
  const { price, cloud_price: cloudPrice, busy_hours: busyHours, counted_since: since } = readings;
  if (price == null || cloudPrice == null || busyHours == null || since == null) return {};
  const { energy, electricity_price: electricityPrice } = readings;
  const { cost, cloudAvoided, hoursLeft, breakEven } = buyOrRent(
    {
      ...{ price, cloudPrice, busyHours, since: Date.parse(since) },
      ...(electricityPrice != null && { electricityPrice }),
      ...(energy != null && { energy }),
    },
    now,
  );
  return {
    ...{ cost, cloud_avoided: cloudAvoided, break_even_hours: hoursLeft },
    // A day is all that a guess is worth; and one that is over would move on for ever.
    break_even_date: breakEven === null || hoursLeft === 0 ? null : dayOf(breakEven),
  };
}

const dayOf = (at: number): string | null =>
  at > 8.64e15 ? null : `${new Date(at).toISOString().slice(0, 10)}T00:00:00+00:00`;
