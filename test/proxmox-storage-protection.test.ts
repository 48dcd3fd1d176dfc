import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { BackupJobRow } from '../addon/src/sources/proxmox/cluster/wire.ts';
import type { GuestRow } from '../addon/src/sources/proxmox/guest/wire.ts';
import { type Backup, backupsIn, type Evidence } from '../addon/src/sources/proxmox/protection/backup.ts';
import { isCovered, type Limits } from '../addon/src/sources/proxmox/protection/coverage.ts';
import { protectionOf, steady } from '../addon/src/sources/proxmox/protection/protection.ts';
import { Caller } from '../simulators/proxmox/client.ts';
import { OPERATOR_TOKEN, ROLES, seededCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const GIB = 1024 ** 3;
const AT = Date.UTC(2026, 0, 1, 2) / 1_000;

suite('backups on a storage', () => {
  test('are those that can be restored', () => {
    const dir = { content: 'backup', vmid: 100, ctime: AT, size: 5, format: 'vma.zst' };
    const pbs = { content: 'backup', vmid: 100, ctime: AT, size: 5, format: 'pbs-vm', subtype: 'qemu' };
    const good = (volume: object) => backupsIn([{ volid: 'x:backup/vzdump-qemu-100-a.vma.zst', ...volume }]);
    assert.deepEqual(good(dir), [
      { vmid: 100, type: 'qemu', at: AT, size: 5, verified: null, encrypted: false },
    ]);
    assert.deepEqual(good({ ...pbs, size: 1 }), [], 'it is still being made');
    assert.deepEqual(good({ ...pbs, verification: { state: 'failed' } }), []);
    assert.deepEqual(good({ ...dir, size: 0 }), []);
    assert.deepEqual(good({ ...dir, content: 'iso' }), []);
    assert.deepEqual(
      good({ ...pbs, verification: { state: 'ok' }, encrypted: 'ab:cd' }).map((each) => [
        each.verified,
        each.encrypted,
      ]),
      [[true, true]],
    );
    assert.deepEqual(
      [
        good(pbs)[0]?.verified,
        good({ ...pbs, encrypted: '1' })[0]?.encrypted,
        good({ ...pbs, encrypted: '0' })[0]?.encrypted,
      ],
      [false, true, false],
    );
    // Older versions have neither the kind of volume nor of guest.
    const { content: _, ...old } = dir;
    assert.equal(good(old)[0]?.type, 'qemu');
  });
});

suite('a guest in backup jobs', () => {
  const guest: GuestRow = { type: 'qemu', vmid: 100, node: 'pve1', status: 'running', pool: 'lab/web' };
  const covered = (job: Partial<BackupJobRow & Limits>, left?: readonly number[]): boolean | undefined =>
    isCovered(guest, { jobs: [{ id: 'a', ...job }], left: left && new Set(left) });

  test('is in those that are on and name it, all, or a pool that it is in', () => {
    assert.equal(covered({ all: 1 }), true);
    assert.equal(covered({ all: 1, enabled: 0 }, []), false, 'Proxmox VE counts that');
    assert.equal(covered({ all: 1, exclude: '101,100' }), false);
    assert.equal(covered({ exclude: '101' }), true);
    assert.equal(covered({ all: 1, node: 'pve2' }), false);
    assert.equal(covered({ all: 0, vmid: '100,101' }), true);
    assert.equal(covered({ vmid: '1000' }), false);
    assert.equal(covered({ pool: 'lab' }), true);
    assert.equal(covered({ pool: 'la' }), false);
    assert.equal(covered({ all: 1 }, [100]), false);
    assert.equal(isCovered(guest, undefined), undefined);
  });
});

suite('the protection of a guest', () => {
  const backup = { vmid: 100, type: 'qemu' as const, at: AT, size: GIB, verified: null, encrypted: false };
  const from = (backups: readonly Backup[], complete = true): Evidence => ({
    of: (vmid) => backups.filter((each) => each.vmid === vmid),
    isComplete: () => complete,
  });
  const guest = { vmid: 100, type: 'qemu' as const, made: AT - 1_000 };
  const is = (evidence: readonly Evidence[] | undefined, covered: boolean | undefined): boolean | null =>
    protectionOf(guest, evidence, covered).unprotected as boolean | null;

  test('needs both a backup and a job, and none is evidence only from who sees all', () => {
    assert.equal(is([from([backup])], true), false);
    assert.equal(is([from([])], true), true);
    assert.equal(is([from([])], false), true);
    assert.equal(is([from([backup])], false), true);
    assert.equal(is([from([], false)], true), null);
    assert.equal(is([from([]), from([], false)], true), null);
    assert.equal(is([from([], false)], false), true, 'no job makes the next one, whatever there is');
    assert.equal(is([from([], false), from([backup])], true), false);
    assert.equal(is([from([backup])], undefined), null);
    assert.equal(is(undefined, true), null);
  });

  test('counts the latest backup of all places, and none of who had its vmid before', () => {
    const later = { ...backup, at: AT + 60, size: 3 * GIB, verified: true, encrypted: true };
    assert.deepEqual(protectionOf(guest, [from([later]), from([backup])], true), {
      unprotected: false,
      last_backup: '2026-01-01T02:01:00+00:00',
      backup_size: 3,
      backup_verified: true,
      backup_encrypted: true,
      backup_job: true,
    });
    assert.equal(is([from([{ ...backup, type: 'lxc' as never }])], true), true);
    assert.equal(is([from([{ ...backup, at: guest.made - 1 }])], true), true);
  });

  test('stays as it was while the guest is backed up', () => {
    const good = protectionOf(guest, [from([backup])], true);
    const none = protectionOf(guest, [from([])], true);
    assert.equal(steady(none, good, true), good);
    assert.equal(steady(none, good, false), none);
    assert.equal(steady(good, none, true), good);
    assert.equal(steady(none, undefined, true), none);
  });
});

suite('the protection of guests', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());
  const readings = (vmid: number) => lab.find('guest', String(vmid))?.readings;

  test('is told: a backup and a job, none at all, and a backup that was made just now', async () => {
    lab = await proxmoxLab(seededCluster);
    await lab.until('protection', () => readings(100)?.unprotected === false);
    assert.equal(readings(100)?.last_backup, '2025-12-31T16:00:00+00:00');
    assert.deepEqual(
      [readings(102)?.unprotected, readings(102)?.backup_job, readings(102)?.last_backup],
      [true, true, null],
    );
    const before = lab.clock.now();
    await new Caller(lab.simulator, OPERATOR_TOKEN).post('/nodes/pve1/vzdump', {
      vmid: '102',
      storage: 'backup',
    });
    await lab.until('the new backup', () => readings(102)?.unprotected === false, 600);
    assert.ok(Date.parse(readings(102)?.last_backup ?? '') > before - 1_000);
    assert.ok(lab.clock.now() - before < 10 * 60_000, 'not only with the next half hour');
  });

  test('is told of a backup server that is a storage: verified, encrypted, broken, still being made', async () => {
    lab = await proxmoxLab(({ clock }) => {
      const cluster = seededCluster({ clock });
      const { storages, archives } = cluster;
      const now = Math.floor(clock.now() / 1_000);
      cluster.storages = storages.map((each) =>
        each.storage === 'backup' ? { ...each, type: 'pbs' } : each,
      );
      const by: Record<number, object> = {
        100: { verification: 'ok', encrypted: 'ab:cd:ef' },
        101: { verification: 'failed' },
        110: {},
      };
      cluster.archives = archives.map((each) => ({ ...each, ...by[each.vmid] }));
      const { size: _, ...begun } = { ...cluster.archives[0], vmid: 102 } as (typeof archives)[number];
      cluster.archives = [...cluster.archives, { ...begun, time: now - 60 }];
      return cluster;
    });
    await lab.until('protection', () => readings(100)?.unprotected === false);
    const told = (vmid: number): unknown => {
      const { unprotected, backup_verified, backup_encrypted } = readings(vmid) ?? {};
      return [unprotected, backup_verified, backup_encrypted];
    };
    assert.deepEqual(told(100), [false, true, true]);
    assert.deepEqual(told(110), [false, false, false]);
    assert.deepEqual(told(101), [true, null, null], 'one that is broken is none');
    assert.deepEqual(told(102), [true, null, null], 'nor is one that is not complete');
  });

  test('does not flap while a backup takes the place of another, and shows when the last is lost', async () => {
    lab = await proxmoxLab(seededCluster);
    await lab.until('protection', () => readings(110)?.unprotected === false);
    const heard: unknown[] = [];
    lab.store.subscribe((diff) => {
      for (const { after } of diff)
        if (after?.kind === 'guest' && after.id.endsWith('/110')) heard.push(after.readings.unprotected);
    });
    const guest = lab.cluster.find(110);
    guest.lock = 'backup';
    lab.cluster.archives = lab.cluster.archives.filter(({ vmid }) => vmid !== 110);
    await lab.pass(35 * 60);
    assert.ok(!heard.includes(true) && !heard.includes(null), heard.join());
    guest.lock = undefined;
    await lab.until('the loss', () => readings(110)?.unprotected === true, 300);
  });

  test('is unknown to who may not see backups, which right is missing is said once', async () => {
    lab = await proxmoxLab(({ clock }) => {
      const cluster = seededCluster({ clock });
      const token = cluster.access.tokens.find(({ id }) => id === OPERATOR_TOKEN);
      assert.ok(token);
      const acl = ROLES.operator.filter((privilege) => privilege !== 'Datastore.AllocateSpace');
      cluster.access.addToken({ ...token, acl: { '/': acl } });
      return cluster;
    });
    await lab.until('jobs', () => readings(100)?.backup_job);
    await lab.pass(1_300);
    assert.deepEqual([readings(100)?.unprotected, readings(100)?.last_backup], [null, null]);
    const said = lab.log.lines.filter((line) => line.includes('Datastore.AllocateSpace at /storage/backup'));
    assert.equal(said.length, 1, lab.log.lines.join('\n'));
  });

  test('is unknown to who may see single guests alone: there may be storages that are not shown', async () => {
    lab = await proxmoxLab(({ clock }) => {
      const cluster = seededCluster({ clock });
      cluster.access.changeAcl(OPERATOR_TOKEN, () => ({ '/vms/102': ROLES.operator }));
      return cluster;
    });
    await lab.until('the guest', () => readings(102)?.backup_job !== undefined);
    await lab.pass(120);
    assert.deepEqual([readings(102)?.unprotected, readings(102)?.backup_job], [null, null]);
    assert.ok(!lab.log.lines.some((line) => line.includes('/storage')), 'that was meant');
  });

  test('does not end with a storage that cannot be read for a while', async () => {
    lab = await proxmoxLab(seededCluster);
    await lab.until('protection', () => readings(100)?.unprotected === false);
    lab.simulator.faults.inject(
      { path: /\/storage\/backup\/content/ },
      { kind: 'answer', status: 500, message: 'storage is not online' },
    );
    await lab.pass(40 * 60);
    assert.equal(readings(100)?.unprotected, false);
    // What was not seen for so long is no evidence of none.
    assert.equal(readings(102)?.unprotected, null);
  });
});
