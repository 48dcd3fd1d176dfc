import type { SimContainer } from './container.ts';
import type { DockerEngine } from './engine.ts';
import { hasOwnNetwork } from './network.ts';
import { isoOf } from './time.ts';

const THROTTLING = { periods: 0, throttled_periods: 0, throttled_time: 0 };
const NO_CPU = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: THROTTLING,
};
/** Of cgroup v2 the engine gets bytes only. */
const NO_IO = {
  io_service_bytes_recursive: null as readonly object[] | null,
  io_serviced_recursive: null,
  io_queue_recursive: null,
  io_service_time_recursive: null,
  io_wait_time_recursive: null,
  io_merged_recursive: null,
  io_time_recursive: null,
  sectors_recursive: null,
};
/** What a packet carries on average, and what of a container's time is the kernel's. */
const PACKET_BYTES = 900;
const KERNEL_SHARE = 0.3;
const SDA = { major: 8, minor: 0 };

interface Reading {
  readonly read: string;
  readonly cpu_stats: object;
  readonly [field: string]: unknown;
}

/**
 * `GET /containers/{id}/stats`, on cgroup v2.
 *
 * @param before the reading before, in a stream
 */
export function statsOf(engine: DockerEngine, container: SimContainer, before?: Reading): Reading {
  const { id, name, hasProcess } = container;
  const frame = {
    preread: before?.read ?? isoOf(undefined),
    num_procs: 0,
    storage_stats: {},
    precpu_stats: before?.cpu_stats ?? NO_CPU,
    name: `/${name}`,
    id,
  };
  // The engine answers for what does not run, with nothing measured.
  if (!hasProcess) {
    return {
      read: isoOf(undefined),
      ...frame,
      pids_stats: {},
      blkio_stats: NO_IO,
      cpu_stats: NO_CPU,
      memory_stats: {},
    };
  }
  container.count(engine.time.now());
  return {
    read: isoOf(engine.tick()),
    ...frame,
    pids_stats: { current: 12, limit: 18_954 },
    blkio_stats: { ...NO_IO, io_service_bytes_recursive: ioOf(container) },
    cpu_stats: cpuOf(engine, container),
    memory_stats: memoryOf(engine, container),
    ...(hasOwnNetwork(container.spec.networkMode) && { networks: { eth0: trafficOf(container) } }),
  };
}

function cpuOf({ options, uptimeMs }: DockerEngine, { counters }: SimContainer): object {
  const total = Math.floor(counters.cpu);
  const kernel = Math.floor(total * KERNEL_SHARE);
  return {
    cpu_usage: { total_usage: total, usage_in_kernelmode: kernel, usage_in_usermode: total - kernel },
    system_cpu_usage: Math.floor(uptimeMs) * 1e6 * options.cpus,
    online_cpus: options.cpus,
    throttling_data: THROTTLING,
  };
}

/** `usage` holds the file cache, which is the kernel's to drop and therefore not counted by `docker stats`. */
function memoryOf({ options, time }: DockerEngine, { load, counters, spec }: SimContainer): object {
  const anon = Math.floor(load(time.now()).memory);
  const limit = spec.memoryLimit ?? options.memory;
  const file = Math.min(Math.floor(counters.read + counters.written), Math.max(0, limit - anon));
  const inactive = Math.floor(file * 0.8);
  return {
    usage: anon + inactive,
    stats: {
      active_anon: Math.floor(anon * 0.05),
      active_file: file - inactive,
      anon,
      anon_thp: 0,
      file,
      file_dirty: 0,
      file_mapped: 0,
      file_writeback: 0,
      inactive_anon: Math.floor(anon * 0.95),
      inactive_file: inactive,
      kernel_stack: 196_608,
      pgactivate: 0,
      pgdeactivate: 0,
      pgfault: 19_305,
      pglazyfree: 0,
      pglazyfreed: 0,
      pgmajfault: 12,
      pgrefill: 0,
      pgscan: 0,
      pgsteal: 0,
      shmem: 0,
      slab: 1_048_576,
      slab_reclaimable: 786_432,
      slab_unreclaimable: 262_144,
      sock: 0,
      thp_collapse_alloc: 0,
      thp_fault_alloc: 0,
      unevictable: 0,
      workingset_activate: 0,
      workingset_nodereclaim: 0,
      workingset_refault: 0,
    },
    limit,
  };
}

function ioOf({ counters }: SimContainer): readonly object[] {
  return [
    { ...SDA, op: 'read', value: Math.floor(counters.read) },
    { ...SDA, op: 'write', value: Math.floor(counters.written) },
  ];
}

function trafficOf({ counters: { received, sent } }: SimContainer): object {
  return {
    rx_bytes: Math.floor(received),
    rx_packets: Math.ceil(received / PACKET_BYTES),
    rx_errors: 0,
    rx_dropped: 0,
    tx_bytes: Math.floor(sent),
    tx_packets: Math.ceil(sent / PACKET_BYTES),
    tx_errors: 0,
    tx_dropped: 0,
  };
}
