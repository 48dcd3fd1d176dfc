/** `GET /access/permissions`: privileges by path; 1: they hold below it as well. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Whether a privilege is held at a path. Proxmox VE lists each path that is in an access list or a pool with all that
 * holds there; one that it does not list has what the next one above it hands down.
 */
export function mayAt(permissions: Permissions, path: string, privilege: string): boolean {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const held = permissions[at];
    if (held !== undefined) return at === path ? held[privilege] !== undefined : held[privilege] === 1;
    if (at === '/') return false;
  }
}
