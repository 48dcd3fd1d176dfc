import type { ApiResource } from './from-api.ts';

/** What of a graphics card no entity shows. */
export interface Card {
  /** Id of the resource. */
  readonly id: string;
  /** GiB */
  readonly total: number | undefined;
  readonly owners: readonly { readonly name: string; readonly vram: number }[];
  readonly workloads: readonly Workload[];
  /** What it cost, in `currency`. */
  readonly price: number | undefined;
  /** Of an hour elsewhere. */
  readonly cloudPrice: number | undefined;
  readonly electricityPrice: number | undefined;
  readonly currency: string;
  readonly busyHours: number;
  /** kWh */
  readonly energy: number;
}

interface Workload {
  readonly title: string;
  /** GiB */
  readonly vram: number;
  readonly fitsCard: boolean | undefined;
  readonly fitsNow: boolean;
  /** What would have to end for it. */
  readonly stop: string | undefined;
}

/** @param resources of the kind `gpu` */
export function cardsOf(resources: readonly ApiResource[]): readonly Card[] {
  return resources.map(({ id, readings }) => {
    const number = (key: string): number | undefined => {
      const value = readings[key];
      return typeof value === 'number' ? value : undefined;
    };
    const list = (key: string): readonly Readonly<Record<string, unknown>>[] => {
      const value = readings[key];
      return Array.isArray(value) ? value : [];
    };
    return {
      id,
      total: number('vram_total'),
      owners: list('processes')
        .map(({ title, container, vram }) => ({
          name: nameOf(container) ?? String(title),
          vram: Number(vram ?? 0),
        }))
        .filter(({ vram }) => vram > 0)
        .sort((a, b) => b.vram - a.vram),
      workloads: list('workloads').map(({ title, vram, fits_card, fits_now, stop }) => ({
        ...{ title: String(title), vram: Number(vram), fitsNow: fits_now === true },
        fitsCard: typeof fits_card === 'boolean' ? fits_card : undefined,
        stop: typeof stop === 'string' && stop !== 'none' ? stop : undefined,
      })),
      price: number('price'),
      cloudPrice: number('cloud_price'),
      electricityPrice: number('electricity_price'),
      currency: typeof readings.currency === 'string' ? readings.currency : '',
      busyHours: number('busy_hours') ?? 0,
      energy: number('energy') ?? 0,
    };
  });
}

/** `docker/lab/container/ai.chatterbox.1` is “chatterbox” to people. */
function nameOf(container: unknown): string | undefined {
  if (typeof container !== 'string') return undefined;
  const parts = container.split('/').at(-1)?.split('.') ?? [];
  return parts.length === 3 ? parts[1] : parts.join('.');
}
