import {
  type Generation,
  idOf,
  isPowered,
  networkWord,
  overrideOf,
  type PortOverride,
  type SimClient,
  type SimDevice,
  type SimNetwork,
  type SimPort,
  type SimProfile,
  type Site,
} from './site.ts';

const WIRE_TYPE = { switch: 'usw', accesspoint: 'uap' } as const;

const seconds = (ms: number): number => Math.floor(ms / 1_000);

export const deviceId = (generation: Generation, device: SimDevice): string => idOf(generation, device.mac);

/** `stat/device` */
export function deviceView(site: Site, generation: Generation, device: SimDevice): object {
  const { role, mac, name, ip, model, version, upgrade, state, started, cpu, memory, temperature } = device;
  const isThere = state !== 0;
  const uptime = seconds(site.clock.now() - started);
  const own = site.clients.filter((client) => client.connected && isAt(client, device));
  const type = role === 'gateway' ? (generation === 'legacy' ? 'ugw' : 'udm') : WIRE_TYPE[role];
  return {
    ...{ _id: deviceId(generation, device), mac, name, ip, model, type, version, state, adopted: true },
    ...{ site_id: idOf(generation, `site ${site.name}`), serial: mac.replaceAll(':', '').toUpperCase() },
    ...{ upgradable: upgrade !== undefined, ...(upgrade !== undefined && { upgrade_to_firmware: upgrade }) },
    ...{ inform_ip: site.controller },
    ...{ x_authkey: 'a-key-that-nobody-should-see', x_ssh_hostkey_fingerprint: 'ab:cd' },
    ...(isThere && {
      ...{ uptime, last_seen: seconds(site.clock.now()), num_sta: own.length, 'user-num_sta': own.length },
      // As text on older controllers and newer ones alike.
      'system-stats': { cpu: String(cpu), mem: String(memory), uptime: String(uptime) },
    }),
    ...(temperature !== undefined &&
      (role === 'gateway'
        ? { temperatures: [{ name: 'CPU', type: 'cpu', value: temperature }] }
        : { has_temperature: true, general_temperature: temperature })),
    ...(device.ports.length > 0 && {
      port_table: device.ports.map((port) => portView(site, generation, device, port)),
    }),
    ...(role !== 'accesspoint' && { port_overrides: device.overrides.map((one) => ({ ...one })) }),
    ...(device.uplink !== undefined && isThere && { uplink: uplinkView(site, device) }),
    ...(role === 'gateway' && isThere && gatewayView(site)),
  };
}

function portView(site: Site, generation: Generation, device: SimDevice, port: SimPort): object {
  const set = overrideOf(device, port.index);
  const isPoe = port.watts !== undefined;
  const isUp = port.up && isEnabled(generation, device, port);
  const on = isPowered(device, port);
  const takes = on && port.up ? (port.watts ?? 0) : 0;
  return {
    ...{
      port_idx: port.index,
      name: set?.name ?? port.name,
      up: isUp,
      enable: isEnabled(generation, device, port),
    },
    ...{ media: 'GE', speed: isUp ? port.speed : 0, full_duplex: isUp, is_uplink: port.isUplink },
    ...{ 'rx_bytes-r': isUp ? port.received : 0, 'tx_bytes-r': isUp ? port.sent : 0 },
    ...{ port_poe: isPoe, poe_caps: isPoe ? 7 : 0 },
    ...vlansView(site, generation, set),
    ...(isPoe && {
      ...{ poe_enable: takes > 0, poe_mode: on ? 'auto' : 'off', poe_power: takes.toFixed(2) },
      ...{ poe_good: takes > 0, poe_class: takes > 0 ? 'Class 4' : 'Unknown' },
    }),
  };
}

/** Old controllers know a port's VLANs by its profile alone; newer ones by the port's own settings, unless it has one. */
function vlansView(site: Site, generation: Generation, set: PortOverride | undefined): object {
  if (generation === 'legacy') return { portconf_id: set?.portconf_id ?? idOf(generation, 'profile All') };
  if (set?.portconf_id !== undefined) return { portconf_id: set.portconf_id };
  const untagged = site.networks.find(({ purpose, vlan }) => purpose === 'corporate' && vlan === undefined);
  return {
    native_networkconf_id:
      set?.native_networkconf_id ?? (untagged && idOf(generation, networkWord(untagged))),
    ...{ forward: set?.forward ?? 'all', tagged_vlan_mgmt: set?.tagged_vlan_mgmt ?? 'auto' },
    setting_preference: set?.setting_preference ?? 'auto',
  };
}

/** By a profile that forwards nothing, or by itself. */
function isEnabled(generation: Generation, device: SimDevice, port: SimPort): boolean {
  const set = overrideOf(device, port.index);
  return set?.forward !== 'disabled' && set?.portconf_id !== idOf(generation, 'profile Disabled');
}

function uplinkView(site: Site, device: SimDevice): object {
  const { uplink } = device;
  const up = site.device(uplink?.mac ?? '') ?? site.devices.find(({ role }) => role === 'gateway');
  return {
    ...{ 'rx_bytes-r': sum(device, 'received'), 'tx_bytes-r': sum(device, 'sent') },
    ...{ type: uplink?.wireless === true ? 'wireless' : 'wire', uplink_mac: up?.mac, up: true, speed: 1_000 },
    ...{
      uplink_device_name: up?.name,
      ...(uplink?.port !== undefined && { uplink_remote_port: uplink.port }),
    },
  };
}

function gatewayView(site: Site): object {
  const one = (at: number) => site.wans[at];
  const wan = (at: number): object | undefined => {
    const shown = one(at);
    if (shown === undefined) return undefined;
    return {
      ...{ up: shown.up, ip: shown.ip, enable: true, ifname: `eth${at}`, name: at === 0 ? 'wan' : 'wan2' },
      ...{
        'rx_bytes-r': shown.received,
        'tx_bytes-r': shown.sent,
        max_speed: 1_000,
        speed: shown.up ? 1_000 : 0,
      },
    };
  };
  const active = site.wans.find(({ up }) => up);
  const test = site.speedtest;
  return {
    ...{ wan1: wan(0), wan2: wan(1), last_wan_ip: active?.ip },
    uplink: {
      ...{ type: 'wire', up: active !== undefined, ip: active?.ip, latency: active?.latency },
      comment: active?.group ?? 'WAN',
      ...{ 'rx_bytes-r': active?.received ?? 0, 'tx_bytes-r': active?.sent ?? 0 },
    },
    uptime_stats: Object.fromEntries(
      site.wans.map(({ group, latency, availability, up }) => [
        group,
        up
          ? { availability, latency_average: latency, time_period: 86_400, monitors: [] }
          : { monitors: [{ availability: 0, target: 'www.microsoft.com', type: 'icmp' }] },
      ]),
    ),
    'speedtest-status':
      test === undefined
        ? { latency: 0, rundate: 0, xput_download: 0, xput_upload: 0 }
        : { latency: test.ping, rundate: seconds(test.at), xput_download: test.down, xput_upload: test.up },
  };
}

function sum({ ports }: SimDevice, what: 'received' | 'sent'): number {
  return ports.reduce((all, port) => all + (port.up ? port[what] : 0), 0);
}

const isAt = ({ wireless, wired }: SimClient, { role, mac }: SimDevice): boolean =>
  role === 'gateway' || wireless?.ap === mac || wired?.switch === mac;

/** Of a network that clients are in, by its name. */
export function networkIdOf(site: Site, generation: Generation, name: string): string {
  const network = site.networks.find((one) => one.name === name);
  return idOf(generation, network === undefined ? `network ${name}` : networkWord(network));
}

/** `stat/sta`: who is there now */
export function clientView(site: Site, generation: Generation, client: SimClient): object {
  const { mac, name, hostname, ip, network, wireless, wired } = client;
  const now = seconds(site.clock.now());
  return {
    ...{ _id: idOf(generation, mac), mac, ...(name !== '' && { name }), ...(hostname && { hostname }) },
    ...{ ip, network, network_id: networkIdOf(site, generation, network), is_wired: wired !== undefined },
    ...{ first_seen: now - 90_000, last_seen: now, uptime: 3_600, oui: 'Maker' },
    ...(wired && { sw_mac: wired.switch, sw_port: wired.port, 'wired-rx_bytes-r': 12_500 }),
    ...(wireless && {
      ...{ ap_mac: wireless.ap, essid: wireless.ssid, signal: wireless.signal, channel: 44 },
      ...{ 'rx_bytes-r': 4_000, 'tx_bytes-r': 9_000 },
    }),
  };
}

/** `rest/networkconf` */
export function networkViews(site: Site, generation: Generation): object[] {
  return site.networks.map((network) => networkView(site, generation, network));
}

export function networkView(site: Site, generation: Generation, network: SimNetwork): object {
  const { name, purpose, vlan, subnet, dhcp, group, type, made } = network;
  return {
    ...made?.sent,
    ...{ _id: idOf(generation, networkWord(network)), site_id: idOf(generation, `site ${site.name}`) },
    ...{ name, purpose, enabled: true },
    ...(purpose === 'wan' ? { wan_networkgroup: group, wan_type: type } : { networkgroup: group ?? 'LAN' }),
    ...(purpose === 'remote-user-vpn' && { vpn_type: type }),
    ...(purpose !== 'wan' && { vlan_enabled: vlan !== undefined }),
    // As text on old controllers.
    ...(vlan !== undefined && { vlan: generation === 'legacy' ? String(vlan) : vlan }),
    ...(subnet !== undefined && { ip_subnet: subnet }),
    ...(dhcp !== undefined && { dhcpd_enabled: true, dhcpd_start: dhcp[0], dhcpd_stop: dhcp[1] }),
    ...(purpose === 'corporate' && vlan === undefined && { attr_hidden_id: 'LAN', attr_no_delete: true }),
  };
}

/** `rest/wlanconf`: old controllers name a VLAN, newer ones a network */
export function wlanViews(site: Site, generation: Generation): object[] {
  return site.wlans.map(({ ssid, network, enabled, passphrase }, at) => {
    const { vlan } = site.networks.find(({ name }) => name === network) ?? {};
    return {
      ...{
        _id: idOf(generation, `wlan ${at}`),
        name: ssid,
        enabled,
        security: 'wpapsk',
        wpa_mode: 'wpa2',
      },
      ...{ x_passphrase: passphrase, hide_ssid: false },
      ...(generation === 'legacy'
        ? { vlan_enabled: vlan !== undefined, ...(vlan !== undefined && { vlan: String(vlan) }) }
        : { networkconf_id: networkIdOf(site, generation, network) }),
    };
  });
}

/** `rest/portconf`: old controllers have one for each network beside those that somebody made */
export function profileViews(site: Site, generation: Generation): object[] {
  const networks = site.networks.filter(({ purpose, vlan }) => purpose !== 'wan' && vlan !== undefined);
  const own = networks.map(({ name }): SimProfile => ({ name, forward: 'native', native: name }));
  const all: readonly SimProfile[] =
    generation === 'legacy'
      ? [
          ...[{ name: 'All', forward: 'all' } as const, { name: 'Disabled', forward: 'disabled' } as const],
          ...own,
          ...site.profiles.filter(({ name }) => !own.some((one) => one.name === name)),
        ]
      : site.profiles;
  return all.map(({ name, forward, native }) => {
    const network = site.networks.find((one) => one.name === native);
    return {
      ...{ _id: idOf(generation, `profile ${name}`), name, forward },
      ...(network !== undefined && { native_networkconf_id: idOf(generation, networkWord(network)) }),
      ...(generation === 'os' && { tagged_vlan_mgmt: forward === 'customize' ? 'custom' : 'block_all' }),
    };
  });
}

/** `stat/event` and `stat/alarm` */
export const eventViews = (site: Site, generation: Generation, which: 'events' | 'alarms'): object[] =>
  site[which].toReversed().map(({ key, message, subsystem, time, fields }) => ({
    ...{ _id: idOf(generation, `${which} ${key} ${time} ${message}`), key, msg: message, subsystem, time },
    ...{ datetime: new Date(time).toISOString(), ...(which === 'alarms' && { archived: false }), ...fields },
  }));

/** What goes over the event socket when something changed: whole things, not what changed in them. */
export function pushView(
  site: Site,
  generation: Generation,
  message: string,
  data: readonly object[],
): readonly object[] {
  const macs = data.map((one) => (one as { mac?: string }).mac);
  if (message === 'device:sync') {
    const changed = site.devices.filter(({ mac }) => macs.includes(mac));
    return changed.map((device) => deviceView(site, generation, device));
  }
  if (message === 'sta:sync') {
    const there = site.clients.filter(({ mac }) => macs.includes(mac));
    return there.map((client) => clientView(site, generation, client));
  }
  if (message === 'events') return eventViews(site, generation, 'events').slice(0, data.length);
  return message.startsWith('wlanconf') ? wlanViews(site, generation) : data;
}

/** `v2/…/system-log`, of newer controllers */
export const logViews = (site: Site, which: 'events' | 'alarms'): object[] =>
  site[which].toReversed().map(({ key, message, time, fields = {} }) => ({
    ...{
      id: idOf('os', `log ${key} ${time} ${message}`),
      key: key.replace(/^EVT_(\w\w)_/, 'DEVICE_').toUpperCase(),
    },
    ...{
      category: fields.user === undefined ? 'MONITORING' : 'CLIENT_DEVICES',
      severity: 'MEDIUM',
      status: 'NEW',
    },
    ...{ title_raw: 'Something happened', message_raw: `{DEVICE}: ${message}`, timestamp: time },
    parameters: { DEVICE: { id: 'x', name: site.title } },
  }));
