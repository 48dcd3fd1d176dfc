import { asLabError, LabError } from '../../../core/errors.ts';
import type { ResourceRow, TaskRow } from '../cluster/wire.ts';
import type { GuestRow } from '../guest/wire.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { VolumeRow } from '../storage/wire.ts';
import { DEFAULT_RANGE, type Range, rangeOf } from '../vmid-range.ts';
import { Lines } from './lines.ts';
import type { VmidMemory } from './vmid-memory.ts';

const REST_S = 30 * 86_400;
/** How long a job may take until what it is to make shows in the cluster. */
const HELD_MS = 3_600_000;
/** Each asks every node and every storage. */
const MOST_TRIED = 40;

/** Gives out numbers for new guests, one at a time. */
export class Vmids {
  readonly #desk: Desk;
  readonly #memory: VmidMemory;
  readonly #range: Range;
  readonly #lines = new Lines();
  /** Given to jobs under way: by vmid, until when. */
  readonly #held = new Map<number, number>();

  /** @param range the option; left out: the default */
  constructor(desk: Desk, memory: VmidMemory, range = DEFAULT_RANGE) {
    this.#desk = desk;
    this.#memory = memory;
    this.#range = rangeOf(range) ?? (rangeOf(DEFAULT_RANGE) as Range);
  }

  /**
   * The first number of the range that nobody bears or bore within 30 days, and that no backup or disk is left of.
   *
   * @param isHeld nobody else gets it within the next hour
   * @throws LabError `check_failed` where none is left
   */
  choose(isHeld: boolean, signal: AbortSignal): Promise<number> {
    return this.#lines.run('choose', async () => {
      const { clock } = this.#desk.context;
      const taken = new Set((await guestRows(this.#desk, signal)).map(({ vmid }) => vmid));
      this.#memory.saw(taken, clock.now());
      let tried = 0;
      for (let vmid = this.#range.first; vmid <= this.#range.last && tried < MOST_TRIED; vmid += 1) {
        if (taken.has(vmid) || this.#isHeld(vmid) || this.#memory.isResting(vmid, clock.now())) continue;
        tried += 1;
        if (!(await this.#isFree(vmid, signal))) continue;
        if (isHeld) this.#held.set(vmid, clock.elapsed() + HELD_MS);
        return vmid;
      }
      const { first, last } = this.#range;
      throw new LabError('check_failed', `no VM id from ${first} to ${last} is free`, {
        hint: 'ids that were used within 30 days, or that backups or disks are left of, are not given again; widen the option vmids',
      });
    });
  }

  /** Nothing is made of it after all. */
  release(vmid: number): void {
    this.#held.delete(vmid);
  }

  /** It is sent for now: from here on it counts as used, whatever becomes of it. */
  used(vmid: number): void {
    this.#memory.saw([vmid], this.#desk.context.clock.now(), true);
  }

  #isHeld(vmid: number): boolean {
    return (this.#held.get(vmid) ?? 0) > this.#desk.context.clock.elapsed();
  }

  async #isFree(vmid: number, signal: AbortSignal): Promise<boolean> {
    const { client, picture, context } = this.#desk;
    if (!(await isUnborne(this.#desk, vmid, signal))) return false;
    const since = Math.floor(context.clock.now() / 1_000) - REST_S;
    for (const node of picture.nodes.online) {
      const path = `${nodePath(node)}/tasks?source=all&vmid=${vmid}&since=${since}&limit=1`;
      if ((await client.list<TaskRow>(path, signal)).length > 0) return false;
    }
    for (const { node, storage, active, content } of picture.places) {
      if (!active || !['backup', 'images', 'rootdir'].some((kind) => content.has(kind))) continue;
      const path = `${nodePath(node)}/storage/${encodeURIComponent(storage)}/content?vmid=${vmid}`;
      if ((await volumes(this.#desk, path, signal)).length > 0) return false;
    }
    return true;
  }
}

/** All guests of the cluster as it tells now, templates among them: whether a guest is there, and where, is never old. */
export async function guestRows({ client }: Desk, signal: AbortSignal): Promise<readonly GuestRow[]> {
  const rows = await client.list<ResourceRow>('/cluster/resources?type=vm', signal);
  return rows.filter((row): row is GuestRow => row.type === 'qemu' || row.type === 'lxc');
}

/** Whether nobody bears it, not even a guest that may not be seen. */
async function isUnborne({ client }: Desk, vmid: number, signal: AbortSignal): Promise<boolean> {
  try {
    await client.value(`/cluster/nextid?vmid=${vmid}`, signal);
    return true;
  } catch (thrown) {
    if (signal.aborted || asLabError(thrown).code !== 'source_refused') throw thrown;
    return false;
  }
}

/** A storage that cannot be read at present keeps nobody from making a guest. */
async function volumes(
  { client, warn }: Desk,
  path: string,
  signal: AbortSignal,
): Promise<readonly VolumeRow[]> {
  try {
    return await client.list<VolumeRow>(path, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    warn(asLabError(thrown));
    return [];
  }
}
