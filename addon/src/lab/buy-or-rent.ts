/** What is known of a card that was bought. Prices are in one currency. */
export interface Bought {
  readonly price: number;
  /** Of renting such a card, an hour. */
  readonly cloudPrice: number;
  /** Of a kilowatt hour; left out: electricity does not count. */
  readonly electricityPrice?: number | undefined;
  /** For how long it had something to do. */
  readonly busyHours: number;
  /** kWh that it took, also while it rested. */
  readonly energy?: number | undefined;
  /** Milliseconds since 1970: since when that is counted. */
  readonly since: number;
}

export interface Comparison {
  /** Purchase and electricity. */
  readonly cost: number;
  /** What the same hours would have cost elsewhere. */
  readonly cloudAvoided: number;
  /** Busy hours until it has cost less; 0: it has. null: never, an hour of it costs more than to rent. */
  readonly hoursLeft: number | null;
  /** Milliseconds since 1970, if it goes on like this; null: never, or it was not looked at for long enough. */
  readonly breakEven: number | null;
}

const HOUR_MS = 3_600_000;
/** What was seen for less than a day says nothing of the weeks to come. */
const LEAST_MS = 24 * HOUR_MS;

/** Whether buying a card was worth it, by how much it is used. @param now milliseconds since 1970 */
export function buyOrRent(
  { price, cloudPrice, electricityPrice = 0, busyHours, energy = 0, since }: Bought,
  now: number,
): Comparison {
  const electricity = energy * electricityPrice;
  const cost = price + electricity;
  const cloudAvoided = busyHours * cloudPrice;
  // What it takes at rest is a part of what a busy hour costs; of a card that hardly worked that is not known yet.
  const anHour = busyHours >= 1 ? electricity / busyHours : 0;
  const saved = cloudPrice - anHour;
  const left = cost - cloudAvoided;
  const hoursLeft = left <= 0 ? 0 : saved > 0 ? left / saved : null;
  const watched = now - since;
  const pace = watched >= LEAST_MS ? busyHours / (watched / HOUR_MS) : 0;
  const breakEven =
    hoursLeft === 0 ? now : hoursLeft === null || pace === 0 ? null : now + (hoursLeft / pace) * HOUR_MS;
  return { cost, cloudAvoided, hoursLeft, breakEven };
}
