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

const GOODBYE_MS = 2_000;
const PING_MS = 10_000;
const RETRY_MS = 2_000;
/** A broker may ask somebody else about each try, who takes note of wrong passwords. */
const REFUSED_MS = 5_000;

/** What the connection tells of itself. */
export interface ConnectionEvents {
  /** It stands and all filters are subscribed; nothing was published yet, not even that we are there. */
  onReady(): void;
  /** It broke. */
  onLost(): void;
  /** A try failed: what is known of the broker may not be so any more. */
  onFailed?(): void;
}

/** The connection to the broker: from `sayOnline` on, `bridge` says `online` for as long as it stands. */
export class Connection {
  readonly #client: MqttClient;
  readonly #bridge: string;
  readonly #log: Log;
  readonly #handlers = new Map<string, { readonly qos: 0 | 1; readonly take: (message: Message) => void }>();
  #where = 'the MQTT broker';
  #complaint = '';
  #begun = false;
  #online = false;
  #closing = false;
  #disowned = false;

  /**
   * @param address undefined: not known yet, `moveTo` tells it
   * @param bridge topic that says whether we are there, also as our last will
   */
  constructor(address: BrokerAddress | undefined, bridge: string, log: Log, events: ConnectionEvents) {
    this.#bridge = bridge;
    this.#log = log;
    let reason = 'connection lost';
    let session = 0;
    this.subscribe(bridge, ({ payload, retain }) => this.#onBridge(payload, retain));
    this.#client = mqtt.connect(optionsOf(bridge));
    this.#client.on('connect', () => {
      this.#complaint = '';
      reason = 'connection lost';
      session += 1;
      const own = session;
      log.info(`connected to ${this.#where}`);
      void this.#subscribeAll().then(() => {
        if (this.#client.connected && own === session && !this.#closing) events.onReady();
      });
    });
    this.#client.on('error', (error) => {
      reason = explain(error);
      this.#client.options.reconnectPeriod = isRefusal(error) ? REFUSED_MS : RETRY_MS;
    });
    // Comes after each failed try too, behind its error.
    this.#client.on('close', () => {
      this.#online = false;
      events.onLost();
      this.#complain(`${this.#where}: ${reason}; trying again`);
      events.onFailed?.();
    });
    this.#client.on('message', (topic, payload, { retain }) => {
      for (const [filter, { take }] of this.#handlers) {
        if (matches(filter, topic)) take({ topic, payload: payload.toString(), retain, qos: 1 });
      }
    });
    if (address !== undefined) this.moveTo(address);
  }

  /** The broker to use: at once where there was none, else from the next try on. */
  moveTo(address: BrokerAddress): void {
    this.#where = `${address.host}:${address.port}`;
    // Of the client too, which looks at them for each try.
    Object.assign(this.#client.options, addressOf(address));
    if (this.#begun || this.#closing) return;
    this.#begun = true;
    this.#client.connect();
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  /** `host:port` of the broker, and what keeps us from it. */
  get condition(): {
    readonly where: string;
    readonly connected: boolean;
    readonly trouble: string | undefined;
  } {
    const { connected } = this.#client;
    return { where: this.#where, connected, trouble: connected ? undefined : this.#complaint || undefined };
  }

  /** Whether the broker answers a ping now. */
  async answers(signal: AbortSignal): Promise<boolean> {
    if (!this.#client.connected) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const take = ({ cmd }: { readonly cmd: string }): void => {
      if (cmd === 'pingresp') resolve(true);
    };
    const fail = (): void => resolve(false);
    const timer = setTimeout(fail, PING_MS);
    this.#client.on('packetreceive', take);
    this.#client.once('close', fail);
    signal.addEventListener('abort', fail);
    this.#client.sendPing();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#client.off('packetreceive', take);
      this.#client.off('close', fail);
      signal.removeEventListener('abort', fail);
    }
  }

  /** Sends a message, or drops it while there is no connection: after each connect everything is looked at anew. */
  publish({ topic, payload, retain, qos }: Message): void {
    if (!this.#client.connected || this.#disowned) return;
    this.#client.publish(topic, payload, { retain, qos }, (error) => {
      if (error) this.#log.debug(`not sent to ${topic}: ${error.message}`);
    });
  }

  /** Tells everybody that we are there. */
  sayOnline(): void {
    this.#online = this.#client.connected;
    this.publish({ topic: this.#bridge, payload: 'online', retain: true, qos: 1 });
  }

  /** The topics are somebody else's: from now on nothing is sent, not even a goodbye. */
  disown(): void {
    this.#online = false;
    this.#disowned = true;
  }

  /**
   * Calls `take` for every message to `filter`; to be called before the connection stands.
   *
   * @param qos 0 for what comes in masses: of it a broker may drop what does not fit into its queue, not of the rest
   */
  subscribe(filter: string, take: (message: Message) => void, qos: 0 | 1 = 1): void {
    const before = this.#handlers.get(filter);
    const both = (message: Message): void => {
      before?.take(message);
      take(message);
    };
    this.#handlers.set(filter, { qos, take: before === undefined ? take : both });
  }

  /**
   * Disconnects, within two seconds. Whoever said `online` says `offline` first, since a last will is not sent on a
   * proper goodbye.
   */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#begun) return;
    this.#client.removeAllListeners('close');
    if (!this.#client.connected) return this.#client.endAsync(true);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GOODBYE_MS);
    const said = this.#online
      ? this.#client.publishAsync(this.#bridge, 'offline', { retain: true, qos: 1 })
      : Promise.resolve();
    // Not by force: without a proper goodbye the broker would send the last will, perhaps into another app's topics.
    const ended = said.then(() => this.#client.endAsync(false));
    await Promise.race([late, ended.catch(() => {})]);
    clearTimeout(timer);
    this.#client.end(true);
    this.#client.stream.destroy();
  }

  /** The last will of a connection that we lost earlier can arrive after we are back. */
  #onBridge(payload: string, retain: boolean): void {
    if (payload === 'offline' && !retain && this.#online && !this.#closing) this.sayOnline();
  }

  async #subscribeAll(): Promise<void> {
    const wanted = [...this.#handlers].map(async ([filter, { qos }]) => {
      try {
        await this.#client.subscribeAsync(filter, { qos });
      } catch (thrown) {
        this.#log.error(`cannot subscribe to ${filter}: ${(thrown as Error).message}`);
      }
    });
    await Promise.all(wanted);
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

function optionsOf(bridge: string): IClientOptions {
  return {
    // Every broker speaks 3.1.1; the embedded one nothing else.
    protocolVersion: 4,
    clientId: `labkeeper_${randomBytes(6).toString('hex')}`,
    clean: true,
    manualConnect: true,
    reconnectPeriod: RETRY_MS,
    // A user may be made, or a password set right, after we have started.
    reconnectOnConnackError: true,
    connectTimeout: 10_000,
    keepalive: 30,
    resubscribe: false,
    queueQoSZero: false,
    will: { topic: bridge, payload: Buffer.from('offline'), retain: true, qos: 1 },
  };
}

/** Everything that depends on the broker, so that nothing stays of the one before. */
const addressOf = ({ host, port, tls, username, password, ca }: BrokerAddress): object => ({
  // Not as a URL, where an IPv6 address would need brackets that nothing takes off again.
  ...{ protocol: tls ? 'mqtts' : 'mqtt', host, port, username, password, ca },
  // The client notes the host name here as well, for TLS.
  ...{ hostname: undefined, servername: undefined },
});

/** CONNACK return codes of MQTT 3.1.1, section 3.2.2.3. */
const isRefusal = ({ code }: Error & { code?: unknown }): boolean => code === 4 || code === 5;

function explain(error: Error & { code?: unknown }): string {
  if (isRefusal(error))
    return 'the broker refuses the user name or password; check mqtt.username and mqtt.password';
  if (error.code === 'ECONNREFUSED') return 'nothing listens there; check mqtt.host and mqtt.port';
  if (error.code === 'ENOTFOUND') return 'no such host; check mqtt.host';
  return error.message || String(error.code);
}
