import {
  type Connection,
  type HassEntities,
  type HassEntity,
  subscribeEntities,
} from 'home-assistant-js-websocket';
import { eventually } from './process.ts';

export interface EntityEntry {
  readonly id: string;
  readonly entity_id: string;
  readonly unique_id: string;
  readonly platform: string;
  readonly device_id: string | null;
  readonly entity_category: string | null;
  readonly disabled_by: string | null;
  readonly original_name: string | null;
}

export interface DeviceEntry {
  readonly id: string;
  readonly name: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly sw_version: string | null;
  readonly via_device_id: string | null;
  readonly config_entries: readonly string[];
  readonly identifiers: readonly (readonly [string, string])[];
}

/** Home Assistant as its frontend sees it: live states, registries, actions. */
export class Home {
  readonly connection: Connection;
  readonly #listeners = new Set<(states: HassEntities) => void>();
  #states: HassEntities = {};

  constructor(connection: Connection) {
    this.connection = connection;
    // It connects again by itself; until then nothing is known.
    connection.addEventListener('disconnected', () => {
      this.#states = {};
    });
    subscribeEntities(connection, (states) => {
      this.#states = states;
      for (const listener of this.#listeners) listener(states);
    });
  }

  get states(): HassEntities {
    return this.#states;
  }

  /** Calls `listener` whenever Home Assistant tells of a change. The returned function ends it. */
  onStates(listener: (states: HassEntities) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether it has started up whole. */
  async isRunning(): Promise<boolean> {
    const config = await this.connection.sendMessagePromise<{ state: string }>({ type: 'get_config' });
    return config.state === 'RUNNING';
  }

  entities(): Promise<EntityEntry[]> {
    return this.connection.sendMessagePromise({ type: 'config/entity_registry/list' });
  }

  devices(): Promise<DeviceEntry[]> {
    return this.connection.sendMessagePromise({ type: 'config/device_registry/list' });
  }

  async device(identifier: string): Promise<DeviceEntry | undefined> {
    return (await this.devices()).find(({ identifiers }) => identifiers.some(([, id]) => id === identifier));
  }

  /** As somebody does who presses “Delete” at a device. */
  async deleteDevice(identifier: string): Promise<void> {
    const device = await this.device(identifier);
    const [config_entry_id] = device?.config_entries ?? [];
    const type = 'config/device_registry/remove_config_entry';
    await this.connection.sendMessagePromise({ type, device_id: device?.id, config_entry_id });
  }

  /** The entity id that Home Assistant gave to one of ours. */
  async entityId(uniqueId: string): Promise<string> {
    return eventually(`entity ${uniqueId}`, async () => {
      const entry = (await this.entities()).find(({ unique_id }) => unique_id === uniqueId);
      return entry?.entity_id;
    });
  }

  async callAction(domain: string, service: string, target: object, data: object = {}): Promise<unknown> {
    return this.connection.sendMessagePromise({
      type: 'call_service',
      domain,
      service,
      service_data: data,
      target,
    });
  }

  /** Waits until an entity has the state, or one that `wanted` accepts. */
  async until(
    entityId: string,
    wanted: string | ((entity: HassEntity) => boolean),
    withinMs = 15_000,
  ): Promise<void> {
    await eventually(
      `${entityId} to be ${wanted}`,
      () => {
        const entity = this.#states[entityId];
        if (entity === undefined) throw new Error('it does not exist');
        const fits = typeof wanted === 'string' ? entity.state === wanted : wanted(entity);
        if (!fits) throw new Error(`it is ${entity.state}`);
        return true;
      },
      withinMs,
    );
  }

  close(): void {
    this.connection.close();
  }
}
