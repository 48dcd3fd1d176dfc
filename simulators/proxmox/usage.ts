import type { SimGuest } from './guest.ts';
import { living } from './load.ts';
import type { SimNode } from './node.ts';

/** What a node uses, itself and for its guests. */
export interface NodeUse {
  /** Of all threads, from 0 to 1. */
  readonly cpu: number;
  /** Share of time spent waiting for disks. */
  readonly wait: number;
  /** Bytes. */
  readonly mem: number;
  readonly disk: number;
  readonly loadavg: readonly [number, number, number];
}

const GIB = 1024 ** 3;
/** What the hypervisor itself needs, and ZFS keeps. */
const OWN_MEMORY = 2.5 * GIB;
const CACHE_SHARE = 0.06;

export function usageOf(node: SimNode, guests: readonly SimGuest[], now: number): NodeUse {
  const { spec, number } = node;
  const own = living({ cpu: 0.004 }, { cpu: 0.02 }, number)(now).cpu;
  const busy = guests.reduce((sum, guest) => sum + guest.loadAt(now).cpu * guest.spec.cores, 0);
  const cpu = Math.min(1, own + busy / spec.cpus);
  const taken = guests.reduce((sum, guest) => sum + guest.loadAt(now).memory * guest.spec.memory, 0);
  const mem = Math.min(spec.memory * 0.99, OWN_MEMORY + spec.memory * CACHE_SHARE + taken);
  const running = cpu * spec.cpus;
  return {
    cpu,
    wait: cpu * 0.02,
    mem: Math.floor(mem),
    disk: Math.floor(spec.root * 0.12),
    loadavg: [running * 1.1 + 0.1, running + 0.12, running * 0.9 + 0.15],
  };
}
