import type { GuestConfig, GuestRow } from './wire.ts';

/**
 * What speaks for another guest having taken a vmid since it was looked at last: `deleted`, it was seen to be gone;
 * `paused`, it did not run at some time, or nobody watched; `none`, it went on all the time.
 */
export type Gap = 'deleted' | 'paused' | 'none';

/** What a guest without a UUID of its own can be told by. */
interface Traits {
  readonly name: string;
  /** Its first disk, as `local-zfs:subvol-110-disk-0`. */
  readonly volume: string;
  readonly macs: readonly string[];
}

/** What tells one bearer of a vmid from the next. A rollback changes `vmgenid`, so the SMBIOS UUID comes first. */
export function fingerprintOf(type: GuestRow['type'], config: GuestConfig): string {
  const id = uuidIn(config) ?? config.vmgenid;
  return `${type} ${id ?? JSON.stringify(traitsOf(config))}`;
}

/**
 * Whether two different fingerprints are of one guest all the same. A UUID is for ever, but a container has none, and
 * its name, disk and MACs may be changed while it lives.
 */
export function isSameBearer(before: string, now: string, gap: Gap): boolean {
  const [was, is] = [traitsIn(before), traitsIn(now)];
  if (before.split(' ', 1)[0] !== now.split(' ', 1)[0] || was === undefined || is === undefined) return false;
  if (gap === 'none') return true;
  // A restored one keeps its MACs, one that is made anew gets others.
  const shares = was.macs.some((mac) => is.macs.includes(mac));
  if (shares || was.macs.length === 0 || is.macs.length === 0) return true;
  return gap === 'paused' && was.name === is.name && was.volume === is.volume;
}

/** The SMBIOS UUID of a virtual machine. */
export const uuidIn = ({ smbios1 }: GuestConfig): string | undefined =>
  /uuid=([0-9a-f-]+)/i.exec(String(smbios1 ?? ''))?.[1];

/** The MAC of each network card, as configured. */
export const macsIn = (config: GuestConfig): readonly string[] =>
  Object.entries(config).flatMap(([key, value]) =>
    /^net\d+$/.test(key) ? (/\b([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b/i.exec(String(value))?.[1] ?? []) : [],
  );

const traitsOf = (config: GuestConfig): Traits => ({
  name: String(config.hostname ?? config.name ?? ''),
  // What follows is its size, mount options and the like.
  volume: String(config.rootfs ?? '').split(',', 1)[0] ?? '',
  macs: macsIn(config)
    .map((mac) => mac.toLowerCase())
    .sort(),
});

/** undefined: it was told by a UUID. */
function traitsIn(fingerprint: string): Traits | undefined {
  const rest = fingerprint.slice(fingerprint.indexOf(' ') + 1);
  return rest.startsWith('{') ? (JSON.parse(rest) as Traits) : undefined;
}
