import { diskOf, hostMemoryOf } from '../broadcast.ts';
import type { ProxmoxCluster } from '../cluster.ts';
import type { SimGuest } from '../guest.ts';
import type { SimNode } from '../node.ts';
import { usageOf } from '../usage.ts';
import { pressures } from './guest-status.ts';

/** Seconds between points, as Proxmox VE 9 keeps them. */
const STEP: Readonly<Record<string, number>> = {
  hour: 60,
  day: 1_800,
  week: 1_800,
  month: 21_600,
  year: 21_600,
  decade: 604_800,
};
const POINTS = 60;

type Point = Readonly<Record<string, number>>;

/** `GET /nodes/{node}/rrddata`: rates and averages, not counters. A point of a time at which it was off is empty. */
export function nodeHistory(cluster: ProxmoxCluster, node: SimNode, timeframe: string): readonly Point[] {
  const guests = cluster.guestsOn(node.name);
  const { spec } = node;
  return pointsOf(cluster, timeframe, node.bootedAt, { maxcpu: spec.cpus, memtotal: spec.memory }, (at) => {
    const use = usageOf(node, guests, at);
    const sum = (key: 'netin' | 'netout'): number =>
      guests.reduce((all, each) => all + each.loadAt(at)[key], 0);
    return {
      cpu: use.cpu,
      iowait: use.wait,
      loadavg: use.loadavg[0],
      memused: use.mem,
      swaptotal: spec.swap,
      swapused: Math.floor(spec.swap * 0.01),
      roottotal: spec.root,
      rootused: use.disk,
      netin: sum('netin'),
      netout: sum('netout'),
      ...(cluster.mainVersion < 9
        ? {}
        : {
            memavailable: spec.memory - use.mem,
            arcsize: Math.floor(spec.memory * 0.06),
            pressurecpusome: use.cpu * 5,
            pressureiosome: use.wait * 10,
            pressureiofull: use.wait * 8,
            pressurememorysome: 0,
            pressurememoryfull: 0,
          }),
    };
  });
}

/** `GET …/rrddata` of a guest. */
export function guestHistory(cluster: ProxmoxCluster, guest: SimGuest, timeframe: string): readonly Point[] {
  const { spec } = guest;
  const fixed = { maxcpu: spec.cores, maxmem: spec.memory, maxdisk: spec.disk, disk: diskOf(guest) };
  const since = guest.running ? guest.startedAt : Number.POSITIVE_INFINITY;
  return pointsOf(cluster, timeframe, since, fixed, (at) => {
    const { cpu, memory, ...rates } = guest.loadAt(at);
    return {
      cpu,
      mem: memory * spec.memory,
      ...rates,
      ...(guest.type === 'qemu' ? { memhost: hostMemoryOf(guest, at) } : {}),
      ...pressures(guest, at),
    };
  });
}

function pointsOf(
  { clock }: ProxmoxCluster,
  timeframe: string,
  since: number,
  fixed: Point,
  measured: (at: number) => Point,
): readonly Point[] {
  const step = STEP[timeframe] ?? 60;
  const last = Math.floor(clock.now() / 1_000 / step) * step;
  return Array.from({ length: POINTS }, (_, index) => {
    const time = last - (POINTS - 1 - index) * step;
    return { time, ...fixed, ...(time * 1_000 < since ? {} : measured(time * 1_000)) };
  });
}
