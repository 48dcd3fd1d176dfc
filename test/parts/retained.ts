import mqtt, { type MqttClient } from 'mqtt';

/** What a broker holds: the last message of each topic, live. */
export class Retained {
  readonly messages = new Map<string, string>();
  readonly client: MqttClient;

  private constructor(client: MqttClient) {
    this.client = client;
    client.on('message', (topic, payload, { retain }) => {
      if (!retain) return;
      if (payload.length === 0) this.messages.delete(topic);
      else this.messages.set(topic, payload.toString());
    });
  }

  static async of(port: number): Promise<Retained> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
    const retained = new Retained(client);
    // As published: else nothing says of a message that comes live whether the broker keeps it.
    await client.subscribeAsync('#', { qos: 1, rap: true });
    return retained;
  }

  /** The discovery payloads of all devices. */
  discoveries(): readonly DiscoveryPayload[] {
    return [...this.messages]
      .filter(([topic]) => topic.startsWith('homeassistant/device/'))
      .map(([, payload]) => JSON.parse(payload) as DiscoveryPayload);
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}

export interface DiscoveryPayload {
  readonly device: {
    readonly identifiers: readonly [string];
    readonly name: string;
    readonly via_device?: string;
  };
  readonly components: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;
}
