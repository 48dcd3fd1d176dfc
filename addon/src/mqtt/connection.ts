import { randomBytes } from 'node:crypto';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Log } from '../core/log.ts';

/** How to reach a broker. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
  /** PEM of the authority that signed the broker's certificate, if it is one of the user's own. */
  readonly ca?: string;
}

export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  readonly qos: 0 | 1;
}

const OFFLINE_MS = 2_000;

/** The connection to the broker: `bridge` says `online` for exactly as long as it stands. */
export class Connection {
  readonly #client: MqttClient;
  readonly #bridge: string;
  readonly #log: Log;
  readonly #handlers = new Map<string, (message: Message) => void>();
  #complaint = '';
  #closing = false;

  /**
   * @param bridge topic that says whether we are there, also as our last will
   * @param onConnect called after each connect, before anything is published
   */
  constructor(address: BrokerAddress, bridge: string, log: Log, onConnect: () => void) {
    this.#bridge = bridge;
    this.#log = log;
    const where = `${address.host}:${address.port}`;
    this.#client = mqtt.connect(optionsOf(address, bridge));
    this.#client.on('connect', () => {
      this.#complaint = '';
      reason = 'connection lost';
      log.info(`connected to ${where}`);
      const filters = [...this.#handlers.keys(), bridge];
      this.#client.subscribe(
        filters,
        { qos: 1 },
        (error) => error && log.error(`cannot subscribe: ${error.message}`),
      );
      this.publish({ topic: bridge, payload: 'online', retain: true, qos: 1 });
      onConnect();
    });
    let reason = 'connection lost';
    this.#client.on('error', (error) => {
      reason = explain(error);
    });
    // Comes after each failed try too, behind its error.
    this.#client.on('close', () => this.#complain(`${where}: ${reason}; trying again`));
    this.#client.on('message', (topic, payload, packet) =>
      this.#take(topic, payload.toString(), packet.retain),
    );
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  /** Sends a message, or drops it while there is no connection: after each connect everything is sent anew. */
  publish({ topic, payload, retain, qos }: Message): void {
    if (!this.#client.connected) return;
    this.#client.publish(topic, payload, { retain, qos }, (error) => {
      if (error) this.#log.debug(`not sent to ${topic}: ${error.message}`);
    });
  }

  /** Calls `handler` for every message to `filter`; to be called before the connection stands. */
  subscribe(filter: string, handler: (message: Message) => void): void {
    this.#handlers.set(filter, handler);
  }

  /** Says `offline` (a last will is not sent on a proper goodbye) and disconnects, within two seconds. */
  async close(): Promise<void> {
    this.#closing = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, OFFLINE_MS);
    if (this.#client.connected) {
      const said = this.#client.publishAsync(this.#bridge, 'offline', { retain: true, qos: 1 });
      await Promise.race([late, said.catch(() => {})]);
    }
    clearTimeout(timer);
    this.#client.removeAllListeners('close');
    await this.#client.endAsync(true);
  }

  #take(topic: string, payload: string, retain: boolean): void {
    if (topic === this.#bridge) {
      // The last will of a connection that we lost earlier can arrive after we are back.
      if (payload === 'offline' && !retain && !this.#closing)
        this.publish({ topic, payload: 'online', retain: true, qos: 1 });
      return;
    }
    for (const [filter, handler] of this.#handlers) {
      if (matches(filter, topic)) handler({ topic, payload, retain, qos: 1 });
    }
  }

  /** Every failed try says the same; once is enough. */
  #complain(message: string): void {
    if (message === this.#complaint) return;
    this.#complaint = message;
    this.#log.warn(message);
  }
}

/** Whether an MQTT topic filter with `+` covers a topic. */
function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const given = topic.split('/');
  return (
    wanted.length === given.length && wanted.every((level, index) => level === '+' || level === given[index])
  );
}

function optionsOf(
  { host, port, tls, username, password, ca }: BrokerAddress,
  bridge: string,
): IClientOptions {
  return {
    // Not as a URL, where an IPv6 address would need brackets that nothing takes off again.
    protocol: tls ? 'mqtts' : 'mqtt',
    host,
    port,
    // Every broker speaks 3.1.1; the embedded one nothing else.
    protocolVersion: 4,
    clientId: `labkeeper_${randomBytes(6).toString('hex')}`,
    clean: true,
    reconnectPeriod: 2_000,
    connectTimeout: 10_000,
    keepalive: 30,
    resubscribe: false,
    queueQoSZero: false,
    will: { topic: bridge, payload: Buffer.from('offline'), retain: true, qos: 1 },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
  };
}

/** CONNACK return codes of MQTT 3.1.1, section 3.2.2.3. */
function explain(error: Error & { code?: unknown }): string {
  if (error.code === 4 || error.code === 5)
    return 'the broker refuses the user name or password; check mqtt.username and mqtt.password';
  if (error.code === 'ECONNREFUSED') return 'nothing listens there; check mqtt.host and mqtt.port';
  if (error.code === 'ENOTFOUND') return 'no such host; check mqtt.host';
  return error.message || String(error.code);
}
