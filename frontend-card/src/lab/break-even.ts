import type { Card } from './gpu.ts';

/** What a card costs and what renting one would, by hours of work. */
export interface BreakEven {
  /** Hours at which both have cost the same; undefined: never. */
  readonly hours: number | undefined;
  /** Hours that it has worked. */
  readonly now: number;
  /** Hours that the curves go to. */
  readonly until: number;
  readonly own: (hours: number) => number;
  readonly rent: (hours: number) => number;
  readonly currency: string;
}

/** @returns undefined where prices are not known */
export function breakEven(card: Card): BreakEven | undefined {
  const { price, cloudPrice, electricityPrice = 0, currency, busyHours, energy } = card;
  if (price === undefined || cloudPrice === undefined || cloudPrice <= 0) return undefined;
  // What an hour of work took so far; before the first, nobody knows.
  const hourly = busyHours > 1 ? (energy / busyHours) * electricityPrice : 0;
  const hours = cloudPrice > hourly ? price / (cloudPrice - hourly) : undefined;
  const until = Math.max(hours === undefined ? 0 : hours * 1.5, busyHours * 1.2, 10);
  return {
    ...{ hours, now: busyHours, until, currency },
    own: (at) => price + hourly * at,
    rent: (at) => cloudPrice * at,
  };
}
