import { asLabError } from '../../core/errors.ts';
import { mayAt, type Permissions } from './permissions.ts';
import type { ClusterReader, Desk } from './reader.ts';

/** What user and token may do: controls that would be refused are not offered. */
export const permissions: ClusterReader = {
  of: 'cluster',
  what: 'permissions',
  due: 1_800,
  read: async (desk, signal) => {
    await readPermissions(desk, signal);
    await readSurroundings(desk, signal);
  },
};

/** Reads them, and leaves them as they were where nobody tells. */
export async function readPermissions(desk: Desk, signal: AbortSignal): Promise<void> {
  const { picture, client } = desk;
  const read = await told(desk, signal, () => client.get<Permissions>('/access/permissions', signal));
  if (read !== undefined) picture.permissions = read;
}

/** What says where a right is missing: which roles there are, and what a token's user may. */
async function readSurroundings(desk: Desk, signal: AbortSignal): Promise<void> {
  const { picture, client } = desk;
  const roles = await told(desk, signal, () => client.list<RoleRow>('/access/roles', signal));
  if (roles !== undefined) {
    picture.roles = new Map(roles.map(({ roleid, privs = '' }) => [roleid, privs.split(',')]));
  }
  const [user, token] = picture.account.split('!');
  picture.userPermissions =
    user === undefined || token === undefined || !mayAt(picture.permissions ?? {}, '/access', 'Sys.Audit')
      ? undefined
      : await told(desk, signal, () =>
          client.get<Permissions>(`/access/permissions?userid=${encodeURIComponent(user)}`, signal),
        );
}

/** Of `GET /access/roles`. */
interface RoleRow {
  readonly roleid: string;
  /** Joined by commas. */
  readonly privs?: string;
}

/** @returns undefined where it is refused */
async function told<T>(
  { context }: Desk,
  signal: AbortSignal,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    const error = asLabError(thrown);
    if (signal.aborted || error.next === 'retry') throw thrown;
    context.log.debug(error.message);
    return undefined;
  }
}
