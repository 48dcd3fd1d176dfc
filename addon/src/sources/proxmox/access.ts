import { asLabError } from '../../core/errors.ts';
import type { Permissions } from './permissions.ts';
import type { ClusterReader, Desk } from './reader.ts';

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
