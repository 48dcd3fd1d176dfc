import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../addon/src/actions/job.ts';
import { hasXz } from '../addon/src/net/xz-run.ts';
import { chanceOf } from '../simulators/proxmox/chance.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { fileServer, SMALL_XZ } from './helpers/file-server.ts';
import { KILLS } from './helpers/kills.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

interface Case {
  readonly what: string;
  readonly action: string;
  readonly target: string;
  readonly input: object | ((base: string) => object);
  /** All in which Labkeeper may be killed. */
  readonly steps: readonly string[];
  /** It is not started. */
  readonly rests?: true;
  readonly skip?: string;
}

const CASES: readonly Case[] = [
  {
    what: 'a virtual machine from a template',
    ...{ action: 'create_vm', target: 'proxmox/home/node/pve3' },
    input: { name: 'web', template: 900, disk: 20 },
    steps: [
      ...['Check', 'Make VM 200', 'Set it up', 'Grow scsi0 to 20 GiB', 'Start it', 'See that it runs'],
      'Wait for its address',
    ],
  },
  {
    what: 'a virtual machine from an image, with user data',
    ...{ action: 'create_vm', target: 'proxmox/home/node/pve3' },
    input: {
      ...{ name: 'web', image_url: 'https://images.lan/debian.qcow2', image_checksum: 'ab'.repeat(32) },
      user_data: '#cloud-config\n{}\n',
    },
    steps: [
      ...[
        'Check',
        'Download',
        'Put its user data on a storage',
        'Make VM 200',
        'Start it',
        'See that it runs',
      ],
      ...['Wait for its address', 'Take its user data away'],
    ],
  },
  {
    what: 'a virtual machine from a packed image',
    ...{ action: 'create_vm', target: 'proxmox/home/node/pve3' },
    input: (base) => ({
      ...{
        name: 'haos',
        image_url: `${base}/releases/haos.qcow2.xz`,
        firmware: 'uefi',
        disk: 32,
        start: false,
      },
      image_checksum: createHash('sha256').update(SMALL_XZ).digest('hex'),
    }),
    steps: ['Check', 'Download', 'Make VM 200', 'Grow', 'See that it is there'],
    rests: true,
    ...(!hasXz() && { skip: 'no xz here' }),
  },
  {
    what: 'a container',
    ...{ action: 'create_lxc', target: 'proxmox/home/node/pve1' },
    input: { name: 'dns', template: 'debian-12-standard' },
    steps: [
      ...['Check', 'Fetch', 'Make container 200', 'Start it', 'See that it runs', 'Wait for its address'],
    ],
  },
  {
    what: 'a copy of a guest',
    ...{ action: 'clone_guest', target: 'proxmox/home/guest/102' },
    input: { name: 'dev-2', start: true },
    steps: ['Check', 'Copy it as 200', 'Start it', 'See that it runs', 'Wait for its address'],
  },
];

type Lab = Awaited<ReturnType<typeof provisionLab>>;

async function begin(): Promise<Lab> {
  const lab = await provisionLab((given) => {
    const made = threeNodeCluster(given);
    grant(made, ...PROVISION_RIGHTS, 'Datastore.Allocate');
    made.setStorage('local', { content: 'iso,vztmpl,backup,import' });
    return made;
  });
  await lab.until('the nodes', () => lab.find('node', 'pve3')?.available && lab.find('guest', '102'));
  return lab;
}

/** Lets time pass in small pieces until a job is in a step, or over. */
async function reach(lab: Lab, { id }: Job, step: string): Promise<void> {
  for (let piece = 0; piece < 20_000; piece += 1) {
    const job = lab.executor.job(id);
    if (job?.step?.startsWith(step) || (job !== undefined && !['queued', 'running'].includes(job.state)))
      return;
    await sleep(1);
    await lab.clock.advance(100);
  }
  assert.fail(`${step} was not reached`);
}

/** Whatever was made and by whom it is told of. */
function judge(lab: Lab, { what, rests }: Case, job: Job, known: ReadonlySet<number>): string {
  const made = lab.cluster.guests.filter(({ vmid }) => !known.has(vmid));
  const seeds = lab.cluster.files.filter(({ content }) => content === 'iso');
  const left = JSON.stringify(job.result?.left_behind ?? []);
  const story = `${what}: ${job.state} in “${job.step}”: ${job.error?.message ?? ''}; left ${left}`;
  assert.ok(made.length <= 1, `a double: ${made.map(({ vmid }) => vmid).join(', ')}; ${story}`);
  if (job.state === 'succeeded') {
    assert.deepEqual(
      [made[0]?.vmid, made[0]?.running, seeds.length],
      [job.result?.vmid, rests !== true, 0],
      story,
    );
    return 'succeeded';
  }
  for (const { vmid } of made)
    assert.match(left, new RegExp(`guest/${vmid}"`), `an orphan: ${vmid}; ${story}`);
  for (const { name } of seeds) assert.ok(left.includes(name), `user data: ${name}; ${story}`);
  return job.state;
}

suite('killed and cut off at any moment, there is never a double and never an orphan that is not told of', () => {
  for (const one of CASES) {
    test(`of ${one.what}`, { skip: one.skip ?? false, timeout: 300_000 }, async (t) => {
      const server = await fileServer(SMALL_XZ);
      t.after(() => server.close());
      const input = typeof one.input === 'function' ? one.input(server.base) : one.input;
      const ends = new Map<string, number>();
      const moments = one.steps.flatMap((step) => Array.from({ length: KILLS }, () => step));
      for (const [index, step] of moments.entries()) {
        const seed = index + 1;
        const lab = await begin();
        const chance = chanceOf(seed * 7_919);
        const known = new Set(lab.cluster.guests.map(({ vmid }) => vmid));
        try {
          if (chance.next() < 0.5) {
            const method = chance.next() < 0.7 ? 'POST' : 'PUT';
            lab.simulator.faults.inject({ method }, { kind: 'reset', carriedOut: chance.next() < 0.6 }, 1);
          }
          const job = lab.submit(one.action, one.target, input);
          await reach(lab, job, step);
          await lab.clock.advance(Math.floor(chance.next() * 4_000));
          await lab.kill();
          if (chance.next() < 0.3) {
            await lab.clock.advance(Math.floor(chance.next() * 40_000));
            await lab.kill();
          }
          const end = judge(lab, one, await lab.over(job, 4_000), known);
          ends.set(end, (ends.get(end) ?? 0) + 1);
        } catch (thrown) {
          throw new Error(`seed ${seed}, killed in “${step}”: ${(thrown as Error).message}`, {
            cause: thrown,
          });
        } finally {
          await lab.end();
        }
      }
      t.diagnostic([...ends].map(([end, times]) => `${times} ${end}`).join(', '));
      assert.ok((ends.get('succeeded') ?? 0) > moments.length / 2, 'most go on to their end');
    });
  }
});
