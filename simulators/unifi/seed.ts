import type { Clock } from '../../addon/src/core/clock.ts';
import { realClock } from '../clock.ts';
import {
  type Generation,
  type SimClient,
  type SimDevice,
  type SimPort,
  Site,
  type SiteSpec,
} from './site.ts';

export const MAC = {
  usg: '78:8a:20:10:00:01',
  udm: '70:a7:41:20:00:01',
  core: 'fc:ec:da:11:00:10',
  desk: 'f0:9f:c2:11:00:20',
  ceiling: '80:2a:a8:11:00:30',
  garage: '80:2a:a8:11:00:31',
};

export interface UnifiSeed extends Partial<Omit<SiteSpec, 'clock' | 'clients'>> {
  readonly clock?: Clock;
  /** Beside those that are there anyway. */
  readonly clients?: readonly SimClient[];
}

const ports = (
  count: number,
  uplink: number,
  used: readonly number[],
  powered: Readonly<Record<number, number>> = {},
): SimPort[] =>
  Array.from({ length: count }, (_, at) => {
    const index = at + 1;
    const up = index === uplink || used.includes(index);
    const watts = powered[index] ?? (Object.keys(powered).length > 0 ? 0 : undefined);
    return {
      ...{ index, name: `Port ${index}`, up, speed: 1_000, isUplink: index === uplink },
      ...{ received: up ? 12_500 * index : 0, sent: up ? 25_000 * index : 0 },
      ...(watts !== undefined && { watts }),
    };
  });

/** The gateway of a generation: what the move from the one to the other replaces. */
export function gatewayOf(generation: Generation, clock: Clock): SimDevice {
  const common = { role: 'gateway', state: 1, started: clock.now() - 3 * 86_400_000, overrides: [] } as const;
  return generation === 'legacy'
    ? {
        ...{ ...common, overrides: [], mac: MAC.usg, name: 'Gateway', ip: '192.168.1.1', model: 'UGW4' },
        ...{ version: '4.4.57.5578372', cpu: 7, memory: 31, temperature: 58, ports: [] },
      }
    : {
        ...{
          ...common,
          overrides: [],
          mac: MAC.udm,
          name: 'Dream Machine',
          ip: '192.168.1.1',
          model: 'UDMPRO',
        },
        ...{ version: '4.0.21.5200', cpu: 18, memory: 64, temperature: 51, ports: ports(8, 0, [1]) },
      };
}

/** The network of a small lab: a gateway, two switches, two access points, five networks, a handful of clients. */
export function seededSite({ clock = realClock, clients = [], ...rest }: UnifiSeed = {}): Site {
  const started = clock.now() - 20 * 86_400_000;
  const base = { state: 1, started, cpu: 12.5, memory: 44 };
  return new Site({
    name: 'default',
    title: 'Home',
    networks: [
      {
        name: 'Management',
        purpose: 'corporate',
        subnet: '192.168.1.1/24',
        dhcp: ['192.168.1.100', '192.168.1.199'],
        group: 'LAN',
      },
      {
        name: 'Server',
        purpose: 'corporate',
        vlan: 20,
        subnet: '192.168.20.1/24',
        dhcp: ['192.168.20.6', '192.168.20.254'],
        group: 'LAN',
      },
      {
        name: 'IoT',
        purpose: 'corporate',
        vlan: 30,
        subnet: '192.168.30.1/24',
        dhcp: ['192.168.30.10', '192.168.30.250'],
        group: 'LAN',
      },
      { name: 'Lab', purpose: 'vlan-only', vlan: 40, group: 'LAN' },
      {
        name: 'Guests',
        purpose: 'guest',
        vlan: 50,
        subnet: '192.168.50.1/24',
        dhcp: ['192.168.50.10', '192.168.50.250'],
        group: 'LAN',
      },
      { name: 'Internet', purpose: 'wan', group: 'WAN', type: 'dhcp' },
      { name: 'LTE', purpose: 'wan', group: 'WAN2', type: 'dhcp' },
      { name: 'On the road', purpose: 'remote-user-vpn', type: 'l2tp-server', subnet: '192.168.60.1/24' },
    ],
    wlans: [
      { ssid: 'home', network: 'Management', enabled: true, passphrase: 'correct horse battery' },
      { ssid: 'things', network: 'IoT', enabled: true, passphrase: 'staple of things' },
      { ssid: 'guests', network: 'Guests', enabled: false, passphrase: 'be our guest' },
    ],
    profiles: [
      { name: 'IoT', forward: 'native', native: 'IoT' },
      { name: 'Trunk', forward: 'customize', native: 'Management' },
    ],
    devices: [
      gatewayOf('legacy', clock),
      {
        ...{ ...base, role: 'switch', mac: MAC.core, name: 'Core', ip: '192.168.1.2', model: 'US16P150' },
        ...{ version: '5.76.7.13442', upgrade: '6.6.65.15248', temperature: 52 },
        ports: ports(18, 1, [2, 3, 5, 6, 7], { 5: 6.4, 6: 5.9, 7: 2.8 }),
        overrides: [
          { port_idx: 5, poe_mode: 'auto', portconf_id: 'trunk', name: 'Ceiling', autoneg: true },
          { port_idx: 6, poe_mode: 'auto', stp_port_mode: false, egress_rate_limit_kbps: 90_000 },
        ],
        uplink: { mac: MAC.usg },
      },
      {
        ...{ ...base, role: 'switch', mac: MAC.desk, name: 'Desk', ip: '192.168.1.3', model: 'US8' },
        ...{ version: '5.76.7.13442', ports: ports(8, 1, [4]), overrides: [] },
        uplink: { mac: MAC.core, port: 3 },
      },
      {
        ...{
          ...base,
          role: 'accesspoint',
          mac: MAC.ceiling,
          name: 'Ceiling',
          ip: '192.168.1.4',
          model: 'U7PG2',
        },
        ...{ version: '6.6.55.15189', ports: [], overrides: [], uplink: { mac: MAC.core, port: 5 } },
      },
      {
        ...{
          ...base,
          role: 'accesspoint',
          mac: MAC.garage,
          name: 'Garage',
          ip: '192.168.1.5',
          model: 'U7PG2',
        },
        ...{
          version: '6.6.55.15189',
          ports: [],
          overrides: [],
          uplink: { mac: MAC.ceiling, wireless: true },
        },
      },
    ],
    ...rest,
    clients: [
      {
        ...{ mac: '00:0c:29:5a:00:01', name: 'NAS', hostname: 'nas', ip: '192.168.20.10', network: 'Server' },
        ...{ wired: { switch: MAC.core, port: 2 }, connected: true },
      },
      {
        ...{ mac: '3c:22:fb:5a:00:02', name: 'Phone of Ada', ip: '192.168.1.120', network: 'Management' },
        ...{ wireless: { ap: MAC.ceiling, ssid: 'home', signal: -58 }, connected: true },
      },
      {
        ...{ mac: '5c:cf:7f:5a:00:03', name: '', hostname: 'plug-3', ip: '192.168.30.12', network: 'IoT' },
        ...{ wireless: { ap: MAC.garage, ssid: 'things', signal: -71 }, connected: true },
      },
      {
        // Made up by the phone itself, as each does for each network.
        ...{ mac: 'da:a1:19:5a:00:04', name: 'Phone of Bob', ip: '192.168.1.121', network: 'Management' },
        ...{ wireless: { ap: MAC.ceiling, ssid: 'home', signal: -63 }, connected: true },
      },
      ...clients,
    ],
    clock,
  });
}
