import type { Clock } from '../../addon/src/core/clock.ts';
import { realClock } from '../clock.ts';
import { Machine, type MachineSpec, type SimDrive } from './machine.ts';

export const R640_SERIALS: readonly string[] = Array.from({ length: 8 }, (_, slot) => `S6NANG0WB0955${slot}`);

export interface SeedOptions extends Partial<Omit<MachineSpec, 'clock' | 'drives'>> {
  readonly clock?: Clock;
  /** Serials of its drives, by slot. */
  readonly serials?: readonly string[];
  /** WWNs of its drives, by slot. */
  readonly wwns?: readonly string[];
  /** Newer firmware, which measures drives. */
  readonly metrics?: boolean;
  /** The PERC makes virtual disks of the drives instead of passing them through. */
  readonly raid?: boolean;
}

/** A PowerEdge R640 with eight drives, two processors and six modules; its node is called pve1. */
export function r640({
  clock = realClock,
  serials = R640_SERIALS,
  wwns = [],
  metrics = false,
  raid = false,
  ...rest
}: SeedOptions = {}): Machine {
  const drives = serials.map(
    (serial, slot): SimDrive => ({
      ...{ slot, serial, model: 'MZ7L3480HCHQAD3', manufacturer: 'SAMSUNG', bytes: 479_559_942_144 },
      ...{ media: 'SSD', health: 'OK', failurePredicted: false, lifeLeft: 99 - slot },
      ...(wwns[slot] !== undefined && { wwn: wwns[slot] }),
      ...(metrics && { measured: { hours: 31_000 + slot, celsius: 27 + slot } }),
    }),
  );
  return new Machine({
    hostName: 'pve1',
    serviceTag: '7QK1X42',
    uuid: '4c4c4544-0051-4b10-8031-b7c04f583432',
    modules: Array.from({ length: 6 }, (_, index) => ({
      ...{ slot: `A${index + 1}`, mib: 32_768, speed: 2_666, health: 'OK' as const },
    })),
    expands: true,
    ...(raid && {
      volumes: [
        { name: 'system', level: 'RAID1', bytes: 479_559_942_144, health: 'OK' },
        { name: 'tank', level: 'RAID10', bytes: 3 * 479_559_942_144, health: 'OK' },
      ],
    }),
    ...rest,
    ...{ clock, drives },
  });
}
