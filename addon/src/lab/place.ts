import type { LabResource } from '../kinds/index.ts';
import { counts } from '../model/alias.ts';
import { type Alias, alias } from '../model/resource.ts';

/** What this process can tell of where it runs. What cannot be read is left out, or empty. */
export interface OwnFacts {
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly hostname: string;
  /** UUID of the machine, by its firmware. */
  readonly smbios?: string | undefined;
  /** Id of the Docker container, 64 hex digits. */
  readonly container?: string | undefined;
  readonly cpus: number;
  /** GiB */
  readonly memory: number;
  /** Of this process, milliseconds since 1970. */
  readonly started: number;
}

/** Of the memory that a machine is given its system keeps some for itself. */
const LEAST_MEMORY = 0.85;
const MOST_MEMORY = 1.02;
/** Milliseconds between the start of a container and ours, with clocks that differ. */
const START_MS = 120_000;

/**
 * The guest or container in which this process runs: one that has our MAC, our SMBIOS UUID or our container's id, and
 * something else of ours as well. A host name alone is not enough, nor are two that fit equally well.
 *
 * @returns its id; undefined where that is not sure
 */
export function placeOf(resources: Iterable<LabResource>, own: OwnFacts): string | undefined {
  const found = [...resources].filter((one) => factsShared(one, own).length > 1);
  // In a container on a guest, both may fit: the container is the nearer one.
  const containers = found.filter(({ kind }) => kind === 'container');
  const [place, another] = containers.length > 0 ? containers : found;
  return another === undefined ? place?.id : undefined;
}

/** Empty unless the first of them is one that identifies. */
function factsShared(resource: LabResource, own: OwnFacts): readonly string[] {
  if (resource.kind === 'container') {
    const id = String(resource.facts.container_id ?? '');
    if (id.length < 12 || own.container?.startsWith(id) !== true) return [];
    const started = Date.parse(String(resource.readings.started));
    return [
      'container',
      ...(own.hostname === id ? ['hostname'] : []),
      ...(Math.abs(own.started - started) < START_MS ? ['start'] : []),
    ];
  }
  if (resource.kind !== 'guest') return [];
  const has = (known: Alias): boolean => counts(known) && (resource.aliases ?? []).includes(known);
  const strong = [
    ...(own.macs.some((mac) => has(alias('mac', mac))) ? ['mac'] : []),
    ...(own.smbios !== undefined && has(alias('smbios', own.smbios)) ? ['smbios'] : []),
  ];
  if (strong.length === 0) return [];
  const { cpus, memory_total: memory } = resource.readings;
  const share = typeof memory === 'number' && memory > 0 ? own.memory / memory : 0;
  return [
    ...strong,
    ...(own.ips.some((ip) => has(alias('ip', ip))) ? ['ip'] : []),
    ...(has(alias('hostname', own.hostname)) ? ['hostname'] : []),
    ...(cpus === own.cpus && share > LEAST_MEMORY && share < MOST_MEMORY ? ['size'] : []),
  ];
}
