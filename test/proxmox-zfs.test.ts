import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, suite, test } from 'node:test';
import { Value } from 'typebox/value';
import { KINDS } from '../addon/src/kinds/index.ts';
import { poolOf } from '../addon/src/sources/proxmox/zfs/map.ts';
import { Pools } from '../addon/src/sources/proxmox/zfs/pools.ts';
import { scanOf, wallTime } from '../addon/src/sources/proxmox/zfs/scan.ts';
import { devicesOf, nameOf } from '../addon/src/sources/proxmox/zfs/vdevs.ts';
import type { PoolRow, PoolStatus, Vdev } from '../addon/src/sources/proxmox/zfs/wire.ts';
import { seededCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const RECORDED = new URL('../../shared/reference/recorded/', import.meta.url);
const skip = existsSync(RECORDED) ? false : 'no recordings here';
const GIB = 1024 ** 3;

const row = (change: Partial<PoolRow> = {}): PoolRow => ({
  name: 'rpool',
  health: 'ONLINE',
  size: 100 * GIB,
  alloc: 50 * GIB,
  frag: 4,
  dedup: 1,
  ...change,
});
const device = (name: string, change: Partial<Vdev> = {}): Vdev => ({
  name,
  state: 'ONLINE',
  read: 0,
  write: 0,
  cksum: 0,
  msg: '',
  leaf: 1,
  ...change,
});
const status = (children: readonly Vdev[], change: Partial<PoolStatus> = {}): PoolStatus => ({
  name: 'rpool',
  state: 'ONLINE',
  errors: 'No known data errors',
  children: [device('rpool', { leaf: 0, children })],
  ...change,
});
const readingsOf = (given: PoolRow, said: PoolStatus | undefined) =>
  poolOf(
    { row: given, status: said, scrub: undefined },
    { owner: 'proxmox/home', node: 'pve1', available: true },
  ).readings;

suite('the scan line of a pool', () => {
  test('tells what runs or ran, how far, and when a scrub ended', () => {
    const table: readonly (readonly [string | undefined, ReturnType<typeof scanOf>])[] = [
      [
        'scrub repaired 0B in 00:12:34 with 0 errors on Sun Apr 14 00:24:35 2024',
        { state: 'finished', progress: undefined, scrubbed: 'Sun Apr 14 00:24:35 2024', errors: 0 },
      ],
      [
        'scrub repaired 1.50M in 1 days 02:03:04 with 3 errors on Mon Jan  1 02:03:04 2024',
        { state: 'finished', progress: undefined, scrubbed: 'Mon Jan  1 02:03:04 2024', errors: 3 },
      ],
      [
        'scrub in progress since Sun Nov  9 00:24:01 2025 1.23T / 3.40T scanned at 1.2G/s, 800G / 3.40T issued at ' +
          '300M/s 0B repaired, 23.53% done, 02:31:00 to go',
        { state: 'scrubbing', progress: 23.53, scrubbed: undefined, errors: undefined },
      ],
      [
        'scrub in progress since Sun Nov  9 00:24:01 2025 0B scanned, no estimated completion time',
        { state: 'scrubbing', progress: undefined, scrubbed: undefined, errors: undefined },
      ],
      [
        'scrub paused since Sun Nov  9 01:24:01 2025 scrub started on Sun Nov  9 00:24:01 2025 0B repaired, 61.00% done',
        { state: 'paused', progress: 61, scrubbed: undefined, errors: undefined },
      ],
      [
        'resilver in progress since Fri Nov  7 10:00:00 2025 12.1G resilvered, 45.20% done, 00:10:00 to go',
        { state: 'resilvering', progress: 45.2, scrubbed: undefined, errors: undefined },
      ],
      [
        'resilvered 26.8G in 00:04:10 with 0 errors on Fri Nov  7 10:04:10 2025',
        { state: 'finished', progress: undefined, scrubbed: undefined, errors: undefined },
      ],
      [
        'scrub canceled on Sun Nov  9 01:24:01 2025',
        { state: 'canceled', progress: undefined, scrubbed: undefined, errors: undefined },
      ],
      ['none requested', { state: 'none', progress: undefined, scrubbed: undefined, errors: undefined }],
      [undefined, { state: 'none', progress: undefined, scrubbed: undefined, errors: undefined }],
    ];
    for (const [text, expected] of table) assert.deepEqual(scanOf(text), expected, text);
  });

  test('tells times by the clock on the wall of the node', () => {
    const at = (text: string, zone: string): string | undefined => {
      const time = wallTime(text, zone);
      return time === undefined ? undefined : new Date(time).toISOString();
    };
    assert.equal(at('Sun Apr 14 00:24:35 2024', 'Europe/Berlin'), '2024-04-13T22:24:35.000Z');
    assert.equal(at('Sun Dec 14 00:45:38 2025', 'Europe/Berlin'), '2025-12-13T23:45:38.000Z');
    assert.equal(at('Sun Dec 14 00:45:38 2025', 'America/New_York'), '2025-12-14T05:45:38.000Z');
    assert.equal(at('Sun Dec 14 00:45:38 2025', 'Asia/Kolkata'), '2025-12-13T19:15:38.000Z');
    assert.equal(at('Sun Dec 14 00:45:38 2025', 'UTC'), '2025-12-14T00:45:38.000Z');
    // The clocks were put forward an hour before.
    assert.equal(at('Sun Mar 30 03:30:00 2025', 'Europe/Berlin'), '2025-03-30T01:30:00.000Z');
    assert.equal(at('Sun Dec 14 00:45:38 2025', 'Middle-earth/Shire'), undefined);
    assert.equal(at('yesterday', 'UTC'), undefined);
  });
});

suite('a ZFS pool', () => {
  test('names the device because of which it is degraded, also one that is gone', () => {
    const readings = readingsOf(
      row({ health: 'DEGRADED' }),
      status([
        device('mirror-0', {
          state: 'DEGRADED',
          children: [
            device('/dev/disk/by-id/ata-WDC_A-part3'),
            device('9876543210123456789', {
              state: 'UNAVAIL',
              msg: 'was /dev/disk/by-id/ata-WDC_B-part3',
            }),
          ],
        }),
      ]),
    );
    assert.equal(readings.health, 'degraded');
    assert.equal(readings.problem, true);
    assert.equal(readings.detail, 'DEGRADED; ata-WDC_B-part3 (mirror-0) UNAVAIL');
    assert.deepEqual(
      readings.vdevs.map(({ title, problem }) => [title, problem]),
      [
        ['ata-WDC_A-part3', false],
        ['ata-WDC_B-part3', true],
      ],
    );
  });

  test('has a problem over 80 %, and with errors of a single device, else none', () => {
    const fine = status([device('/dev/sda3')]);
    const said = (given: PoolRow, tree = fine) => {
      const { problem, detail } = readingsOf(given, tree);
      return [problem, detail];
    };
    assert.deepEqual(said(row()), [false, 'none']);
    assert.deepEqual(said(row({ alloc: 80 * GIB })), [false, 'none']);
    assert.deepEqual(said(row({ alloc: 80.6 * GIB })), [true, '81 % full']);
    const flaky = status([device('/dev/sda3', { cksum: 2 })]);
    assert.deepEqual(said(row(), flaky), [true, 'sda3 2 errors']);
    // 1.2K errors lost their letter on the way.
    assert.equal(readingsOf(row(), status([device('/dev/sda3', { read: 1.2 })])).errors, 2);
    const lost = status([device('/dev/sda3')], { errors: "3 data errors, use '-v' for a list" });
    assert.deepEqual(said(row(), lost), [true, "3 data errors, use '-v' for a list"]);
  });

  test('takes waiting spares and logs for what they are', () => {
    const tree: PoolStatus = {
      ...status([device('mirror-0', { children: [device('/dev/sda'), device('/dev/sdb')] })]),
      children: [
        ...(status([device('mirror-0', { children: [device('/dev/sda'), device('/dev/sdb')] })]).children ??
          []),
        { name: 'logs', children: [device('/dev/nvme0n1p1')] },
        { name: 'spares', children: [{ name: '/dev/sdc', state: 'AVAIL', msg: '' }] },
      ],
    };
    assert.deepEqual(
      devicesOf(tree).map((each) => [nameOf(each), each.within, each.state]),
      [
        ['sda', 'mirror-0', 'ONLINE'],
        ['sdb', 'mirror-0', 'ONLINE'],
        ['nvme0n1p1', 'logs', 'ONLINE'],
        ['sdc', 'spares', 'AVAIL'],
      ],
    );
    assert.equal(readingsOf(row(), tree).problem, false);
  });

  test('that cannot be opened has no size, and one that does not tell is no worse than its health', () => {
    const dead = readingsOf(
      { name: 'rpool', health: 'UNAVAIL', size: 0, alloc: 0, frag: 0, dedup: 0 },
      undefined,
    );
    assert.deepEqual(
      [dead.problem, dead.usage, dead.size, dead.fragmentation, dead.errors],
      [true, null, null, null, null],
    );
    const silent = readingsOf(row(), undefined);
    assert.deepEqual([silent.problem, silent.detail, silent.errors], [false, null, null]);
    const { problem } = readingsOf({ name: 'rpool' }, undefined);
    assert.equal(problem, null);
  });
});

test('recorded pools become readings as their kind says', { skip }, () => {
  const recorded = <T>(name: string): T =>
    JSON.parse(
      readFileSync(
        new URL(`proxmox__go-proxmox__pve9x__nodes_node1_disks_zfs${name}.json`, RECORDED),
        'utf8',
      ),
    ).data;
  const [pool] = recorded<readonly PoolRow[]>('');
  assert.ok(pool);
  const readings = readingsOf(pool, recorded<PoolStatus>('_rpool'));
  assert.deepEqual([...Value.Errors(KINDS.pool.readings, readings)], []);
  assert.deepEqual([readings.health, readings.problem, readings.usage], ['online', false, 20]);
  assert.equal(readings.scan, 'finished');
});

suite('the ZFS pools of a node', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());
  const pool = (name: string) => lab.find('pool', `pve1/${name}`)?.readings;

  test('are read, with the last scrub by the zone of the node, and with a resilver the scrub before it', async () => {
    lab = await proxmoxLab(seededCluster);
    await lab.until('the pool', () => pool('rpool'));
    assert.equal(pool('rpool')?.last_scrub, '2025-12-13T23:45:38+00:00');
    assert.equal(pool('tank')?.dedup, 1.02);
    assert.equal(lab.find('pool', 'pve1/rpool')?.parent, 'proxmox/home/node/pve1');
    const { hardware } = lab.cluster.node('pve1');
    hardware.breakDevice('/dev/disk/by-id/wwn-0x5000c500a7665310-part1');
    hardware.setPool('tank', {
      scan: 'resilver in progress since Fri Jan  2 10:00:00 2026 1.1T resilvered, 18.40% done, 05:00:00 to go',
    });
    await lab.until('the fault', () => pool('tank')?.problem, 700);
    assert.match(
      pool('tank')?.detail ?? '',
      /^DEGRADED; wwn-0x5000c500a7665310-part1 \(mirror-0\) FAULTED, 20 errors/,
    );
    assert.deepEqual([pool('tank')?.scan, pool('tank')?.scan_progress], ['resilvering', 18.4]);
    assert.equal(pool('tank')?.last_scrub, '2025-12-14T08:26:12+00:00');
    assert.equal(pool('rpool')?.problem, false);
  });

  test('are gone when they are exported, and unavailable with their node', async () => {
    lab = await proxmoxLab(seededCluster);
    await lab.until('the pool', () => pool('tank'));
    const { hardware } = lab.cluster.node('pve1');
    hardware.pools = hardware.pools.filter(({ name }) => name !== 'tank');
    await lab.until('its end', () => pool('tank') === undefined, 700);
    assert.ok(pool('rpool'));
  });
});

test('a pool in which all is well is asked for its devices seldom, one that is busy or ails each time', () => {
  const pools = new Pools();
  const minute = 60_000;
  const fine = status([device('/dev/sda')], { scan: 'none requested' });
  const asked = (given: PoolRow, said: PoolStatus, now: number): boolean => {
    pools.saw('pve1', [{ row: row(), status: said, at: 0 }]);
    return pools.settled('pve1', given, now) === undefined;
  };
  assert.equal(pools.settled('pve1', row(), 0), undefined, 'never read');
  assert.equal(asked(row(), fine, 5 * minute), false);
  assert.equal(asked(row(), fine, 15 * minute), true);
  assert.equal(asked(row({ health: 'DEGRADED' }), fine, 5 * minute), true);
  assert.equal(asked(row(), status([device('/dev/sda', { cksum: 1 })]), 5 * minute), true);
  assert.equal(asked(row(), { ...fine, scan: 'scrub in progress since now 1.00% done' }, 5 * minute), true);
});
