import type { RaidLevel, ZfsPoolInput } from '../../../contract/inputs/zfs-pool.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check } from '../../../contract/step.ts';
import { LabError } from '../../../core/errors.ts';
import { nodePath } from '../ids.ts';
import { nameOf } from '../node/control.ts';
import type { Desk } from '../reader.ts';
import type { StorageConfig } from '../storage/wire.ts';
import type { PoolRow } from '../zfs/wire.ts';
import type { Bench } from './bench.ts';
import { type Need, rightsCheck } from './make-checks.ts';
import { type ChosenDisk, chooseDisks, diskView, silentDisks } from './pool-disks.ts';
import { countProblem, LEVELS, usableBytes } from './raid.ts';
import { gibText } from './space.ts';
import { type Before, taskStep, tasksOf } from './task-step.ts';

const MS = 600_000;
/** Disks of one pool that differ by more: of the larger ones the rest would be lost. */
const MOST_APART = 1.1;
/** What ZFS keeps for itself, and where a pool could be taken for a part of one. */
const RESERVED = /^(mirror|raidz|draid|spare|log)|^c\d/i;

interface Decided {
  readonly node: string;
  readonly name: string;
  readonly level: RaidLevel;
  readonly disks: readonly ChosenDisk[];
  readonly storage: boolean;
  readonly before: Before;
}

/** `POST /nodes/{node}/disks/zfs` */
export function createZfsPool({ desk, list }: Bench): Task<ZfsPoolInput> {
  return {
    prepare: async ({ target, input, signal }) => {
      const { name, level, disks: named, storage = true } = input;
      const node = nameOf(desk, target.id);
      const view = await diskView(desk, node, signal);
      const { disks, checks } = chooseDisks(named, view);
      const silent = silentDisks(disks, view);
      const needs: readonly Need[] = [
        [['Sys.Modify', '/']],
        ...(storage ? [[['Datastore.Allocate', '/storage']] as const] : []),
      ];
      const before = await tasksOf(desk, node, 'zfscreate', signal);
      return {
        decided: { node, name, level, disks, storage, before } satisfies Decided,
        checks: [
          ...rightsCheck(desk, needs),
          await nameCheck(desk, node, name, storage, signal),
          ...checks,
          ...(disks.length === named.length ? [sizeCheck(disks), levelCheck(level, disks)] : []),
        ],
        warnings: [
          'all of each of these disks becomes the pool’s; it is not made larger disk by disk later',
          ...(level === 'single' ? ['with the first disk that fails, all that is on it is lost'] : []),
          ...(silent.length > 0 ? [`nobody tells how these disks are: ${silent.join(', ')}`] : []),
        ],
        fingerprint: disks.map(({ path, bytes }) => `${path} ${bytes}`).join(' '),
      };
    },
    steps: ({ decided }) => {
      const { node, name, level, disks, storage, before } = decided as unknown as Decided;
      const path = `${nodePath(node)}/disks/zfs`;
      const poolNow = async (signal: AbortSignal): Promise<PoolRow | undefined> =>
        (await desk.client.list<PoolRow>(path, signal)).find((pool) => pool.name === name);
      const form = {
        ...{ name, raidlevel: level, devices: disks.map((disk) => disk.path).join(',') },
        ...{ ashift: '12', compression: 'lz4', add_storage: storage ? '1' : '0' },
      };
      const make = taskStep(desk, {
        ...{ name: `Make the pool ${name}`, ms: MS, before, type: 'zfscreate' },
        call: { method: 'POST', path, form },
        isDone: async (signal) => (await poolNow(signal)) !== undefined,
      });
      return [
        {
          ...make,
          run: async (context) => {
            await checkSame(desk, node, disks, context.signal);
            await make.run(context as never);
          },
        },
        {
          name: 'See that it is online',
          run: async ({ signal, note }) => {
            const pool = await poolNow(signal);
            if (pool?.health !== 'ONLINE') {
              const message = `the pool ${name} is ${pool === undefined ? 'not there' : (pool.health ?? 'in an unknown state')}`;
              throw new LabError('source_failed', message, {
                hint: `zpool status ${name} on ${node} says why`,
              });
            }
            note({
              result: {
                pool: name,
                usable: gibText(
                  usableBytes(
                    level,
                    disks.map(({ bytes }) => bytes),
                  ),
                ),
              },
            });
            await list(signal);
          },
          happened: async () => false,
        },
      ];
    },
  };
}

/** Looks once more, at the last moment: a disk that is another by now, or is used, is not written to. */
async function checkSame(
  desk: Desk,
  node: string,
  before: readonly ChosenDisk[],
  signal: AbortSignal,
): Promise<void> {
  const { disks, checks } = chooseDisks(
    before.map(({ named }) => named),
    await diskView(desk, node, signal),
  );
  const wrong = checks.find(({ ok }) => !ok);
  const isSame = disks.every(
    ({ path, bytes }, index) => path === before[index]?.path && bytes === before[index]?.bytes,
  );
  if (wrong === undefined && isSame) return;
  const why = wrong === undefined ? 'a disk is not where it was' : `${wrong.name}: ${wrong.message}`;
  throw new LabError('target_changed', `nothing was sent: ${why}`, {
    hint: 'make a new dry run, and look at it',
  });
}

async function nameCheck(
  { client }: Desk,
  node: string,
  name: string,
  storage: boolean,
  signal: AbortSignal,
): Promise<Check> {
  const pools = (await client.list<PoolRow>(`${nodePath(node)}/disks/zfs`, signal)).map((pool) => pool.name);
  const storages = (await client.list<StorageConfig>('/storage', signal)).map((each) => each.storage);
  const why = pools.includes(name)
    ? `${node} has a pool ${name} already`
    : storage && storages.includes(name)
      ? `there is a storage ${name} already`
      : RESERVED.test(name)
        ? 'ZFS keeps that name for itself'
        : undefined;
  return why === undefined
    ? { name: 'Name', ok: true, message: `“${name}” is free` }
    : { name: 'Name', ok: false, message: why, hint: 'choose another name' };
}

function sizeCheck(disks: readonly ChosenDisk[]): Check {
  const sizes = disks.map(({ bytes }) => bytes);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const ok = most <= least * MOST_APART;
  const message = `from ${gibText(least)} to ${gibText(most)}`;
  return {
    name: 'Sizes',
    ok,
    message,
    ...(!ok && { hint: 'of disks that differ by more than 10 %, much would be lost' }),
  };
}

function levelCheck(level: RaidLevel, disks: readonly ChosenDisk[]): Check {
  const problem = countProblem(level, disks.length);
  if (problem !== undefined)
    return { name: 'RAID level', ok: false, message: problem, hint: 'choose another level, or other disks' };
  const usable = gibText(
    usableBytes(
      level,
      disks.map(({ bytes }) => bytes),
    ),
  );
  const message = `${level} of ${disks.length}: about ${usable} usable; ${LEVELS[level].survives(disks.length)} may fail`;
  return { name: 'RAID level', ok: true, message };
}
