import { damp, type Told } from '../entities/damping.ts';
import type { Discovery } from '../entities/discovery.ts';
import type { AnyRow } from '../entities/published-rows.ts';
import type { EntitySettings } from '../entities/settings.ts';
import { statesOf } from '../entities/states.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Message } from './connection.ts';
import type { Entry } from './ledger.ts';

/** How long a component of an earlier run may take to be read again, milliseconds. */
const LATE_MS = 300_000;

/** What this run has sent of one resource. */
export class Device {
  /** Of the discovery that the broker holds; '' for none. */
  digest = '';
  /** Name and parent in that discovery, to see cheaply whether they changed. */
  context = '';
  /** False: the broker may have lost the states, or never had them. */
  complete = false;
  /** What the broker keeps for it beside the discovery. */
  topics: readonly string[] = [];
  /** Components of an earlier run that may still come, in Home Assistant as unknown until then. */
  late: readonly string[] = [];
  /** What the earlier run had the broker keep. */
  #before: readonly string[] = [];
  /** By the clock's `elapsed`. */
  readonly #since: number;
  /** Components that it had in this run. */
  readonly #seen = new Set<string>();
  readonly #states = new Map<string, string>();
  readonly #told = new Map<string, Told>();

  /** @param now by the clock's `elapsed` */
  constructor(now: number) {
    this.#since = now;
  }

  /**
   * Looks which components of an earlier run are late: a start reads one thing after another, and what is not read yet
   * is no reason to have Home Assistant forget an entity.
   *
   * @returns milliseconds until they are gone for good; Infinity: none is late
   */
  expect(discovery: Discovery, before: Pick<Entry, 'components' | 'topics'>, now: number): number {
    for (const key of Object.keys(discovery.components)) this.#seen.add(key);
    const left = this.#since + LATE_MS - now;
    this.late = left > 0 ? Object.keys(before.components).filter((key) => !this.#seen.has(key)) : [];
    this.#before = before.topics;
    return this.late.length > 0 ? left : Number.POSITIVE_INFINITY;
  }

  /** The messages that tell what changed since the last time; all of them while it is not `complete`. */
  states(resource: LabResource, settings: EntitySettings, now: number): readonly Message[] {
    const tell = (row: AnyRow, value: unknown): unknown => {
      const told = damp('damping' in row ? row.damping : undefined, this.#told.get(row.key), value, now);
      this.#told.set(row.key, told);
      return told.value;
    };
    const messages: Message[] = [];
    const states = statesOf(resource, settings, tell, { keys: this.late, topics: this.#before });
    this.topics = [...states.keys()];
    for (const [topic, payload] of states) {
      if (this.complete && this.#states.get(topic) === payload) continue;
      this.#states.set(topic, payload);
      // A lost fast number is followed by another one soon.
      messages.push({ topic, payload, retain: true, qos: topic.endsWith('/metrics') ? 0 : 1 });
    }
    return messages;
  }
}

/**
 * Components that went, reduced to their platform: Home Assistant's way of removing one. undefined: none went.
 *
 * @param late those that may still come
 */
export function buried(
  discovery: Discovery,
  before: Entry['components'],
  late: readonly string[] = [],
): Discovery | undefined {
  const gone = Object.entries(before).filter(
    ([key]) => discovery.components[key] === undefined && !late.includes(key),
  );
  if (gone.length === 0) return undefined;
  const tombstones = Object.fromEntries(gone.map(([key, platform]) => [key, { platform }]));
  return { ...discovery, components: { ...discovery.components, ...tombstones } };
}

export const platformsOf = ({ components }: Discovery): Entry['components'] =>
  Object.fromEntries(Object.entries(components).map(([key, { platform }]) => [key, String(platform)]));
