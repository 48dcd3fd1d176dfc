import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startedAt } from '../addon/src/sources/proxmox/boot-time.ts';
import { fingerprintOf } from '../addon/src/sources/proxmox/guest/bearer.ts';
import { guestOf } from '../addon/src/sources/proxmox/guest/map.ts';
import { type Counted, counted, NO_RATES } from '../addon/src/sources/proxmox/guest/rates.ts';
import { NOTHING_KNOWN } from '../addon/src/sources/proxmox/guest/surroundings.ts';
import type { GuestRow } from '../addon/src/sources/proxmox/guest/wire.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const row = (change: Partial<GuestRow> = {}): GuestRow => ({
  type: 'qemu',
  vmid: 101,
  node: 'pve1',
  status: 'running',
  name: 'web',
  cpu: 0.5,
  maxcpu: 4,
  mem: 2 * GIB,
  maxmem: 4 * GIB,
  disk: 0,
  maxdisk: 32 * GIB,
  uptime: 1_000,
  ...change,
});

const known = {
  owner: 'proxmox/home',
  generation: 1,
  config: undefined,
  told: {},
  lab: NOTHING_KNOWN,
  rates: NO_RATES,
  started: Date.UTC(2026, 0, 1),
  url: 'https://pve1:8006',
};
const readingsOf = (change: Partial<GuestRow>) => guestOf(row(change), known).readings;

suite('a guest of Proxmox VE', () => {
  test('is in the state that its status and lock tell', () => {
    const table: readonly (readonly [string, string | undefined, string | null, boolean | null])[] = [
      ['running', undefined, 'running', true],
      ['stopped', undefined, 'stopped', false],
      ['stopped', 'suspended', 'suspended', false],
      ['paused', undefined, 'paused', true],
      ['io-error', undefined, 'error', true],
      ['inmigrate', 'migrate', 'running', true],
      ['unknown', undefined, null, null],
    ];
    for (const [status, lock, state, on] of table) {
      const readings = readingsOf({ status, ...(lock !== undefined && { lock }) });
      assert.deepEqual([readings.state, readings.on], [state, on], status);
    }
  });

  test('uses nothing while it is off, and an unknown amount while that is unknown', () => {
    const off = readingsOf({ status: 'stopped', uptime: 0 });
    assert.deepEqual([off.cpu, off.memory, off.started], [0, 0, null]);
    const { cpu, memory } = readingsOf({ status: 'unknown' });
    assert.deepEqual([cpu, memory], [null, null]);
    const on = readingsOf({});
    assert.deepEqual([on.cpu, on.memory, on.lock], [50, 2, 'none']);
  });

  test('shows the disk in use of a container only', () => {
    assert.equal('disk' in readingsOf({}), false);
    assert.equal(readingsOf({ type: 'lxc', disk: 3 * GIB }).disk, 3);
  });

  test('is called as its configuration says while the list does not', () => {
    const { name: _, ...nameless } = row({ status: 'unknown' });
    assert.equal(guestOf(nameless, { ...known, config: { name: 'web' } }).name, 'web');
    assert.equal(guestOf({ ...nameless, type: 'lxc' }, known).name, 'CT 101');
  });

  test('is known to others by its SMBIOS UUID, MACs and name, and to us by the first', () => {
    const config = {
      smbios1: 'uuid=5F9A2B1C-0000-4000-8000-000000000001',
      vmgenid: 'b',
      net0: 'virtio=BC:24:11:2E:C5:4A,bridge=vmbr0',
      net1: 'name=eth1,bridge=vmbr1,hwaddr=BC:24:11:2E:C5:4B',
    };
    assert.deepEqual(guestOf(row(), { ...known, config }).aliases, [
      'smbios:5f9a2b1c-0000-4000-8000-000000000001',
      'mac:bc:24:11:2e:c5:4a',
      'mac:bc:24:11:2e:c5:4b',
      'hostname:web',
    ]);
    const rolledBack = { ...config, vmgenid: 'c' };
    assert.equal(fingerprintOf('qemu', config), fingerprintOf('qemu', rolledBack));
    assert.notEqual(fingerprintOf('qemu', config), fingerprintOf('lxc', {}));
  });
});

suite('rates of a guest', () => {
  const at = (uptime: number, netin: number): GuestRow => row({ uptime, netin, netout: 0 });
  const after = (...rows: readonly GuestRow[]): Counted | undefined =>
    rows.reduce<Counted | undefined>((before, next) => counted(before, next), undefined);

  test('are averages over at least 30 seconds of its own uptime', () => {
    assert.equal(after(at(100, 0))?.rates.netin, null);
    assert.equal(after(at(100, 0), at(129, 290 * MIB))?.rates.netin, null);
    assert.equal(after(at(100, 0), at(129, 290 * MIB), at(140, 400 * MIB))?.rates.netin, 10);
  });

  test('stay while the same broadcast is seen again, and are 0 when nothing moved', () => {
    assert.equal(after(at(100, 0), at(130, 30 * MIB), at(130, 30 * MIB))?.rates.netin, 1);
    assert.equal(after(at(100, 0), at(130, 30 * MIB), at(160, 30 * MIB))?.rates.netin, 0);
  });

  test('are unknown after a restart, and where a counter went back', () => {
    assert.equal(after(at(100, 0), at(130, 30 * MIB), at(5, 0))?.rates.netin, null);
    assert.equal(after(at(100, 30 * MIB), at(140, 0))?.rates.netin, null);
  });
});

suite('the time of a start', () => {
  const now = Date.UTC(2026, 0, 1);

  test('stays while an uptime is only old or rounded', () => {
    const first = startedAt(undefined, 1_000, now);
    assert.equal(first, now - 1_000_000);
    for (const age of [1, 5, 10]) assert.equal(startedAt(first, 1_030 - age, now + 30_000), first);
  });

  test('moves with a restart, and is none while off', () => {
    const first = startedAt(undefined, 1_000, now);
    assert.equal(startedAt(first, 10, now + 30_000), now + 20_000);
    assert.equal(startedAt(first, 0, now), undefined);
  });
});
