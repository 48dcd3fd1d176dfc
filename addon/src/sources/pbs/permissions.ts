import type { Finding } from '../../contract/finding.ts';
import { datastoreId } from './map.ts';
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

/** That a datastore does not show all that it holds, and the lines that mend it. @param token `user@realm!name` */
export function withheld(store: string, owner: string, token: string): Finding {
  const [user = token] = token.split('!');
  const path = `/datastore/${store}`;
  return {
    key: `rights/${store}`,
    severity: 'warning',
    about: datastoreId(owner, store),
    title: `The backups in ${store} are not shown`,
    message: `${token} lacks Datastore.Audit at ${path}, so it sees at most its own backups; how many there are stays unknown.`,
    remedy: 'Run these lines on the backup server, as root; the user needs the role as well as its token.',
    commands: [user, token].map(
      (account) => `proxmox-backup-manager acl update ${path} DatastoreAudit --auth-id ${quoted(account)}`,
    ),
  };
}

/** For a shell. */
const quoted = (text: string): string =>
  /^[\w@./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
