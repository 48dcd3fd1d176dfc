import type { ProxmoxCluster } from '../cluster.ts';
import type { LinkSpec, PendingPackage } from '../condition.ts';
import type { SimNode } from '../node.ts';

type Row = Readonly<Record<string, unknown>>;

/** `GET /nodes/{node}/subscription`. */
export function subscription({ condition, spec, name }: SimNode): Row {
  const { subscription: status } = condition;
  if (status === 'notfound') {
    return {
      status,
      message: 'There is no subscription key',
      serverid: serverId(name),
      url: 'https://www.proxmox.com/en/proxmox-virtual-environment/pricing',
    };
  }
  return {
    status,
    key: 'pve2c-0123456789',
    level: 'c',
    productname: 'Proxmox VE Community Subscription 2 CPUs/year',
    regdate: '2026-01-02 00:00:00',
    nextduedate: '2027-01-02',
    checktime: 1_767_312_000,
    sockets: spec.sockets,
    serverid: serverId(name),
    url: 'https://www.proxmox.com/en/proxmox-virtual-environment/pricing',
  };
}

const serverId = (name: string): string =>
  Buffer.from(name.padEnd(16, '.')).toString('hex').toUpperCase().slice(0, 32);

/** Unit, what it is, and whether it runs where nothing is amiss. */
const SERVICES: readonly (readonly [string, string, 'running' | 'off' | 'missing'])[] = [
  ['chrony', 'chrony, an NTP client/server', 'running'],
  ['corosync', 'Corosync Cluster Engine', 'running'],
  ['cron', 'Regular background program processing daemon', 'running'],
  ['ksmtuned', 'Kernel Samepage Merging (KSM) Tuning Daemon', 'running'],
  ['postfix', 'Postfix Mail Transport Agent (main/default instance)', 'running'],
  ['proxmox-firewall', 'Proxmox nftables firewall', 'running'],
  ['pve-cluster', 'The Proxmox VE cluster filesystem', 'running'],
  ['pve-firewall', 'Proxmox VE firewall', 'running'],
  ['pve-ha-crm', 'PVE Cluster HA Resource Manager Daemon', 'running'],
  ['pve-ha-lrm', 'PVE Local HA Resource Manager Daemon', 'running'],
  ['pvedaemon', 'PVE API Daemon', 'running'],
  ['pvefw-logger', 'Proxmox VE firewall logger', 'running'],
  ['pveproxy', 'PVE API Proxy Server', 'running'],
  ['pvescheduler', 'Proxmox VE scheduler', 'running'],
  ['pvestatd', 'PVE Status Daemon', 'running'],
  ['spiceproxy', 'PVE SPICE Proxy Server', 'running'],
  ['sshd', 'OpenBSD Secure Shell server', 'running'],
  ['syslog', 'syslog', 'missing'],
  ['systemd-journald', 'Journal Service', 'running'],
  ['systemd-timesyncd', 'Network Time Synchronization', 'missing'],
];

/** `GET /nodes/{node}/services`. Version 7 says less of each. */
export function services(cluster: ProxmoxCluster, { condition }: SimNode): readonly Row[] {
  return SERVICES.map(([service, desc, normal]) => {
    const failed = condition.failedServices.has(service);
    const off = normal !== 'running' || (service === 'corosync' && cluster.name === undefined);
    const state = failed ? 'failed' : off ? 'dead' : 'running';
    return {
      service,
      name: service,
      desc,
      state,
      ...(cluster.mainVersion < 8
        ? {}
        : {
            'active-state': failed ? 'failed' : off ? 'inactive' : 'active',
            'unit-state': normal === 'missing' ? 'not-found' : 'enabled',
          }),
    };
  });
}

/** `GET /nodes/{node}/apt/update`. */
export const pendingUpdates = ({ condition }: SimNode): readonly Row[] =>
  condition.pending.map((each) => ({ ...packageRow(each), Version: each.to, OldVersion: each.from }));

/** `GET /nodes/{node}/apt/versions`: the packages that matter, and every kernel. */
export function packageVersions({ version }: ProxmoxCluster, { condition }: SimNode): readonly Row[] {
  const installed = { CurrentState: 'Installed', Version: version.version };
  const kernel = (release: string): PendingPackage => ({
    name: `proxmox-kernel-${release}-signed`,
    title: 'Proxmox Kernel Image (signed)',
    from: '',
    to: '',
  });
  const own = { from: '', to: '' };
  return [
    {
      ...packageRow({ ...own, name: 'proxmox-ve', title: 'Proxmox Virtual Environment' }),
      ...installed,
      RunningKernel: condition.runningKernel,
    },
    {
      ...packageRow({ ...own, name: 'pve-manager', title: 'Proxmox Virtual Environment Management Tools' }),
      ...installed,
      ManagerVersion: `${version.version}/${version.repoid}`,
    },
    ...condition.kernels.map((release) => ({
      ...packageRow(kernel(release)),
      CurrentState: 'Installed',
      Version: release.replace(/-pve$/, ''),
    })),
    {
      ...packageRow({ ...own, name: 'ceph-fuse', title: 'FUSE-based client' }),
      ...installed,
      CurrentState: 'ConfigFiles',
    },
  ];
}

const packageRow = ({ name, title, origin = 'Proxmox' }: PendingPackage): Row => ({
  Package: name,
  Title: title,
  Description: title,
  Origin: origin,
  Arch: 'amd64',
  Section: 'admin',
  Priority: 'optional',
});

/** `GET /nodes/{node}/network`: what `/etc/network/interfaces` says, and whether it is switched on. */
export const networkRows = ({ condition }: SimNode): readonly Row[] =>
  condition.links.map((link, index) => ({
    ...addressOf(link),
    ...(link.type === 'bridge' ? bridgeOf(link) : {}),
    iface: link.iface,
    type: link.type,
    method: link.cidr === undefined ? 'manual' : 'static',
    method6: 'manual',
    families: ['inet'],
    priority: index + 3,
    ...(link.autostart ? { autostart: 1 } : {}),
    ...(link.type === 'eth' ? { exists: 1 } : {}),
    ...(condition.linksDown.has(link.iface) ? {} : { active: 1 }),
  }));

function addressOf({ cidr }: LinkSpec): Row {
  const [address, netmask] = cidr?.split('/') ?? [];
  if (cidr === undefined || address === undefined || netmask === undefined) return {};
  return { address, cidr, netmask, gateway: address.replace(/\d+$/, '1') };
}

const bridgeOf = ({ ports = '', vlanAware = false }: LinkSpec): Row => ({
  bridge_ports: ports,
  bridge_stp: 'off',
  bridge_fd: '0',
  ...(vlanAware ? { bridge_vlan_aware: 1, bridge_vids: '2-4094' } : {}),
});
