import mqtt, { type MqttClient } from 'mqtt';

interface Device {
  /** Topics that its discovery names and that have a value at any time. */
  needed: readonly string[];
  /** Kept values, by topic. */
  readonly values: Map<string, string>;
  entities: number;
  /** When the broker first had all of it, by `performance.now`. */
  completeAt: number | undefined;
}

/** What Home Assistant would hear: a subscriber that knows which devices are wholly there, and counts messages. */
export class Listener {
  readonly #client: MqttClient;
  readonly #devices = new Map<string, Device>();
  readonly #messages: { readonly at: number; readonly leaf: string }[] = [];

  /** Tries until the broker is there. */
  constructor(port: number) {
    this.#client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4, reconnectPeriod: 50 });
    this.#client.on('error', () => {});
    this.#client.on('connect', () => this.#client.subscribe(['homeassistant/#', 'labkeeper/#']));
    this.#client.on('message', (topic, payload) => this.#take(topic, payload.toString()));
  }

  /** Object ids of the devices that are wholly there, with the time since when. */
  get complete(): ReadonlyMap<string, number> {
    const all = [...this.#devices].flatMap(([id, { completeAt }]) =>
      completeAt === undefined ? [] : [[id, completeAt] as const],
    );
    return new Map(all);
  }

  get entities(): number {
    return this.#devices.values().reduce((sum, { entities }) => sum + entities, 0);
  }

  /** Messages a minute, by the last part of their topic. */
  rates(from: number, to: number): ReadonlyMap<string, number> {
    const within = this.#messages.filter(({ at }) => at >= from && at < to);
    const minutes = (to - from) / 60_000;
    return new Map(
      [...Map.groupBy(within, ({ leaf }) => leaf)].map(([leaf, { length }]) => [leaf, length / minutes]),
    );
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #take(topic: string, payload: string): void {
    const at = performance.now();
    const parts = topic.split('/');
    const leaf = parts.at(-1) ?? '';
    this.#messages.push({ at, leaf });
    const device = this.#device(parts.at(-2) ?? '');
    if (leaf === 'config') {
      const { components } = JSON.parse(payload) as { components: Record<string, { state_topic?: string }> };
      const topics = Object.values(components).flatMap(({ state_topic: each }) => each ?? []);
      device.needed = [...new Set(topics)].filter((each) => /\/(state|metrics)$/.test(each));
      device.entities = Object.keys(components).length;
    } else {
      device.values.set(topic, payload);
    }
    if (device.completeAt !== undefined || device.entities === 0) return;
    const isOnline = [...device.values].some(
      ([each, value]) => each.endsWith('/availability') && value === 'online',
    );
    if (isOnline && device.needed.every((each) => device.values.has(each))) device.completeAt = at;
  }

  #device(id: string): Device {
    const known = this.#devices.get(id);
    if (known !== undefined) return known;
    const device = { needed: [], values: new Map(), entities: 0, completeAt: undefined };
    this.#devices.set(id, device);
    return device;
  }
}
