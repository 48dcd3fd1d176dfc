import type { PoolStatus, Vdev } from './wire.ts';

/** A device of a pool. */
export interface Device {
  /** Its path, or the number of one that is gone. */
  readonly name: string;
  /** As in `mirror-0` or `logs`; undefined: it lies in the pool by itself. */
  readonly within: string | undefined;
  readonly state: string | undefined;
  /** Reads, writes and checksums that failed. */
  readonly errors: number;
  readonly message: string;
}

/** Under which what lies is no part of the data. */
const SECTIONS = new Set(['logs', 'cache', 'spares', 'special', 'dedup']);

/** All devices of a pool, those under `spares` and the like among them. */
export function devicesOf(status: PoolStatus): readonly Device[] {
  return (status.children ?? []).flatMap((top) =>
    SECTIONS.has(top.name)
      ? inside(top.children ?? [], top.name)
      : // The pool itself heads its devices.
        inside(top.children ?? [], undefined),
  );
}

function inside(vdevs: readonly Vdev[], within: string | undefined): readonly Device[] {
  return vdevs.flatMap((vdev) => {
    const { name, state, msg, children = [] } = vdev;
    if (children.length > 0) return inside(children, SECTIONS.has(within ?? '') ? within : name);
    return [{ name, within, state, errors: errorsOf(vdev), message: msg?.trim() ?? '' }];
  });
}

/** What went wrong at a mirror itself is not the sum of its devices. */
export function errorsIn(status: PoolStatus): number {
  const sum = (vdevs: readonly Vdev[]): number =>
    vdevs.reduce((all, vdev) => all + errorsOf(vdev) + sum(vdev.children ?? []), 0);
  return sum(status.children ?? []);
}

/** Large counts come shortened, and lost their letter: what is left is less than it was, never 0. */
const errorsOf = ({ read = 0, write = 0, cksum = 0 }: Vdev): number =>
  [read, write, cksum].reduce((sum, count) => sum + (Number.isFinite(count) ? Math.ceil(count) : 0), 0);

/** Whether something is to be done about a device. Spares wait, or stand in for another. */
export const isAiling = ({ state, errors }: Pick<Device, 'state' | 'errors'>): boolean =>
  errors > 0 || !(state === undefined || /^(ONLINE|AVAIL|INUSE)$/.test(state));

/** A device for people: without its folder, and what it was while it was there. */
export function nameOf({ name, message }: Pick<Device, 'name' | 'message'>): string {
  const was = /\bwas (\S+)/.exec(message)?.[1];
  const path = was !== undefined && /^\d+$/.test(name) ? was : name;
  return path.replace(/^\/dev\/(disk\/by-[a-z]+\/)?/, '');
}

/** Where a device is or was, for finding which disk it is. */
export const pathsOf = ({ name, message }: Pick<Device, 'name' | 'message'>): readonly string[] => {
  const was = /\bwas (\S+)/.exec(message)?.[1];
  return was === undefined ? [name] : [name, was];
};
