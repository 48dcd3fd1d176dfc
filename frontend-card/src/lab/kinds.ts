/** What the kinds of things are called in ids; in the order in which they are shown among others. */
export const KINDS = [
  ...['server', 'cluster', 'node', 'guest', 'host', 'stack', 'container'],
  ...['gpu', 'pool', 'storage', 'disk', 'backupserver', 'datastore'],
  ...['gateway', 'switch', 'accesspoint', 'network', 'wlan', 'client', 'site'],
  ...['speech', 'mcpserver', 'instrument', 'monitor', 'app'],
];

const RANK = new Map(KINDS.map((kind, index) => [kind, index]));

/** Where a kind stands among others; what is not known comes last. */
export const rankOf = (kind: string): number => RANK.get(kind) ?? KINDS.length;

const HARDWARE = new Set(['gpu', 'pool', 'storage', 'disk', 'datastore']);

/** Whether it is a part of what contains it, rather than something that runs on it. */
export const isPart = (kind: string): boolean => HARDWARE.has(kind);

/** The sources, as ids begin with them. */
const SOURCES = new Set(
  ['proxmox', 'pbs', 'docker', 'redfish', 'gpu', 'unifi', 'pulse', 'mcp', 'scpi', 'chatterbox'].concat([
    'labkeeper',
  ]),
);

const PREFIX = 'labkeeper_';

/**
 * What kind a device of Home Assistant is, by the identifier that Labkeeper gave it:
 * `labkeeper_[site_]<source>_<instance>_<kind>_<path>`.
 *
 * @returns undefined for what is not ours
 */
export function kindOf(identifier: string): string | undefined {
  if (!identifier.startsWith(PREFIX)) return undefined;
  const parts = identifier.slice(PREFIX.length).split('_');
  const at = (index: number): string | undefined => (RANK.has(parts[index] ?? '') ? parts[index] : undefined);
  // A site stands before the source; an instance may be called as a kind is.
  return SOURCES.has(parts[0] ?? '') ? (at(2) ?? at(3)) : (at(3) ?? at(2));
}
