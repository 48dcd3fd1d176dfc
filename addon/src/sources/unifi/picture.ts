import type { LabResource } from '../../kinds/index.ts';
import type { Link } from '../../model/resource.ts';
import { carriedBy, uplinkOf } from './carried.ts';
import { clientOf, type Wanted } from './clients.ts';
import { aliasesOf, commonReadings, deviceIdOf, deviceName, factsOf, isConnected, roleOf } from './device.ts';
import { gatewayId, macOf, siteId } from './keys.ts';
import { networkBehind, networksOf, type Plan, wlanBehind, wlansOf } from './networks.ts';
import { poePowerOf, portsOf } from './ports.ts';
import { QrCodes } from './qr.ts';
import { given, measured, plainMac } from './units.ts';
import { wansOf } from './wan.ts';
import type { ClientRow, DeviceRow, NetworkRow, ProfileRow, WlanRow } from './wire.ts';

/** A start that moved by less is the same one, told by a clock that runs otherwise. */
const SAME_START_MS = 60_000;
const LONG_AGO_MS = 14 * 86_400_000;

/** What is known of one site at this moment, and the resources which that makes. No I/O. */
export class Picture {
  /** `<source>/<key>`: under whom it is known. */
  owner: string;
  networks: readonly NetworkRow[] | undefined;
  wlans: readonly WlanRow[] | undefined;
  profiles: readonly ProfileRow[] | undefined;
  /** Alarms that nobody archived; undefined: the controller does not tell. */
  alarms: number | undefined;
  /** It may be changed from here. */
  controls = true;
  /** Version of the controller. */
  version: string | undefined;
  devices: readonly DeviceRow[] = [];

  readonly #url: string;
  readonly #title: string;
  readonly #wanted: Wanted;
  readonly #codes: QrCodes;
  /** Time of each device's start, milliseconds since 1970. */
  readonly #started = new Map<string, number>();
  /** Those who are there; undefined: not read yet. */
  #present: readonly ClientRow[] | undefined;
  /** Those that are wanted, as they were seen last, by MAC. */
  readonly #known = new Map<string, ClientRow>();

  constructor(owner: string, title: string, url: string, wanted: Wanted, codes = new QrCodes([])) {
    this.owner = owner;
    this.#title = title;
    this.#url = url;
    this.#wanted = wanted;
    this.#codes = codes;
  }

  get clients(): readonly ClientRow[] | undefined {
    return this.#present;
  }

  /** Takes what the controller says of its devices. @param now milliseconds since 1970 */
  saw(devices: readonly DeviceRow[], now: number): void {
    this.devices = devices.filter((row) => roleOf(row) !== undefined);
    for (const row of this.devices) {
      const uptime = measured(row.uptime);
      if (uptime === null) continue;
      const started = now - uptime * 1_000;
      const mac = macOf(row) ?? '';
      const before = this.#started.get(mac);
      if (before === undefined || Math.abs(before - started) > SAME_START_MS) this.#started.set(mac, started);
    }
  }

  /**
   * Takes what the controller pushed of some devices.
   *
   * @returns false: one of them was not there before
   */
  heardOf(rows: readonly DeviceRow[], now: number): boolean {
    const news = new Map(rows.flatMap((row) => (macOf(row) === undefined ? [] : [[macOf(row), row]])));
    const known = this.devices.map((row) => ({ ...row, ...news.get(macOf(row)) }));
    this.saw(known, now);
    return rows.every((row) => this.devices.some((device) => macOf(device) === macOf(row)));
  }

  /** Takes what the controller pushed of some clients, who are there therefore. */
  heardOfClients(rows: readonly ClientRow[]): void {
    if (this.#present === undefined) return;
    const all = new Map(this.#present.map((row) => [macOf(row), row]));
    for (const row of rows) {
      const mac = macOf(row);
      if (mac !== undefined) all.set(mac, { ...all.get(mac), ...row });
    }
    this.met([...all.values()]);
  }

  /** A client left. */
  left(mac: unknown): void {
    const plain = plainMac(mac);
    if (this.#present !== undefined) this.#present = this.#present.filter((row) => macOf(row) !== plain);
  }

  /** Takes who is in the network. */
  met(clients: readonly ClientRow[]): void {
    this.#present = clients;
    for (const row of clients) this.#keep(row);
  }

  /**
   * Takes who was there at some time. A controller keeps everybody for years: who was not there for two weeks is shown
   * only if a person named it.
   *
   * @param now milliseconds since 1970
   */
  remembered(clients: readonly ClientRow[], now: number): void {
    for (const row of clients) {
      const isRecent = row.last_seen !== undefined && now - row.last_seen * 1_000 < LONG_AGO_MS;
      this.#keep(row, !isRecent);
    }
  }

  #keep(row: ClientRow, byName = false): void {
    const mac = macOf(row);
    if (mac !== undefined && this.#wanted(row, byName))
      this.#known.set(mac, { ...this.#known.get(mac), ...row });
  }

  resources(): readonly LabResource[] {
    const plan = this.#plan();
    const { parent } = plan;
    const seen = new Set<string>();
    const devices = this.devices.map((row) => this.#deviceOf(row, parent));
    return [
      this.#site(),
      // A site may have a second gateway in reserve: the first one plays the part.
      ...devices.filter(({ id }) => !seen.has(id) && seen.add(id)),
      ...networksOf(plan),
      ...wlansOf(plan),
      ...this.#trackedClients(parent),
    ];
  }

  deviceOf(resourceId: string): DeviceRow | undefined {
    return this.devices.find((row) => deviceIdOf(this.owner, row) === resourceId);
  }

  networkOf(resourceId: string): NetworkRow | undefined {
    return networkBehind(this.#plan(), resourceId);
  }

  wlanOf(resourceId: string): WlanRow | undefined {
    return wlanBehind(this.#plan(), resourceId);
  }

  #plan(): Plan {
    const { owner, controls } = this;
    const hasGateway = this.devices.some((row) => roleOf(row) === 'gateway');
    return {
      ...{ owner, parent: hasGateway ? gatewayId(owner) : undefined, controls, codes: this.#codes },
      ...{ networks: this.networks ?? [], wlans: this.wlans ?? [], clients: this.#present },
    };
  }

  #site(): LabResource {
    return {
      ...{ id: siteId(this.owner), kind: 'site', name: this.#title, available: true },
      readings: {
        controller: this.version ?? null,
        devices: this.devices.length,
        lost: this.devices.filter((row) => isConnected(row) === false).length,
        clients: this.#present?.length ?? null,
        ...given('alarms', this.alarms),
      },
      facts: {
        ...{ manufacturer: 'Ubiquiti', model: 'UniFi Network', url: this.#url },
        ...given('version', this.version),
      },
    };
  }

  #deviceOf(row: DeviceRow, gateway: string | undefined): LabResource {
    const there = isConnected(row) === true;
    const started = this.#started.get(macOf(row) ?? '');
    const common = {
      id: deviceIdOf(this.owner, row),
      name: deviceName(row),
      available: true,
      aliases: aliasesOf(row),
      facts: factsOf(row, this.#url),
    };
    const role = roleOf(row);
    const carried = carriedBy(row, this.devices, this.#present ?? [], this.owner);
    if (role === 'gateway') {
      const readings = {
        ...commonReadings(row, started, undefined, this.controls),
        ...wansOf(row, this.networks, there),
        ...portsOf(row, this.#present, this, there, this.controls),
      };
      return { ...common, ...(carried.length > 0 && { links: carried }), kind: 'gateway', readings };
    }
    const { uplink, links: up } = this.#uplinkOf(row);
    const links = [...up, ...carried];
    const readings = commonReadings(row, started, uplink, this.controls);
    const place = { ...given('parent', gateway), ...(links.length > 0 && { links }) };
    if (role === 'accesspoint') return { ...common, ...place, kind: 'accesspoint', readings };
    return {
      ...{ ...common, ...place, kind: 'switch' },
      readings: {
        ...readings,
        ...portsOf(row, this.#present, this, there, this.controls),
        ...given('poe_power', poePowerOf(row, there)),
      },
    };
  }

  #uplinkOf(row: DeviceRow): { readonly uplink: string | undefined; readonly links: readonly Link[] } {
    const found = uplinkOf(row);
    const mac = plainMac(found?.uplink_mac);
    const up = mac && this.devices.find((device) => macOf(device) === mac);
    if (!up) return { uplink: undefined, links: [] };
    const port = found?.uplink_remote_port;
    const how = found?.type === 'wireless' ? ' by radio' : port === undefined ? '' : ` port ${port}`;
    return {
      uplink: `${deviceName(up)}${how}`,
      links: [{ type: 'attached_to', to: deviceIdOf(this.owner, up) }],
    };
  }

  #trackedClients(parent: string | undefined): readonly LabResource[] {
    const here = new Set((this.#present ?? []).map((row) => macOf(row)));
    return [...this.#known].map(([mac, row]) =>
      clientOf(row, this.#present === undefined ? null : here.has(mac), this.owner, parent, this.devices),
    );
  }
}
