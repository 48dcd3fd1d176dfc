import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { countProblem, LEVELS, usableBytes } from '../addon/src/sources/proxmox/provision/raid.ts';
import type { DiskSpec } from '../simulators/proxmox/hardware.ts';
import { type ProxmoxCluster, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const NODE = 'proxmox/home/node/pve1';
const TB = 1e12;
const SERIALS = ['NEW0', 'NEW1', 'NEW2', 'NEW3'];

const blank = (index: number, change: Partial<DiskSpec> = {}): DiskSpec => ({
  ...{
    device: `sd${'wxyz'.charAt(index)}`,
    model: 'ST4000NM000A',
    vendor: 'ATA     ',
    type: 'hdd',
    rpm: 7_200,
  },
  ...{ serial: SERIALS[index] ?? '', wwn: `0x5000c500aa00000${index}`, size: 4 * TB },
  link: `ata-ST4000NM000A_${SERIALS[index]}`,
  smart: { as: 'ata', health: 'PASSED', temperature: 30, hours: 10 },
  ...change,
});

suite('making a ZFS pool', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(
    change: (cluster: ProxmoxCluster) => void = () => {},
    disks: readonly Partial<DiskSpec>[] = [{}, {}, {}, {}],
    self?: string,
  ): Promise<void> {
    lab = await provisionLab(
      (given) => {
        const made = threeNodeCluster(given);
        grant(made, 'Datastore.Allocate');
        const { hardware } = made.node('pve1');
        hardware.disks = [...hardware.disks, ...disks.map((each, index) => blank(index, each))];
        change(made);
        return made;
      },
      self === undefined ? {} : { self },
    );
    await lab.until('the node', () => lab.find('node', 'pve1')?.readings.version);
  }
  const input = (change: object = {}) => ({
    name: 'bulk',
    level: 'raidz',
    disks: SERIALS.slice(0, 3),
    ...change,
  });
  const ask = (change: object = {}, more: object = {}) => {
    const { name, disks } = input(change) as { name: string; disks: string[] };
    return lab.submit('create_zfs_pool', NODE, input(change), {
      confirm: [name, ...disks].join(' '),
      ...more,
    });
  };
  const pools = () => lab.cluster.node('pve1').hardware.pools.map(({ name }) => name);
  const sent = (): number => lab.simulator.faults.count(/^POST .*disks\/zfs$/);
  const refused = async (change: object = {}): Promise<string> => {
    const { error } = await lab.over(ask(change));
    assert.equal(error?.code, 'check_failed', error?.message);
    assert.equal(sent(), 0);
    assert.deepEqual(pools(), ['rpool', 'tank']);
    return error?.message ?? '';
  };

  test('makes it of disks by what they are, with ashift 12 and lz4, and says what it holds', async () => {
    await begin();
    const { steps, checks } = await lab.plan(
      'create_zfs_pool',
      NODE,
      input({ disks: ['NEW0', '0x5000c500aa000001', 'NEW2'] }),
    );
    const links = SERIALS.slice(0, 3).map((serial) => `/dev/disk/by-id/ata-ST4000NM000A_${serial}`);
    assert.deepEqual(steps[0]?.calls, [
      `POST /nodes/pve1/disks/zfs name=bulk raidlevel=raidz devices=${links.join(',')} ashift=12 compression=lz4 add_storage=1`,
    ]);
    assert.equal(
      checks?.find(({ name }) => name === 'RAID level')?.message,
      'raidz of 3: about 7218 GiB usable; any one disk may fail',
    );
    const job = await lab.over(ask());
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual(job.result, { pool: 'bulk', usable: '7218 GiB' });
    assert.deepEqual(pools(), ['rpool', 'tank', 'bulk']);
    assert.ok(lab.cluster.storages.some(({ storage }) => storage === 'bulk'));
  });

  test('wants the name and the serials repeated', async () => {
    await begin();
    for (const confirm of [undefined, true, 'pve1', 'bulk', 'bulk NEW0 NEW1'])
      assert.throws(() => ask({}, { confirm }), { code: 'confirm_missing', hint: /"bulk NEW0 NEW1 NEW2"/ });
    const { warnings } = await lab.plan('create_zfs_pool', NODE, input(), { confirm: 'pve1' });
    assert.match(warnings?.at(-1) ?? '', /repeat this in “confirm”: "bulk NEW0 NEW1 NEW2"/);
  });

  test('knows no disk that is not there, and none twice', async () => {
    await begin();
    assert.match(await refused({ disks: ['NEW0', 'NEW1', 'OLD9'] }), /Disk OLD9: the node has no such disk/);
    assert.match(await refused({ disks: ['NEW0', 'NEW1', '0x5000c500aa000000'] }), /it is named twice/);
  });

  for (const [what, disk, why] of [
    ['in use', { used: 'LVM' }, /it is in use \(LVM\)/],
    ['partitioned', { used: 'partitions' }, /it is in use \(partitions\)/],
    ['mounted', { mounted: true }, /it is mounted/],
    ['an OSD', { osd: 3 }, /it is Ceph OSD 3/],
    [
      'failing',
      { smart: { as: 'ata', health: 'FAILED!', temperature: 50, hours: 9 } },
      /it says of itself: FAILED!/,
    ],
    ['a controller’s', { model: 'PERC_H730P_Mini', vendor: 'DELL    ' }, /virtual disk of a RAID controller/],
    ['on USB', { type: 'usb' }, /it hangs on USB/],
  ] as const) {
    test(`takes no disk that is ${what}`, async () => {
      await begin(undefined, [{}, disk as Partial<DiskSpec>, {}]);
      assert.match(await refused(), why);
    });
  }

  test('takes no disk that a guest has raw, that is seen twice, or that another node sees', async () => {
    await begin((cluster) =>
      cluster.configure(102, { config: { scsi1: '/dev/disk/by-id/ata-ST4000NM000A_NEW1,size=4T' } }),
    );
    assert.match(await refused(), /dev-test has it raw/);
    await lab.end();
    await begin((cluster) => {
      const { hardware } = cluster.node('pve1');
      const twin = { ...blank(2), device: 'sdv' };
      hardware.disks = [...hardware.disks, twin];
    });
    assert.match(await refused(), /it is seen twice: \/dev\/sdy, \/dev\/sdv/);
    await lab.end();
    await begin((cluster) => {
      const { hardware } = cluster.node('pve2');
      hardware.disks = [...hardware.disks, { ...blank(0), device: 'sdb' }];
    });
    assert.match(await refused(), /pve2 sees it, too/);
  });

  test('takes no disks whose sizes are more than a tenth apart', async () => {
    await begin(undefined, [{}, { size: 4.3 * TB }, { size: 4.5 * TB }]);
    assert.match(await refused(), /Sizes: from 3725 GiB to 4191 GiB/);
    assert.equal((await lab.over(ask({ level: 'mirror', disks: ['NEW0', 'NEW1'] }))).state, 'succeeded');
  });

  test('takes no name that is there, or that ZFS keeps for itself', async () => {
    await begin();
    assert.match(await refused({ name: 'tank' }), /pve1 has a pool tank already/);
    assert.match(await refused({ name: 'backup' }), /there is a storage backup already/);
    assert.match(await refused({ name: 'mirrors' }), /ZFS keeps that name/);
  });

  test('writes to no disk that is used by the time it would be sent, nor where another hangs there', async () => {
    for (const change of [
      { used: 'ext4' },
      { serial: 'OTHER', wwn: '0x5000c500bb000000', link: 'ata-OTHER' },
    ]) {
      await begin();
      const job = ask();
      // It has looked, and looks again.
      lab.simulator.faults.inject({ path: /disks\/zfs$/ }, { kind: 'delay', ms: 2_000 }, 1);
      await lab.until('the first look', () => lab.simulator.faults.count(/GET .*disks\/zfs$/) > 0);
      lab.cluster.node('pve1').hardware.setDisk('sdx', change);
      const { error } = await lab.over(job);
      assert.equal(error?.code, 'target_changed', error?.message);
      assert.equal(sent(), 0);
      await lab.end();
    }
    await begin();
  });

  test('is done on the node that Labkeeper runs on: nothing is interrupted', async () => {
    await begin(undefined, undefined, 'proxmox/home/guest/101');
    assert.equal((await lab.over(ask())).state, 'succeeded');
  });

  test('that fails says why', async () => {
    await begin((cluster) => {
      cluster.makeError = 'cannot create bulk: one or more devices is busy';
    });
    assert.match((await lab.over(ask())).error?.message ?? '', /zfscreate of bulk failed: .*devices is busy/);
  });

  test('is made once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let step = 0; step <= 10; step += 1) {
      await begin();
      if (step % 2 === 0)
        lab.simulator.faults.inject({ method: 'POST', path: /zfs$/ }, { kind: 'reset', carriedOut: true }, 1);
      const job = ask();
      await lab.clock.advance(step * 500);
      await new Promise((resolve) => setTimeout(resolve, step * 3));
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual([state, pools().at(-1)], ['succeeded', 'bulk'], `step ${step}: ${error?.message}`);
      assert.ok(sent() <= 1);
      await lab.end();
    }
    await begin();
  });
});

test('RAID levels say what they hold, what they survive and how many disks they take', () => {
  const sizes = (count: number): readonly number[] => Array.from({ length: count }, () => 32);
  assert.deepEqual(
    (['mirror', 'raid10', 'raidz', 'raidz2', 'raidz3'] as const).map((level) => [
      usableBytes(level, sizes(6)) / 31,
      LEVELS[level].survives(6),
    ]),
    [
      [1, 'any 5 disks'],
      [3, 'one disk of each pair'],
      [5, 'any one disk'],
      [4, 'any 2 disks'],
      [3, 'any 3 disks'],
    ],
  );
  assert.equal(usableBytes('raidz', [32, 64, 64]) / 31, 2, 'the smallest counts');
  assert.match(countProblem('raidz2', 3) ?? '', /needs 4 disks or more/);
  assert.match(countProblem('raid10', 5) ?? '', /even number/);
  assert.match(countProblem('single', 2) ?? '', /takes 1 disk/);
  assert.equal(countProblem('mirror', 2), undefined);
});
