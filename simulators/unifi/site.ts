import { createHash } from 'node:crypto';
import type { Clock } from '../../addon/src/core/clock.ts';

/** Which API stands before the site: a controller of its own, as on a CloudKey, or a console with UniFi OS. */
export type Generation = 'legacy' | 'os';

export interface SimPort {
  readonly index: number;
  name: string;
  up: boolean;
  /** Mbit/s while it is up. */
  speed: number;
  /** Watts that what hangs there takes while it is powered; left out: the port gives no power. */
  watts?: number;
  isUplink: boolean;
  /** Bytes a second. */
  received: number;
  sent: number;
}

/** What a controller keeps for one port; who sends a device's list replaces all of it. */
export interface PortOverride {
  readonly port_idx: number;
  readonly [setting: string]: unknown;
}

export interface SimUplink {
  readonly mac: string;
  readonly port?: number;
  readonly wireless?: boolean;
}

export interface SimDevice {
  readonly role: 'gateway' | 'switch' | 'accesspoint';
  readonly mac: string;
  name: string;
  readonly ip: string;
  readonly model: string;
  version: string;
  /** Newer firmware that it could get. */
  upgrade?: string;
  /** As the controller counts them: 0 gone, 1 connected, 4 upgrading, 5 provisioning. */
  state: number;
  /** Milliseconds since 1970. */
  started: number;
  cpu: number;
  memory: number;
  temperature?: number;
  readonly ports: SimPort[];
  overrides: PortOverride[];
  uplink?: SimUplink;
}

export interface SimWan {
  readonly group: 'WAN' | 'WAN2';
  up: boolean;
  ip: string;
  latency: number;
  /** Percent of the last day. */
  availability: number;
  received: number;
  sent: number;
}

export interface SimNetwork {
  readonly name: string;
  readonly purpose: 'corporate' | 'guest' | 'vlan-only' | 'wan' | 'remote-user-vpn';
  /** Of one that was made by the API: which that was, and all that was sent. */
  readonly made?: { readonly count: number; readonly sent: Readonly<Record<string, unknown>> };
  readonly vlan?: number;
  readonly subnet?: string;
  readonly dhcp?: readonly [start: string, stop: string];
  readonly group?: 'LAN' | 'WAN' | 'WAN2';
  readonly type?: string;
}

/** What a port can be given as a whole. */
export interface SimProfile {
  readonly name: string;
  readonly forward: 'all' | 'native' | 'customize' | 'disabled';
  /** Name of the network whose frames bear no VLAN there. */
  readonly native?: string;
}

export interface SimWlan {
  readonly ssid: string;
  /** Name of the network that its clients are in. */
  readonly network: string;
  enabled: boolean;
  readonly passphrase: string;
}

export interface SimClient {
  readonly mac: string;
  readonly name: string;
  readonly hostname?: string;
  readonly ip: string;
  readonly network: string;
  /** MAC of the access point, and the SSID; left out: it is wired. */
  readonly wireless?: { readonly ap: string; readonly ssid: string; signal: number };
  readonly wired?: { readonly switch: string; readonly port: number };
  connected: boolean;
  /** Its address is kept for it. */
  readonly isFixed?: true;
  /** When it was there last, where it is not now; milliseconds since 1970. */
  readonly left?: number;
}

export interface SimEvent {
  readonly key: string;
  readonly message: string;
  readonly subsystem: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface SiteSpec {
  readonly clock: Clock;
  readonly name: string;
  readonly title: string;
  readonly networks: readonly SimNetwork[];
  readonly wlans: readonly SimWlan[];
  /** Those that somebody made. */
  readonly profiles: readonly SimProfile[];
  readonly clients: readonly SimClient[];
  readonly devices: readonly SimDevice[];
}

const RESTART_MS = 40_000;
const PROVISION_MS = 4_000;
const CYCLE_MS = 5_000;

/** One site's things, whatever API stands before them; they live by the clock. */
export class Site {
  readonly clock: Clock;
  readonly name: string;
  readonly title: string;
  /** Address of what controls it. */
  controller = '192.168.1.9';
  networks: SimNetwork[];
  readonly wlans: SimWlan[];
  readonly profiles: readonly SimProfile[];
  readonly clients: SimClient[];
  devices: SimDevice[];
  wans: SimWan[] = [
    {
      group: 'WAN',
      up: true,
      ip: '203.0.113.24',
      latency: 9,
      availability: 100,
      received: 2.4e6,
      sent: 3.1e5,
    },
    { group: 'WAN2', up: false, ip: '', latency: 0, availability: 0, received: 0, sent: 0 },
  ];
  speedtest: { at: number; down: number; up: number; ping: number } | undefined;
  readonly events: SimEvent[] = [];
  readonly alarms: SimEvent[] = [];
  /** Ports that were taken off power and got it again, as `<mac>/<port>`. */
  readonly cycled: string[] = [];
  #made = 0;
  readonly #listeners = new Set<(message: string, data: readonly object[]) => void>();

  constructor(spec: SiteSpec) {
    this.clock = spec.clock;
    this.name = spec.name;
    this.title = spec.title;
    this.networks = [...spec.networks];
    this.wlans = spec.wlans.map((wlan) => ({ ...wlan }));
    this.profiles = spec.profiles;
    this.clients = spec.clients.map((client) => ({ ...client }));
    this.devices = spec.devices.map((device) => ({ ...device }));
  }

  device(mac: string): SimDevice | undefined {
    return this.devices.find((one) => one.mac === mac);
  }

  /** Calls `listener` with what an event socket would send. */
  listen(listener: (message: string, data: readonly object[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(message: string, data: readonly object[]): void {
    for (const listener of [...this.#listeners]) listener(message, data);
  }

  happened(key: string, message: string, subsystem = 'lan', fields: Record<string, unknown> = {}): SimEvent {
    const event = { key, message, subsystem, time: this.clock.now(), fields };
    this.events.push(event);
    this.tell('events', [event]);
    return event;
  }

  /** Somebody made a network: what routes and switches learns of it. */
  addNetwork(network: Omit<SimNetwork, 'made'>, sent: Readonly<Record<string, unknown>>): SimNetwork {
    this.#made += 1;
    const added = { ...network, made: { count: this.#made, sent } };
    this.networks = [...this.networks, added];
    this.#reconfigure();
    return added;
  }

  removeNetwork(network: SimNetwork): void {
    this.networks = this.networks.filter((one) => one !== network);
    this.#reconfigure();
  }

  #reconfigure(): void {
    for (const device of this.devices) if (device.role !== 'accesspoint') this.provision(device);
  }

  restart(device: SimDevice): void {
    device.state = 0;
    this.clock.after(RESTART_MS, () => {
      device.started = this.clock.now();
      device.state = 1;
      this.changed(device);
    });
    this.changed(device);
  }

  /** What somebody set is brought to the device; it works with it by and by. */
  provision(device: SimDevice): void {
    device.state = 5;
    this.clock.after(PROVISION_MS, () => {
      if (device.state !== 5) return;
      device.state = 1;
      this.changed(device);
    });
    this.changed(device);
  }

  cycle(device: SimDevice, port: SimPort): void {
    this.cycled.push(`${device.mac}/${port.index}`);
    const before = port.up;
    port.up = false;
    this.clock.after(CYCLE_MS, () => {
      port.up = before;
      this.changed(device);
    });
    this.changed(device);
  }

  connect(client: SimClient, connected: boolean): void {
    client.connected = connected;
    if (connected) this.tell('sta:sync', [{ mac: client.mac }]);
    const [way, did] = [client.wireless ? 'W' : 'L', connected ? 'Connected' : 'Disconnected'];
    this.happened(`EVT_${way}U_${did}`, `User[${client.mac}] has ${did.toLowerCase()}`, 'wlan', {
      user: client.mac,
    });
  }

  changed(device: SimDevice): void {
    this.tell('device:sync', [{ mac: device.mac }]);
  }
}

/** What a network is called in `idOf`. */
export const networkWord = ({ name, made }: SimNetwork): string =>
  made === undefined ? `network ${name}` : `network ${name} ${made.count}`;

/** An id as the controller's database makes them: another in each generation. */
export const idOf = (generation: Generation, what: string): string =>
  createHash('sha256').update(`${generation} ${what}`).digest('hex').slice(0, 24);

export const overrideOf = (device: SimDevice, index: number): PortOverride | undefined =>
  device.overrides.find((one) => one.port_idx === index);

/** Whether a port gives power now. */
export const isPowered = (device: SimDevice, port: SimPort): boolean =>
  port.watts !== undefined && overrideOf(device, port.index)?.poe_mode !== 'off';
