import '../src/main.ts';
import type { Hass, HassDevice, HassEntity, HassState, RegistryEntry } from '../src/hass/types.ts';

/** A Home Assistant of this many things of a lab, and as many entities of others. */
class Home {
  readonly devices: Record<string, HassDevice> = {};
  readonly entities: Record<string, HassEntity> = {};
  readonly registry: Record<string, RegistryEntry> = {};
  states: Readonly<Record<string, HassState>> = {};
  readonly #numbers: string[] = [];
  #turn = 0;

  constructor(things: number) {
    const states: Record<string, HassState> = {};
    let made = 0;
    const add = (path: string, name: string, keys: readonly string[], parent?: string): string => {
      const id = `labkeeper_${path}`;
      made += 1;
      this.devices[id] = {
        ...{ id, name, identifiers: [['mqtt', id]], via_device_id: parent ?? null, model: 'Virtual machine' },
      };
      for (const key of keys) {
        const entity_id = `${key === 'power' ? 'switch' : 'sensor'}.${path}_${key}`;
        this.entities[entity_id] = { entity_id, device_id: id, platform: 'mqtt' };
        this.registry[entity_id] = { entity_id, unique_id: `${id}_${key}`, device_id: id };
        states[entity_id] = stateOf(key, made);
        if (key === 'cpu') this.#numbers.push(entity_id);
      }
      return id;
    };
    const server = add('redfish_rack_server_system', 'R640', ['watts', 'health']);
    while (made < things) {
      const n = made;
      const node = add(`proxmox_home_node_pve${n}`, `pve${n}`, LOAD, server);
      for (let disk = 0; disk < 8; disk += 1)
        add(`proxmox_home_disk_${n}-${disk}`, `Disk ${disk}`, ['temperature', 'health'], node);
      for (let guest = 0; guest < 8 && made < things; guest += 1) {
        const machine = add(
          `proxmox_home_guest_${n}${guest}`,
          `guest-${guest}`,
          [...LOAD, 'state', 'power', 'ip'],
          node,
        );
        if (guest > 1) continue;
        const host = add(`docker_d${n}${guest}_host_engine`, 'Docker', [...LOAD, 'running'], machine);
        for (let stack = 0; stack < 3; stack += 1) {
          const project = add(
            `docker_d${n}${guest}_stack_s${stack}`,
            `stack-${stack}`,
            ['running', 'total'],
            host,
          );
          for (let one = 0; one < 3; one += 1)
            add(
              `docker_d${n}${guest}_container_s${stack}-c${one}`,
              `c-${one}`,
              [...LOAD, 'state', 'power'],
              project,
            );
        }
      }
    }
    for (let index = 0; index < things * 5; index += 1)
      states[`sensor.other_${index}`] = { state: '1', attributes: {} };
    this.states = states;
  }

  /** As Home Assistant hands it to cards: another object for each change. */
  hass(): Hass {
    const { devices, entities, registry, states } = this;
    return {
      ...{ devices, entities, states, services: {}, connection: CONNECTION, locale: { language: 'en' } },
      ...{ config: {}, user: { is_admin: true }, callApi: never, callService: never },
      callWS: (message: object) =>
        (message as { type: string }).type === 'config/entity_registry/get_entries'
          ? Promise.resolve(registry)
          : Promise.reject({ code: 'unknown_command', message: 'no integration' }),
    } as unknown as Hass;
  }

  change(entity: string, value: string): void {
    this.states = { ...this.states, [entity]: { ...(this.states[entity] as HassState), state: value } };
  }

  relevant(): void {
    this.#turn += 1;
    this.change(this.#numbers[this.#turn % this.#numbers.length] as string, String((this.#turn * 7) % 100));
  }

  irrelevant(): void {
    this.#turn += 1;
    this.change(`sensor.other_${this.#turn % 50}`, String(this.#turn));
  }
}

const LOAD = ['cpu', 'memory', 'memory_total', 'network_received', 'network_sent'];
const CONNECTION = {
  subscribeMessage: () => new Promise(() => {}),
  subscribeEvents: () => new Promise(() => {}),
};
const never = (): Promise<never> => new Promise(() => {});

function stateOf(key: string, seed: number): HassState {
  if (key === 'state') return { state: 'running', attributes: {} };
  if (key === 'power') return { state: 'on', attributes: {} };
  if (key === 'health') return { state: 'ok', attributes: {} };
  const unit = key === 'cpu' ? '%' : key.startsWith('memory') ? 'GiB' : undefined;
  const attributes = unit === undefined ? {} : { unit_of_measurement: unit };
  return { state: String((seed * 13) % 100), attributes };
}

interface Card extends HTMLElement {
  hass: Hass;
  setConfig(config: object): void;
}

const frame = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));

customElements.define('ha-card', class extends HTMLElement {});

let home: Home;
let card: Card;

Object.assign(window, {
  prepare: (things: number) => {
    home = new Home(things);
    return Object.keys(home.devices).length;
  },
  show: async () => {
    card = document.createElement('labkeeper-card') as Card;
    card.setConfig({ type: 'custom:labkeeper-card', view: 'topology' });
    card.hass = home.hass();
    document.body.append(card);
    while (card.shadowRoot?.querySelector('labkeeper-topology') == null) await frame();
    await frame();
  },
  /** That many changes a second, for that many seconds. */
  run: async (kind: 'relevant' | 'irrelevant', rate: number, seconds: number) => {
    const start = performance.now();
    for (let done = 0; done < rate * seconds; done += 1) {
      home[kind]();
      card.hass = home.hass();
      const wait = start + ((done + 1) / rate) * 1_000 - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    await frame();
  },
  /** Changes as fast as frames are drawn. */
  burst: async (count: number) => {
    for (let done = 0; done < count; done += 1) {
      home.relevant();
      card.hass = home.hass();
      if (done % 20 === 0) await frame();
    }
    await frame();
  },
});
