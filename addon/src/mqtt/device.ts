import { damp, type Told } from '../entities/damping.ts';
import type { Discovery } from '../entities/discovery.ts';
import type { AnyRow } from '../entities/published-rows.ts';
import type { EntitySettings } from '../entities/settings.ts';
import { statesOf } from '../entities/states.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Message } from './connection.ts';
import type { Entry } from './ledger.ts';

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
  readonly #states = new Map<string, string>();
  readonly #told = new Map<string, Told>();

  /** The messages that tell what changed since the last time; all of them while it is not `complete`. */
  states(resource: LabResource, settings: EntitySettings, now: number): readonly Message[] {
    const tell = (row: AnyRow, value: unknown): unknown => {
      const told = damp('damping' in row ? row.damping : undefined, this.#told.get(row.key), value, now);
      this.#told.set(row.key, told);
      return told.value;
    };
    const messages: Message[] = [];
    const states = statesOf(resource, settings, tell);
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

/** Components that went, reduced to their platform: Home Assistant's way of removing one. undefined: none went. */
export function buried(discovery: Discovery, before: Entry['components']): Discovery | undefined {
  const gone = Object.entries(before).filter(([key]) => discovery.components[key] === undefined);
  if (gone.length === 0) return undefined;
  const tombstones = Object.fromEntries(gone.map(([key, platform]) => [key, { platform }]));
  return { ...discovery, components: { ...discovery.components, ...tombstones } };
}

export const platformsOf = ({ components }: Discovery): Entry['components'] =>
  Object.fromEntries(Object.entries(components).map(([key, { platform }]) => [key, String(platform)]));
