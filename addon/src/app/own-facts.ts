import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { OwnFacts } from '../lab/place.ts';

const GIB = 1024 ** 3;
/** Docker puts files of its own into each container, from a folder with the container's id. */
const CONTAINER = /\/containers\/([0-9a-f]{64})\//;

/**
 * Where this process runs, as far as it can see.
 *
 * @param smbios UUID of the machine, if whoever started us has read it
 */
export function ownFacts(smbios?: string): OwnFacts {
  const interfaces = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  const outside = interfaces.filter(({ internal }) => !internal);
  return {
    macs: [...new Set(outside.map(({ mac }) => mac))],
    ips: outside.map(({ address }) => address),
    hostname: os.hostname(),
    // Readable by root only.
    smbios: smbios ?? read('/sys/class/dmi/id/product_uuid'),
    container: CONTAINER.exec(read('/proc/self/mountinfo') ?? '')?.[1],
    cpus: os.cpus().length,
    memory: os.totalmem() / GIB,
    started: Date.now() - process.uptime() * 1_000,
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
