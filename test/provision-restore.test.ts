import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { Job } from '../addon/src/actions/job.ts';
import { configOf } from '../addon/src/sources/proxmox/provision/archives.ts';
import { type ProxmoxCluster, seededCluster } from '../simulators/proxmox/index.ts';
import { KILLS, killedIn } from './helpers/kills.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const HOST = 'proxmox/home/guest/101';
const PULSE = 'proxmox/home/guest/110';
const GIB = 1024 ** 3;
/** 2026-11-24 03:15 UTC */
const TIME = Date.UTC(2025, 10, 24, 3, 15) / 1_000;
const VOLID = 'backup:backup/vzdump-qemu-101-2025_11_24-03_15_00.vma.zst';

type Lab = Awaited<ReturnType<typeof provisionLab>>;

/** The Docker host with a small disk, and a backup of it from when it had less memory. */
async function labWith(change: (cluster: ProxmoxCluster) => void = () => {}, self?: string): Promise<Lab> {
  const lab = await provisionLab(
    (given) => {
      const made = seededCluster(given);
      grant(made, ...PROVISION_RIGHTS);
      made.configure(101, { disk: 4 * GIB, description: 'Runs the stacks\n' });
      made.configure(110, { disk: 4 * GIB });
      const { mac, uuid, spec } = made.find(101);
      const { snapshots: _, ...settings } = spec;
      const then = { ...settings, memory: 8 * GIB, mac, uuid };
      const archive = {
        storage: 'backup',
        node: 'pve1',
        vmid: 101,
        type: 'qemu' as const,
        time: TIME,
        size: GIB,
      };
      made.archives = [
        ...made.archives.filter(({ vmid }) => vmid === 110),
        { ...archive, spec: then },
        { ...archive, time: TIME + 3_600, size: 1 },
      ];
      change(made);
      return made;
    },
    self === undefined ? {} : { self },
  );
  await lab.until(
    'the right',
    () => lab.find('guest', '101')?.readings.snapshotable && lab.find('node', 'pve1'),
  );
  return lab;
}

const posts = ({ simulator }: Lab): number => simulator.faults.count(/^POST \/nodes\/pve1\/(qemu|lxc)$/);
const refusedIn = async (lab: Lab, action: string, input: object): Promise<string> => {
  const { error } = await lab.over(lab.submit(action, HOST, input));
  assert.equal(error?.code, 'check_failed', error?.message);
  assert.equal(posts(lab), 0);
  return error?.message ?? '';
};

suite('restoring a backup beside its guest', () => {
  let lab: Lab;
  afterEach(() => lab.end());
  const ask = (input: object = {}, id = HOST) => lab.submit('restore_backup', id, input);

  test('makes another guest of it, with MACs and a UUID of its own, that stays off', async () => {
    lab = await labWith();
    const job = await lab.over(ask());
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    const [old, made] = [lab.cluster.find(101), lab.cluster.find(200)];
    assert.deepEqual([made.name, made.spec.memory, made.running], ['docker-host-restored', 8 * GIB, false]);
    assert.notEqual(made.mac, old.mac);
    assert.notEqual(made.uuid, old.uuid);
    assert.equal(made.spec.onboot, false, 'with the old one it would start at the next start of the node');
    assert.match(made.spec.description ?? '', /^Runs the stacks\n\nMade by Labkeeper/);
    assert.deepEqual([job.result?.vmid, job.result?.name], [200, 'docker-host-restored']);
    assert.ok(lab.find('guest', '200'), 'the lab shows it');
    assert.ok(old.running);
  });

  test('starts it after the one that is there was shut down', async () => {
    lab = await labWith();
    const { steps, warnings } = await lab.plan('restore_backup', HOST, { start: true });
    assert.deepEqual(
      steps.map(({ name }) => name),
      [
        ...['Restore it as 200', 'See that it is there', 'Shut docker-host down', 'Start it'],
        ...['See that it runs', 'Wait for its address'],
      ],
    );
    assert.match(
      steps[0]?.calls?.[0] ?? '',
      /^POST \/nodes\/pve1\/qemu vmid=200 unique=1 [\s\S]* onboot=0 name=docker-host-restored archive=backup:backup\/vzdump-qemu-101-2025_11_24/,
    );
    assert.match(warnings?.[0] ?? '', /as it was at 2025-11-24 03:15 UTC, with MACs and a UUID of its own/);
    assert.match(warnings?.[1] ?? '', /the two must not run at the same time/);
    const both: boolean[] = [];
    const job = ask({ start: true });
    await lab.until(
      'its end',
      () => {
        both.push(lab.cluster.find(101).running && lab.cluster.guest(200)?.running === true);
        return !['queued', 'running'].includes(lab.executor.job(job.id)?.state ?? '');
      },
      2_000,
    );
    assert.equal(lab.executor.job(job.id)?.state, 'succeeded', lab.executor.job(job.id)?.error?.message);
    assert.deepEqual([lab.cluster.find(101).running, lab.cluster.find(200).running], [false, true]);
    assert.ok(both.length > 5 && both.every((one) => !one), 'never did both run');
  });

  test('of a container brings its disk where it was', async () => {
    lab = await labWith();
    const { steps } = await lab.plan('restore_backup', PULSE, {});
    assert.match(
      steps[0]?.calls?.[0] ?? '',
      /^POST \/nodes\/pve1\/lxc .*restore=1 ostemplate=\S+ storage=local-zfs$/,
    );
    const job = await lab.over(ask({}, PULSE));
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.equal(lab.cluster.find(200).name, 'pulse-restored');
  });

  test('takes the backup that is named, never one that is not whole', async () => {
    lab = await labWith();
    assert.match(
      await refusedIn(lab, 'restore_backup', { backup: VOLID.replace('03_15', '04_15') }),
      /it is not complete/,
    );
    assert.match(
      await refusedIn(lab, 'restore_backup', { backup: VOLID.replace('2025', '2024') }),
      /has no backup backup:/,
    );
    lab.cluster.archives = [];
    assert.match(
      await refusedIn(lab, 'restore_backup', {}),
      /docker-host has no backup that could be restored/,
    );
  });

  test('fills no storage over 85 %', async () => {
    lab = await labWith((cluster) => cluster.setStorage('local-zfs', { total: 100 * GIB, used: 84 * GIB }));
    assert.match(await refusedIn(lab, 'restore_backup', {}), /84 % of 100 GiB used; with 4 GiB more 88 %/);
  });

  test('of what Labkeeper runs on is done, but not started in its place', async () => {
    lab = await labWith(undefined, HOST);
    assert.throws(() => ask({ start: true }), { code: 'lifeline' });
    assert.equal((await lab.over(ask())).state, 'succeeded');
  });

  test('that fails tells what it left behind, and how to be rid of it', async () => {
    lab = await labWith();
    lab.cluster.makeError = 'error before or during data restore';
    const job = await lab.over(ask());
    assert.equal(job.state, 'failed');
    assert.match(job.error?.hint ?? '', /left behind: VM 200 \(docker-host-restored\) on pve1/);
    assert.ok(lab.cluster.guest(200), 'Proxmox VE leaves it');
  });

  test('whose number somebody takes meanwhile is refused, and nothing of it is ours', async () => {
    lab = await labWith();
    const job = ask();
    lab.simulator.faults.inject({ method: 'POST' }, { kind: 'delay', ms: 2_000 }, 1);
    await lab.until('its call', () => posts(lab) === 1);
    lab.cluster.create({ ...lab.cluster.find(102).spec, vmid: 200, name: 'foreign' });
    const { state, error, result } = await lab.over(job);
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /already exists/);
    assert.equal(result?.left_behind, undefined);
  });

  test('is done once whenever Labkeeper is killed, and nothing is left behind unsaid', {
    timeout: 900_000,
  }, async () => {
    const steps = [
      'Check',
      'Restore',
      'See that it is there',
      'Shut',
      'Start',
      'See that it runs',
      'Wait for its',
    ];
    for (const step of steps) {
      for (let seed = 0; seed < KILLS; seed += 1) {
        lab = await labWith();
        const job = await killedIn(lab, step, seed, () => ask({ start: true }));
        checkEnd(lab, job, `killed in “${step}”, seed ${seed}: ${job.state} ${job.error?.message}`);
        await lab.end();
      }
    }
    lab = await labWith();
  });
});

function checkEnd({ cluster }: Lab, { state, result, error }: Job, about: string): void {
  const made = cluster.guests.filter(({ vmid }) => vmid >= 200);
  assert.ok(made.length <= 1, `${about}: a double`);
  if (state === 'succeeded') {
    assert.equal(made.length, 1, about);
    assert.deepEqual([made[0]?.running, cluster.find(101).running], [true, false], about);
    return;
  }
  assert.ok(state === 'cancelled' || error?.hint !== undefined, about);
  assert.ok(
    made.length === 0 || JSON.stringify(result).includes(`guest/${made[0]?.vmid}`),
    `${about}: an orphan`,
  );
}

suite('restoring a backup over its guest', () => {
  let lab: Lab;
  afterEach(() => lab.end());
  const ask = (input: object = {}, more: object = {}) => lab.submit('restore_over', HOST, input, more);

  test('backs it up first, shuts it down, replaces it and starts it again', async () => {
    lab = await labWith((cluster) => cluster.configure(101, { snapshots: [{ name: 'before', time: TIME }] }));
    const { steps, warnings } = await lab.plan('restore_over', HOST, {});
    assert.deepEqual(
      steps.map(({ name }) => name),
      [
        ...['Back docker-host up first', 'Shut docker-host down', `Restore ${VOLID} over docker-host`],
        ...['See that it is whole', 'Start docker-host'],
      ],
    );
    assert.deepEqual(warnings, [
      'all that docker-host wrote since 2025-11-24 03:15 UTC is lost, but for the backup that is made first on backup',
      'its snapshots are lost: before',
      'docker-host is shut down meanwhile, and started again',
    ]);
    const before = lab.cluster.archives.length;
    const job = await lab.over(ask());
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual([lab.cluster.find(101).spec.memory, lab.cluster.find(101).running], [8 * GIB, true]);
    assert.equal(lab.cluster.archives.length, before + 1);
    assert.equal(lab.find('guest', '101')?.id, HOST, 'it is the same guest');
  });

  test('does nothing to it where the backup before fails', async () => {
    lab = await labWith();
    const job = ask();
    await lab.until('the backup', () => lab.cluster.find(101).lock === 'backup');
    lab.cluster.tasks.all.find(({ about, running }) => running && about.type === 'vzdump')?.interrupt();
    assert.equal((await lab.over(job)).state, 'failed');
    assert.deepEqual([posts(lab), lab.cluster.find(101).running], [0, true]);
  });

  test('is not done to what is protected, nor without its name, nor to what Labkeeper runs on', async () => {
    lab = await labWith((cluster) => cluster.configure(101, { protection: true }));
    assert.match(await refusedIn(lab, 'restore_over', {}), /Protection: it is protected/);
    assert.throws(() => ask({}, { confirm: true }), { code: 'confirm_missing' });
    await lab.end();
    lab = await labWith(undefined, HOST);
    assert.throws(() => ask(), { code: 'lifeline' });
  });

  test('that fails half-way says that the guest is half restored, and what to do', async () => {
    lab = await labWith();
    lab.cluster.makeError = 'No space left on device';
    const job = await lab.over(ask());
    assert.equal(job.state, 'failed');
    assert.match(
      job.error?.hint ?? '',
      /docker-host, half restored: restore one of its backups over it again/,
    );
  });

  test('is done once whenever Labkeeper is killed', { timeout: 900_000 }, async () => {
    for (const step of ['Back', 'Shut', 'Restore', 'See', 'Start']) {
      for (let seed = 0; seed < KILLS; seed += 1) {
        lab = await labWith();
        const { state, error } = await killedIn(lab, step, seed, () => ask());
        const about = `killed in “${step}”, seed ${seed}: ${state} ${error?.message}`;
        assert.equal(state, 'succeeded', about);
        assert.deepEqual(
          [lab.cluster.find(101).spec.memory, lab.cluster.find(101).running],
          [8 * GIB, true],
          about,
        );
        await lab.end();
      }
    }
    lab = await labWith();
  });
});

suite('a configuration in a backup', () => {
  test('is its first section, with the notes', () => {
    const text =
      '#Runs%20the%20stacks\n#100%\n#qmdump#map:scsi0:drive-scsi0::raw:\nname: web\nscsi0: local-zfs:vm-1-disk-0,size=4G\n\n[before]\nname: old\n';
    assert.deepEqual(configOf(text), {
      ...{ name: 'web', scsi0: 'local-zfs:vm-1-disk-0,size=4G' },
      description: 'Runs the stacks\n100%',
    });
  });
});
