import type { ContainerStats } from './wire.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** Two samples closer than this say more about the clock than about the container. */
const LEAST_SECONDS = 0.5;

/** What a container uses, over the time since the sample before. */
export interface Usage {
  /** %, of one core. */
  readonly cpu: number | null;
  /** GiB, without the page cache. */
  readonly memory: number | null;
  /** MiB/s, each. */
  readonly received: number | null;
  readonly sent: number | null;
  readonly read: number | null;
  readonly written: number | null;
}

/** The counters of one reading. */
export interface Sample {
  /** Seconds since 1970, by the engine's clock. */
  readonly at: number;
  readonly cpuNanoseconds: number;
  readonly memoryBytes: number | undefined;
  readonly received: number | undefined;
  readonly sent: number | undefined;
  readonly read: number;
  readonly written: number;
}

/** undefined: the container does not run. */
export function sampleOf(stats: ContainerStats): Sample | undefined {
  const at = Date.parse(stats.read) / 1_000;
  if (!(at > 0)) return undefined;
  const networks = stats.networks && Object.values(stats.networks);
  const io = stats.blkio_stats?.io_service_bytes_recursive ?? [];
  // cgroup v1 spells the operations with a capital letter.
  const moved = (op: string): number =>
    sum(
      io.filter((entry) => entry.op.toLowerCase() === op),
      (entry) => entry.value,
    );
  return {
    at,
    cpuNanoseconds: stats.cpu_stats.cpu_usage.total_usage,
    memoryBytes: memoryOf(stats),
    received: networks && sum(networks, (network) => network.rx_bytes),
    sent: networks && sum(networks, (network) => network.tx_bytes),
    read: moved('read'),
    written: moved('write'),
  };
}

/** Rates from two readings of one container; null where there is none yet, or where a restart reset the counter. */
export function usageOf(before: Sample | undefined, after: Sample): Usage {
  const seconds = before === undefined ? 0 : after.at - before.at;
  const per = (counter: (sample: Sample) => number | undefined, unit: number): number | null => {
    const from = before && counter(before);
    const to = counter(after);
    if (from === undefined || to === undefined || seconds < LEAST_SECONDS || to < from) return null;
    return (to - from) / seconds / unit;
  };
  return {
    cpu: per((sample) => sample.cpuNanoseconds, 1e7),
    memory: after.memoryBytes === undefined ? null : after.memoryBytes / GIB,
    received: per((sample) => sample.received, MIB),
    sent: per((sample) => sample.sent, MIB),
    read: per((sample) => sample.read, MIB),
    written: per((sample) => sample.written, MIB),
  };
}

/** As `docker stats` shows it: the cgroup's memory without the file cache that the kernel can drop at any time. */
function memoryOf({ memory_stats: { usage, stats } }: ContainerStats): number | undefined {
  if (usage === undefined) return undefined;
  const cache = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return cache < usage ? usage - cache : usage;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
