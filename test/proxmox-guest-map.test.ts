import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { addressesIn } from '../addon/src/sources/proxmox/guest/addresses.ts';
import { fillingOf } from '../addon/src/sources/proxmox/guest/agent.ts';
import { guestOf } from '../addon/src/sources/proxmox/guest/map.ts';
import { NO_RATES } from '../addon/src/sources/proxmox/guest/rates.ts';
import {
  fixedAddresses,
  hasAgent,
  passedThrough,
  storagesIn,
  systemIn,
} from '../addon/src/sources/proxmox/guest/settings.ts';
import { nameAt } from '../addon/src/sources/proxmox/guest/snapshot-now.ts';
import { NOTHING_KNOWN } from '../addon/src/sources/proxmox/guest/surroundings.ts';
import type { Told } from '../addon/src/sources/proxmox/guest/told.ts';
import type { GuestConfig, GuestRow } from '../addon/src/sources/proxmox/guest/wire.ts';
import { mayAt } from '../addon/src/sources/proxmox/permissions.ts';
import { chosen } from '../addon/src/sources/proxmox/provision/backup-place.ts';

const GIB = 1024 ** 3;
const vm: GuestRow = {
  type: 'qemu',
  vmid: 101,
  node: 'pve1',
  status: 'running',
  name: 'web',
  uptime: 100,
  disk: 0,
};

const readings = (row: Partial<GuestRow>, config?: GuestConfig, told: Told = {}) =>
  guestOf(
    { ...vm, ...row },
    {
      ...{ owner: 'proxmox/home', generation: 1, config, told, rates: NO_RATES, started: undefined },
      ...{ url: 'https://pve1:8006', lab: NOTHING_KNOWN },
    },
  ).readings;

suite('what is known of a guest of Proxmox VE', () => {
  test('is unknown, never 0 or none, while nothing was read', () => {
    const { disk, disk_usage, ip, os, agent, on_boot, protection, tags, pending, snapshots, passthrough } =
      readings({}, { agent: '1', ostype: 'other' });
    assert.deepEqual([disk, disk_usage, ip, os, agent, pending, snapshots], Array(7).fill(null));
    assert.deepEqual([on_boot, protection, tags, passthrough], [false, false, 'none', 'none']);
    const blank = readings({});
    assert.deepEqual(
      [blank.on_boot, blank.protection, blank.tags, blank.passthrough, blank.agent],
      Array(5).fill(null),
    );
  });

  test('has no disk and no address where there is no agent that could tell', () => {
    for (const agent of [undefined, '0', 'enabled=0']) {
      const known = readings({}, { agent, ostype: 'win11' }, { filling: null });
      assert.equal('disk' in known || 'ip' in known, false);
      assert.deepEqual([known.agent, known.os], ['off', 'Windows 11/2022/2025']);
    }
  });

  test('comes from its agent, and goes when the guest ends', () => {
    const told: Told = {
      ...{ agent: true, addresses: ['10.0.20.5', 'fd00::5'], os: 'Debian', pending: ['memory'] },
      ...{ filling: { used: 6 * GIB, total: 24 * GIB } },
      snapshots: [
        { name: 'b', snaptime: 1_765_000_000 },
        { name: 'a', snaptime: 1_764_000_000 },
      ],
    };
    const known = readings({}, { agent: 'enabled=1,fstrim_cloned_disks=1' }, told);
    assert.deepEqual([known.disk, known.disk_usage, known.agent], [6, 25, 'answers']);
    assert.deepEqual([known.ip, known.ips, known.os], ['10.0.20.5', '10.0.20.5, fd00::5', 'Debian']);
    assert.deepEqual([known.pending, known.pending_changes, known.snapshots], [true, 'memory', 2]);
    assert.equal(known.snapshot_latest, '2025-12-06T05:46:40+00:00');
    assert.equal(known.snapshot_oldest, '2025-11-24T16:00:00+00:00');
    const off = readings({ status: 'stopped', uptime: 0 }, { agent: '1' }, told);
    assert.deepEqual([off.disk, off.ip, off.agent, off.snapshots], [null, null, null, 2]);
  });

  test('is locked when it is off and something holds it, with the reason', () => {
    const off = readings({ status: 'stopped', lock: 'clone' });
    assert.deepEqual([off.state, off.lock, off.on], ['locked', 'clone', false]);
    assert.equal(readings({ status: 'running', lock: 'backup' }).state, 'running');
    assert.equal(readings({ status: 'io-error' }).qemu_state, 'io-error');
  });

  test('has tags from its configuration where the list has none', () => {
    assert.equal(readings({}, { tags: 'core;web' }).tags, 'core, web');
    assert.equal(readings({ tags: 'new' }, { tags: 'old' }).tags, 'new');
  });

  test('leaves out what its version does not tell', () => {
    assert.equal('memory_host' in readings({}), false);
    assert.equal(readings({ memhost: 2 * GIB }).memory_host, 2);
    assert.equal('high_availability' in readings({}), false);
  });
});

suite('settings of a guest', () => {
  test('tell the devices of its node that it has', () => {
    const config = {
      hostpci0: '0000:3b:00,pcie=1,x-vga=0',
      hostpci1: 'mapping=gpu,pcie=1',
      usb0: 'host=1234:5678,usb3=1',
      usb1: 'spice',
      dev0: '/dev/dri/renderD128,gid=104',
      net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0',
    };
    assert.deepEqual(passedThrough(config), [
      'PCI 0000:3b:00',
      'PCI gpu',
      'USB 1234:5678',
      'device /dev/dri/renderD128',
    ]);
  });

  test('tell the storages of its disks, not of images in drives', () => {
    const config = {
      ...{
        scsi0: 'local-zfs:vm-101-disk-0,size=32G',
        efidisk0: 'local-zfs:vm-101-disk-1',
        mp0: '/srv,mp=/srv',
      },
      ...{
        ide2: 'local:iso/debian.iso,media=cdrom',
        virtio1: 'ceph:vm-101-disk-2',
        sata0: 'none,media=cdrom',
      },
    };
    assert.deepEqual(storagesIn(config), ['ceph', 'local-zfs']);
    assert.deepEqual(storagesIn({ rootfs: 'nas:110/vm-110-disk-0.raw,size=8G' }), ['nas']);
  });

  test('tell its system, and whether it has an agent', () => {
    assert.equal(systemIn({ ostype: 'l26' }, 'qemu'), 'Linux');
    assert.equal(systemIn({ ostype: 'debian' }, 'lxc'), 'Debian');
    assert.equal(systemIn({ ostype: 'unmanaged' }, 'lxc'), null);
    assert.deepEqual(
      [1, '1', '1,fstrim_cloned_disks=1', 'enabled=1', '0', 'enabled=0', '10', undefined].map((agent) =>
        hasAgent({ agent }),
      ),
      [true, true, true, true, false, false, false, false],
    );
  });

  test('tell the addresses that a container is given', () => {
    const config = {
      net0: 'name=eth0,hwaddr=BC:24:11:00:00:01,ip=10.0.20.30/24,ip6=auto,type=veth',
      net1: 'name=eth1,ip=dhcp',
    };
    assert.deepEqual(fixedAddresses(config), ['10.0.20.30']);
  });
});

suite('addresses of a guest', () => {
  const row = (name: string, mac: string, ...addresses: string[]) => ({
    name,
    'hardware-address': mac,
    'ip-addresses': addresses.map((address) => ({ 'ip-address': address })),
  });

  test('are those that others reach it at, IPv4 first', () => {
    const rows = [
      row('lo', '00:00:00:00:00:00', '127.0.0.1', '::1'),
      row('ens18', 'bc:24:11:00:00:01', 'fd00::5', 'fe80::1', '10.0.20.5', '169.254.3.4'),
      row('docker0', '02:42:00:00:00:01', '172.17.0.1'),
      row('br-0123456789ab', '02:42:00:00:00:02', '172.18.0.1'),
      row('veth0a1b2c3', '02:42:00:00:00:03', '10.9.9.9'),
      row('hassio', '02:42:00:00:00:04', '172.30.32.1'),
    ];
    assert.deepEqual(addressesIn(rows, []), ['10.0.20.5', 'fd00::5']);
  });

  test('are of its network cards only, where an interface bears their MAC', () => {
    const rows = [row('br0', 'bc:24:11:00:00:01', '10.0.20.5'), row('tailscale0', '', '100.64.0.7')];
    assert.deepEqual(addressesIn(rows, ['BC:24:11:00:00:01']), ['10.0.20.5']);
    assert.deepEqual(addressesIn(rows, ['BC:24:11:00:00:09']), ['10.0.20.5', '100.64.0.7']);
  });

  test('of a container come from older versions with their prefix, and nonsense is left out', () => {
    const rows = [
      { name: 'lo', hwaddr: '00:00:00:00:00:00', inet: '127.0.0.1/8', inet6: '::1/128' },
      { name: 'eth0', hwaddr: 'bc:24:11:00:00:01', inet: '10.0.20.30/24', inet6: 'fe80::1/64' },
      { name: 'eth1', 'ip-addresses': [{ 'ip-address': '<script>' }, {}, { 'ip-address': 7 as never }] },
      {},
    ];
    assert.deepEqual(addressesIn(rows, []), ['10.0.20.30']);
  });
});

suite('how full the disks of a machine are', () => {
  const disk = (name: string, mountpoint: string, type: string, used?: number, total?: number) => ({
    ...{ name, mountpoint, type },
    ...(used !== undefined && { 'used-bytes': used }),
    ...(total !== undefined && { 'total-bytes': total }),
  });

  test('counts each device once, and no image that is full by nature', () => {
    const rows = [
      disk('sda1', '/', 'ext4', 40, 100),
      disk('sda1', '/var/lib/docker', 'ext4', 40, 100),
      disk('sdb1', '/data', 'xfs', 10, 300),
      disk('loop0', '/snap/core', 'squashfs', 60, 60),
      disk('sr0', '/media', 'iso9660', 700, 700),
      disk('sda15', '/boot/efi', 'vfat'),
    ];
    assert.deepEqual(fillingOf(rows), { used: 50, total: 400 });
  });

  test('is unknown where no file system tells', () => {
    assert.equal(fillingOf([disk('sda1', '/', 'ext4'), disk('sda2', '/x', 'ext4', 0, 0)]), null);
    assert.equal(fillingOf([]), null);
  });
});

suite('permissions of Proxmox VE', () => {
  const permissions = {
    '/': { 'VM.Audit': 1, 'Sys.Audit': 0 },
    '/vms/101': { 'VM.Audit': 1, 'VM.PowerMgmt': 0 },
    '/pool/lab': { 'VM.Backup': 1 },
  };

  test('hold at their path, and below it if they are handed down', () => {
    assert.equal(mayAt(permissions, '/', 'Sys.Audit'), true);
    assert.equal(mayAt(permissions, '/nodes/pve1', 'Sys.Audit'), false);
    assert.equal(mayAt(permissions, '/vms/102', 'VM.Audit'), true);
    assert.equal(mayAt(permissions, '/vms/101', 'VM.PowerMgmt'), true);
    assert.equal(mayAt(permissions, '/pool/lab/inner', 'VM.Backup'), true);
  });

  test('of a path that is listed are all that hold there', () => {
    const narrow = { '/': { 'VM.PowerMgmt': 1 }, '/vms/101': { 'VM.Audit': 1 } };
    assert.equal(mayAt(narrow, '/vms/101', 'VM.PowerMgmt'), false);
    assert.equal(mayAt(narrow, '/vms/102', 'VM.PowerMgmt'), true);
    assert.equal(mayAt({}, '/vms/101', 'VM.PowerMgmt'), false);
  });
});

suite('where a guest is backed up to', () => {
  const job = (storage: string, more: object) => ({ id: 'job', storage, ...more });

  test('is what the option says, else its job, else the only storage', () => {
    const both = ['backup', 'local'];
    assert.equal(chosen(vm, both, 'local', [job('backup', { all: 1 })]), 'local');
    assert.equal(
      chosen(vm, both, undefined, [job('other', { all: 1 }), job('backup', { vmid: '100,101' })]),
      'backup',
    );
    assert.equal(chosen(vm, ['only'], undefined, []), 'only');
  });

  test('is refused with what to do where nothing says it', () => {
    const refused =
      (fit: string[], wanted?: string, jobs: object[] = []) =>
      () =>
        chosen(vm, fit, wanted, jobs as never);
    assert.throws(refused(['a', 'b']), {
      code: 'source_refused',
      message: /a, b take backups/,
      hint: /backup_storage/,
    });
    assert.throws(refused([]), { message: /no storage takes backups from pve1/ });
    assert.throws(refused(['a'], 'gone'), {
      message: /cannot be backed up to gone/,
      hint: /those that do: a/,
    });
    for (const not of [
      { vmid: '102' },
      { all: 1, exclude: '101' },
      { all: 1, node: 'pve2' },
      { pool: 'lab' },
    ])
      assert.throws(
        refused(['a', 'b'], undefined, [job('a', not)]),
        { code: 'source_refused' },
        JSON.stringify(not),
      );
  });

  test('a snapshot has the time in its name', () => {
    assert.equal(nameAt(Date.UTC(2026, 10, 24, 3, 15)), 'labkeeper-20261124-031500');
  });
});
