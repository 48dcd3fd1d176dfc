import { asLabError } from '../../core/errors.ts';
import type { ClusterReader, Desk } from './reader.ts';

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

/** What user and token may do: controls that would be refused are not offered. */
export const permissions: ClusterReader = {
  of: 'cluster',
  what: 'permissions',
  due: 1_800,
  read: readPermissions,
};

/** Reads them, and leaves them as they were where nobody tells. */
export async function readPermissions(
  { client, picture, context }: Desk,
  signal: AbortSignal,
): Promise<void> {
  try {
    picture.permissions = await client.get<Permissions>('/access/permissions', signal);
  } catch (thrown) {
    const error = asLabError(thrown);
    if (signal.aborted || error.next === 'retry') throw thrown;
    context.log.debug(error.message);
  }
}
