import { died } from '../errors.ts';
import type { SimGuest } from '../guest.ts';

/** @throws PveError as for a guest whose agent is not there */
export function checkAgent(guest: SimGuest, now: number): void {
  if (guest.spec.agent === undefined) throw died('No QEMU guest agent configured');
  if (!guest.running) throw died(`VM ${guest.vmid} is not running`);
  if (!guest.agentAnswers(now)) throw died('QEMU guest agent is not running');
}

/** `exec`: it is on its way. */
export function agentExec(guest: SimGuest, command: readonly string[]): object {
  const pid = 1_000 + guest.executed.length;
  guest.executed.push({ pid, command });
  return { pid };
}

/** `exec-status` @throws PveError for a process that the agent does not know, or told of before */
export function agentExecStatus(guest: SimGuest, pid: number): object {
  const at = guest.executed.findIndex((one) => one.pid === pid);
  const command = guest.executed[at]?.command;
  if (command === undefined || guest.collected.has(pid)) throw died(`Agent error: Invalid parameter 'pid'`);
  const output = guest.answer(command);
  if (output === undefined) return { exited: 0 };
  guest.collected.add(pid);
  return { exited: 1, exitcode: 0, ...(output !== '' && { 'out-data': output }) };
}

const LOOPBACK = [
  { 'ip-address': '127.0.0.1', 'ip-address-type': 'ipv4', prefix: 8 },
  { 'ip-address': '::1', 'ip-address-type': 'ipv6', prefix: 128 },
];

/** `network-get-interfaces`. */
export function agentInterfaces(guest: SimGuest): readonly object[] {
  const { netin, netout } = guest.counters;
  return [
    { name: 'lo', 'hardware-address': '00:00:00:00:00:00', 'ip-addresses': LOOPBACK },
    {
      name: 'ens18',
      'hardware-address': guest.mac.toLowerCase(),
      'ip-addresses': addressesOf(guest),
      statistics: {
        'rx-bytes': netin,
        'rx-packets': Math.ceil(netin / 900),
        'rx-dropped': 0,
        'rx-errs': 0,
        'tx-bytes': netout,
        'tx-packets': Math.ceil(netout / 700),
        'tx-dropped': 0,
        'tx-errs': 0,
      },
    },
    ...(guest.spec.agent?.docker === true ? DOCKER : []),
  ];
}

const inner = (name: string, mac: string, ...addresses: readonly (readonly [string, number])[]): object => ({
  name,
  'hardware-address': mac,
  'ip-addresses': addresses.map(([address, prefix]) => ({
    'ip-address': address,
    'ip-address-type': address.includes(':') ? 'ipv6' : 'ipv4',
    prefix,
  })),
});

/** What Docker sets up on every machine, the first address always the same. */
const DOCKER = [
  inner('docker0', '02:42:5a:11:22:33', ['172.17.0.1', 16]),
  inner('br-1f2e3d4c5b6a', '02:42:9c:44:55:66', ['172.18.0.1', 16], ['fe80::42:9cff:fe44:5566', 64]),
  inner('veth12ab34c', '9e:11:22:33:44:55', ['fe80::9c11:22ff:fe33:4455', 64]),
];

/** `get-osinfo`. */
export function agentOs(guest: SimGuest): object {
  const pretty = guest.spec.agent?.os ?? 'Debian GNU/Linux 12 (bookworm)';
  const [, name = pretty, version = ''] = /^(\D+?) (\d\S*.*)$/.exec(pretty) ?? [];
  return {
    id: name.split(/[ /]/)[0]?.toLowerCase() ?? '',
    name,
    'pretty-name': pretty,
    version,
    'version-id': version.split(' ')[0] ?? '',
    machine: 'x86_64',
    'kernel-release': '6.1.0-40-amd64',
    'kernel-version': '#1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025-09-20)',
  };
}

/** `get-fsinfo`: the one place that knows how full a VM's disk is. */
export function agentFileSystems(guest: SimGuest): readonly object[] {
  const total = Math.floor(guest.spec.disk * 0.97);
  const image = { name: 'loop0', mountpoint: '/snap/core/1', type: 'squashfs', disk: [] };
  const images = [
    { ...image, 'total-bytes': 67_108_864, 'total-bytes-privileged': 67_108_864, 'used-bytes': 67_108_864 },
    {
      ...{ name: 'sda1', mountpoint: '/var/lib/docker', type: 'ext4', disk: [] },
      ...{ 'total-bytes': total, 'total-bytes-privileged': Math.floor(total * 1.03) },
      'used-bytes': Math.floor(total * 0.42),
    },
    // A file system that cannot tell.
    { name: 'sda15', mountpoint: '/boot/efi', type: 'vfat', disk: [] },
  ];
  return [
    ...(guest.spec.agent?.images === true ? images : []),
    {
      name: 'sda1',
      mountpoint: '/',
      type: 'ext4',
      'total-bytes': total,
      'total-bytes-privileged': Math.floor(total * 1.03),
      'used-bytes': Math.floor(total * 0.42),
      disk: [
        {
          'bus-type': 'scsi',
          bus: 0,
          unit: 0,
          target: 0,
          dev: '/dev/sda1',
          serial: '0QEMU_QEMU_HARDDISK_drive-scsi0',
          'pci-controller': { domain: 0, bus: 9, slot: 1, function: 0 },
        },
      ],
    },
  ];
}

/** `GET /nodes/{node}/lxc/{vmid}/interfaces`; nothing at all of one that is stopped. */
export function containerInterfaces(guest: SimGuest): readonly object[] | null {
  if (!guest.running) return null;
  const of = (name: string, mac: string, addresses: readonly Address[]): object => {
    const inet = addresses.map((each) => ({ ...each, 'ip-address-type': FAMILY[each['ip-address-type']] }));
    const short = inet.map((each) => [each['ip-address-type'], `${each['ip-address']}/${each.prefix}`]);
    return { name, hwaddr: mac, 'hardware-address': mac, 'ip-addresses': inet, ...Object.fromEntries(short) };
  };
  return [
    of('lo', '00:00:00:00:00:00', LOOPBACK as readonly Address[]),
    of('eth0', guest.mac.toLowerCase(), addressesOf(guest)),
  ];
}

interface Address {
  readonly 'ip-address': string;
  readonly 'ip-address-type': 'ipv4' | 'ipv6';
  readonly prefix: number;
}

/** The kernel's words for them. */
const FAMILY = { ipv4: 'inet', ipv6: 'inet6' } as const;

function addressesOf({ spec, mac }: SimGuest): readonly Address[] {
  const [, , , d = '', e = '', f = ''] = mac.toLowerCase().split(':');
  const own = (spec.addresses ?? []).map((each): Address => {
    const [address = '', prefix] = each.split('/');
    const type = address.includes(':') ? 'ipv6' : 'ipv4';
    return { 'ip-address': address, 'ip-address-type': type, prefix: Number(prefix ?? 24) };
  });
  return [...own, { 'ip-address': `fe80::be24:11ff:fe${d}:${e}${f}`, 'ip-address-type': 'ipv6', prefix: 64 }];
}
