import type { Permissions } from './wire.ts';

/**
 * Whether all of a datastore is shown, not only what belongs to the token: Proxmox Backup Server leaves out the rest,
 * and does not say so. What holds at a path is what is said of the nearest one at or above it.
 */
export function seesAll(permissions: Permissions | undefined, store: string): boolean {
  if (permissions === undefined) return false;
  const path = `/datastore/${store}`;
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const held = permissions[at];
    if (held !== undefined) {
      const propagates = held['Datastore.Audit'];
      return at === path ? propagates !== undefined : Boolean(propagates);
    }
    if (at === '/') return false;
  }
}
