import { diskOf, hostMemoryOf, memoryOf } from '../broadcast.ts';
import type { SimGuest } from '../guest.ts';

type Fields = Readonly<Record<string, unknown>>;

const MIB = 1024 ** 2;

/** A row of `GET /nodes/{node}/qemu` or `/lxc`. */
export function guestSummary(guest: SimGuest, now: number): Fields {
  return guest.type === 'qemu' ? vmSummary(guest, now) : containerSummary(guest, now);
}

/** `GET …/status/current`, and a list's row with `full=1`. */
export function guestStatus(guest: SimGuest, now: number): Fields {
  const ha = guest.spec.ha === undefined ? { managed: 0 } : { managed: 1, state: guest.spec.ha };
  if (guest.type === 'lxc') return { ...containerSummary(guest, now), ha };
  return { ...vmFull(guest, now), ...(guest.spec.agent === undefined ? {} : { agent: 1 }), ha };
}

function common(guest: SimGuest, now: number): Fields {
  guest.count(now);
  const { spec, running, counters, lock, tags } = guest;
  return {
    vmid: guest.vmid,
    name: guest.name,
    status: guest.status,
    ...(running ? { pid: guest.pid } : {}),
    cpus: spec.cores,
    cpu: guest.loadAt(now).cpu,
    maxmem: spec.memory,
    mem: memoryOf(guest, now),
    maxdisk: spec.disk,
    disk: diskOf(guest),
    uptime: guest.uptime(now),
    netin: counters.netin,
    netout: counters.netout,
    ...(spec.template === true ? { template: 1 } : {}),
    ...(lock === undefined ? {} : { lock }),
    ...(tags === undefined ? {} : { tags }),
  };
}

function vmSummary(guest: SimGuest, now: number): Fields {
  return {
    ...common(guest, now),
    memhost: hostMemoryOf(guest, now),
    ...(guest.running ? pressures(guest, now) : {}),
  };
}

export function vmFull(guest: SimGuest, now: number): Fields {
  const summary = vmSummary(guest, now);
  if (!guest.running) return { ...summary, qmpstatus: 'stopped' };
  const { spec, counters } = guest;
  const mem = memoryOf(guest, now);
  return {
    ...summary,
    qmpstatus: guest.paused ? 'paused' : 'running',
    'running-machine': 'pc-i440fx-10.1+pve0',
    'running-qemu': '10.1.2',
    'proxmox-support': { 'backup-max-workers': true, 'pbs-dirty-bitmap': true, 'query-bitmap-info': true },
    diskread: counters.diskread,
    diskwrite: counters.diskwrite,
    blockstat: { scsi0: blockStatistics(guest) },
    nics: { [`tap${guest.vmid}i0`]: { netin: counters.netin, netout: counters.netout } },
    balloon: spec.memory,
    freemem: spec.memory - mem - 64 * MIB,
    ballooninfo: {
      actual: spec.memory,
      max_mem: spec.memory,
      total_mem: spec.memory - 64 * MIB,
      free_mem: spec.memory - mem - 64 * MIB,
      mem_swapped_in: 0,
      mem_swapped_out: 0,
      major_page_faults: 1_811,
      minor_page_faults: 3_803_793,
      last_update: Math.floor(now / 1_000),
    },
  };
}

function containerSummary(guest: SimGuest, now: number): Fields {
  const { counters } = guest;
  const measured = Object.entries(pressures(guest, now));
  return {
    ...common(guest, now),
    type: 'lxc',
    maxswap: 512 * MIB,
    swap: 0,
    diskread: counters.diskread,
    diskwrite: counters.diskwrite,
    // A container's are text: nobody made numbers of what was read from the kernel.
    ...(guest.running ? Object.fromEntries(measured.map(([key, value]) => [key, value.toFixed(2)])) : {}),
  };
}

/** Percent of the last ten seconds in which something (or everything) had to wait. */
export function pressures(guest: SimGuest, now: number): Readonly<Record<string, number>> {
  const { cpu, diskwrite } = guest.loadAt(now);
  const round = (value: number): number => Math.round(value * 100) / 100;
  const io = round(Math.min(60, diskwrite / 2_000_000));
  return {
    pressurecpusome: round(cpu * cpu * 20),
    pressurecpufull: 0,
    pressureiosome: io,
    pressureiofull: round(io * 0.8),
    pressurememorysome: 0,
    pressurememoryfull: 0,
  };
}

function blockStatistics({ counters }: SimGuest): Fields {
  return {
    rd_bytes: counters.diskread,
    wr_bytes: counters.diskwrite,
    rd_operations: Math.ceil(counters.diskread / 16_384),
    wr_operations: Math.ceil(counters.diskwrite / 8_192),
    failed_rd_operations: 0,
    failed_wr_operations: 0,
    account_failed: true,
    account_invalid: true,
    timed_stats: [],
  };
}
