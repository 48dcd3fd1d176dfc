import type { RaidLevel } from '../../../contract/inputs/zfs-pool.ts';

interface Level {
  readonly least: number;
  readonly most?: number;
  /** Disks whose worth of room is left for data, of so many. */
  readonly data: (disks: number) => number;
  /** What may fail, for people. */
  readonly survives: (disks: number) => string;
}

const disks = (count: number): string => (count === 1 ? 'any one disk' : `any ${count} disks`);
const parity = (count: number, least: number): Level => ({
  least,
  data: (all) => all - count,
  survives: () => disks(count),
});

/** As Proxmox VE makes them: all disks in one group, of raid10 pairs. */
export const LEVELS: Readonly<Record<RaidLevel, Level>> = {
  single: { least: 1, most: 1, data: () => 1, survives: () => 'no disk' },
  mirror: { least: 2, data: () => 1, survives: (all) => disks(all - 1) },
  raid10: { least: 4, data: (all) => all / 2, survives: () => 'one disk of each pair' },
  raidz: parity(1, 3),
  raidz2: parity(2, 4),
  raidz3: parity(3, 5),
};

/** Why so many disks do not make that; undefined: they do. */
export function countProblem(level: RaidLevel, count: number): string | undefined {
  const { least, most } = LEVELS[level];
  if (count < least) return `${level} needs ${least} disks or more, not ${count}`;
  if (most !== undefined && count > most) return `${level} takes ${most} disk, not ${count}`;
  return level === 'raid10' && count % 2 === 1 ? 'raid10 needs an even number of disks' : undefined;
}

/** Bytes for data, about: ZFS keeps a thirty-second part to itself. @param sizes of the disks */
export const usableBytes = (level: RaidLevel, sizes: readonly number[]): number =>
  LEVELS[level].data(sizes.length) * Math.min(...sizes) * (31 / 32);
