import type { Task } from '../../../contract/provision.ts';
import type { Check, LeftBehind, StepContext, StepOf } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import { asLabError, LabError, OPEN_ENDED } from '../../../core/errors.ts';
import type { BackupJobRow } from '../cluster/wire.ts';
import { isSet } from '../guest/settings.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { callText } from './call.ts';
import { disksIn } from './disks-in.ts';
import { type GuestNow, guestNow, rightCheck } from './guest-now.ts';
import { removalOf, removeFile } from './image.ts';
import { type Before, taskStep } from './task-step.ts';
import { guestRows } from './vmids.ts';

const MS = 1_800_000;
const GONE_MS = 120_000;
const LOOK_MS = 2_000;

/** User data that a job of ours left in one of its drives. */
interface LeftSeed {
  readonly node: string;
  readonly storage: string;
  readonly volid: string;
}

interface Decided {
  readonly row: GuestRow;
  /** What tells it from another that bears its number. */
  readonly identity: string;
  readonly before: Before;
  readonly seed?: LeftSeed;
}

/** `DELETE /nodes/{node}/{qemu|lxc}/{vmid}`; its backups stay. */
export function deleteGuest(bench: Bench): Task {
  const { desk, list, vmids } = bench;
  const { client, context, picture } = desk;
  return {
    prepare: async ({ target, signal }) => {
      const now = await guestNow(desk, list, target.id, signal);
      const { row, config, before, fingerprint } = now;
      const seed = seedIn(row, config);
      const mayRemove = seed !== undefined && desk.may(`/storage/${seed.storage}`, 'Datastore.Allocate');
      return {
        decided: {
          ...{ row, before, identity: identityOf(row, config) },
          ...(mayRemove && { seed }),
        } satisfies Decided,
        checks: [rightCheck(desk, `/vms/${row.vmid}`, 'VM.Allocate'), ...stateChecks(now)],
        warnings: [
          ...warningsOf(now),
          ...(await jobsNaming(row.vmid, signal)),
          ...(seed !== undefined && !mayRemove
            ? [
                `the user data ${seed.volid} stays: to delete it takes Datastore.Allocate at /storage/${seed.storage}`,
              ]
            : []),
        ],
        fingerprint,
      };
    },
    steps: ({ decided, target }) => {
      const { row, identity, before, seed } = decided as unknown as Decided;
      const kind = row.type === 'qemu' ? 'VM' : 'container';
      const left: LeftBehind = {
        id: target.id,
        what: `${kind} ${row.vmid} (${row.name ?? 'no name'}) on ${row.node}, perhaps deleted in part`,
        remove: 'delete_guest',
      };
      const isGone = async (signal: AbortSignal): Promise<boolean> =>
        !(await guestRows(desk, signal)).some(({ vmid }) => vmid === row.vmid);
      const destroy = taskStep(desk, {
        ...{ name: `Delete ${kind} ${row.vmid}`, ms: MS, before },
        // Jobs that name it would fail from now on, or be about the next one with its number.
        call: { method: 'DELETE', path: guestPath(row), form: { purge: '1' } },
        type: row.type === 'qemu' ? 'qmdestroy' : 'vzdestroy',
        isDone: isGone,
      });
      return [
        {
          ...destroy,
          run: async (now) => {
            const config = await client.get<GuestConfig>(`${guestPath(row)}/config`, now.signal);
            if (identityOf(row, config) !== identity) {
              throw new LabError('target_changed', `${row.vmid} is another guest by now`, {
                hint: 'see what it is now, then ask again',
              });
            }
            vmids.used(row.vmid);
            now.note({ left: [left] });
            await destroy.run(now).catch((thrown: unknown) => {
              if (!OPEN_ENDED.includes(asLabError(thrown).code)) now.note({ left: [] });
              throw thrown;
            });
          },
        },
        ...(seed === undefined ? [] : [seedStep(seed)]),
        {
          name: 'See that it is gone',
          run: async ({ signal, note }) => {
            const end = context.clock.elapsed() + GONE_MS;
            while (picture.guest(target.id) !== undefined) {
              await list(signal);
              if (await isGone(signal)) {
                picture.guests.deleted(row.vmid);
                desk.publish();
              }
              if (context.clock.elapsed() > end)
                throw new LabError('source_failed', `${row.name ?? row.vmid} is still there`, {
                  hint: 'see what its tasks say in Proxmox VE',
                });
              await pause(context.clock, LOOK_MS, signal);
              signal.throwIfAborted();
            }
            note({ left: [] });
          },
          happened: async () => false,
        },
      ];
    },
  };

  function seedStep(seed: LeftSeed): StepOf<StepContext<never>> {
    return {
      name: 'Delete its user data',
      calls: [callText(removalOf(seed))],
      run: ({ signal }) => removeFile(desk, seed, signal),
      happened: async () => false,
    };
  }

  /** Which backup jobs name it: they forget it. */
  async function jobsNaming(vmid: number, signal: AbortSignal): Promise<readonly string[]> {
    try {
      const jobs = await client.list<BackupJobRow>('/cluster/backup', signal);
      const named = jobs.filter((job) => job.vmid?.split(',').includes(String(vmid))).map(({ id }) => id);
      return named.length === 0 ? [] : [`it is taken out of the backup jobs ${named.join(', ')}`];
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      context.log.debug(asLabError(thrown).message);
      return ['it is taken out of backup jobs, replication and high availability, if it is in one'];
    }
  }
}

function stateChecks({ row, status, config }: GuestNow): readonly Check[] {
  const name = row.name ?? `${row.vmid}`;
  const isOff = status.status === 'stopped';
  const isProtected = isSet(config.protection);
  return [
    {
      ...{ name: 'Stopped', ok: isOff, message: isOff ? `${name} is off` : `${name} is ${status.status}` },
      ...(!isOff && { hint: 'shut it down first' }),
    },
    {
      ...{ name: 'Protection', ok: !isProtected },
      message: isProtected ? `${name} is protected from being deleted` : `${name} is not protected`,
      ...(isProtected && { hint: 'take the protection off in Proxmox VE, under Options' }),
    },
  ];
}

function warningsOf({ row, config }: GuestNow): readonly string[] {
  const disks = disksIn(config).map(({ key, volume }) => `${key} (${volume})`);
  return [
    `all that is on its disks is lost: ${disks.join(', ') || 'it has none'}; its snapshots go with it, its backups stay`,
    ...(row.hastate ? ['high availability does not look after it any more'] : []),
  ];
}

const identityOf = (row: GuestRow, { smbios1, vmgenid, name, hostname, rootfs }: GuestConfig): string =>
  [row.type, row.vmid, smbios1, vmgenid, name, hostname, String(rootfs ?? '').split(',')[0]].join(' ');

/** What is called as ours are, for this number. */
function seedIn({ node, vmid }: GuestRow, config: GuestConfig): LeftSeed | undefined {
  for (const value of Object.values(config)) {
    const [, volid, storage] =
      /^(([A-Za-z][\w.-]*):iso\/labkeeper-\d+-[0-9a-f]{8}\.iso),/.exec(String(value)) ?? [];
    if (volid?.includes(`:iso/labkeeper-${vmid}-`) && storage !== undefined) return { node, storage, volid };
  }
  return undefined;
}
