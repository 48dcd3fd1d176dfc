import type { ProxmoxCluster } from '../cluster.ts';
import type { SimNode } from '../node.ts';
import { usageOf } from '../usage.ts';

const FLAGS =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht vmx ' +
  'ssse3 fma cx16 sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand avx2 bmi2 avx512f avx512dq';
const KERNEL_BUILD = '#1 SMP PREEMPT_DYNAMIC PMX 6.17.2-1 (2025-10-21T11:55Z)';

/** `GET /nodes/{node}/status`: measured now, not broadcast. */
export function nodeStatus(cluster: ProxmoxCluster, node: SimNode): object {
  const now = cluster.clock.now();
  const { spec, condition } = node;
  const { runningKernel: release } = condition;
  const { cpu, wait, mem, disk, loadavg } = usageOf(node, cluster.guestsOn(node.name), now);
  const { version, repoid } = cluster.version;
  const swapped = Math.floor(spec.swap * 0.01);
  return {
    uptime: node.uptime(now),
    idle: 0,
    loadavg: loadavg.map((average) => average.toFixed(2)),
    kversion: `Linux ${release} ${KERNEL_BUILD}`,
    ...(cluster.mainVersion < 8
      ? {}
      : {
          'current-kernel': { sysname: 'Linux', release, machine: 'x86_64', version: KERNEL_BUILD },
        }),
    'boot-info': { mode: 'efi', secureboot: 0 },
    cpuinfo: {
      user_hz: 100,
      cpus: spec.cpus,
      cores: spec.cores,
      sockets: spec.sockets,
      model: spec.model,
      mhz: spec.mhz,
      hvm: '1',
      flags: FLAGS,
    },
    cpu,
    wait,
    memory: {
      total: spec.memory,
      used: mem,
      free: spec.memory - mem - 2 ** 28,
      available: spec.memory - mem,
    },
    ksm: { shared: 0 },
    swap: { total: spec.swap, used: swapped, free: spec.swap - swapped },
    pveversion: `pve-manager/${version}/${repoid}`,
    rootfs: {
      total: spec.root,
      used: disk,
      avail: Math.floor((spec.root - disk) * 0.95),
      free: spec.root - disk,
    },
  };
}
