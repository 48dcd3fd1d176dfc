/** `GET /access/permissions`: privileges by path; 1: they hold below it as well. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Privileges by role, as in `GET /access/roles`. */
export type Roles = ReadonlyMap<string, readonly string[]>;

/**
 * Where a role has to be given for it to count at a path: the nearest path from there up that has an entry of its own,
 * since what is inherited counts there no longer, or `/`.
 */
export function entryOf(permissions: Permissions, path: string): string {
  for (let at = path; at !== '/'; at = above(at)) {
    const own = permissions[at];
    if (own === undefined) continue;
    const inherited = handedDown(permissions, above(at));
    const held = Object.keys(own);
    if (held.length !== inherited.size || held.some((privilege) => !inherited.has(privilege))) return at;
  }
  return '/';
}

const above = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

function handedDown(permissions: Permissions, path: string): ReadonlySet<string> {
  for (let at = path; ; at = above(at)) {
    const held = permissions[at];
    if (held !== undefined) return new Set(Object.keys(held).filter((privilege) => held[privilege] === 1));
    if (at === '/') return new Set();
  }
}

/**
 * Whether a privilege is held at a path. Proxmox VE lists each path that is in an access list or a pool with all that
 * holds there; one that it does not list has what the next one above it hands down.
 */
export function mayAt(permissions: Permissions, path: string, privilege: string): boolean {
  for (let at = path; ; at = above(at)) {
    const held = permissions[at];
    if (held !== undefined) return at === path ? held[privilege] !== undefined : held[privilege] === 1;
    if (at === '/') return false;
  }
}
