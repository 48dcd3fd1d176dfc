import type { List } from '../guest/found.ts';
import type { Desk } from '../reader.ts';
import type { Lines } from './lines.ts';
import type { Vmids } from './vmids.ts';

/** What tasks of one cluster work with. */
export interface Bench {
  readonly desk: Desk;
  /** Has the list of the cluster read again. */
  readonly list: List;
  /** Gives out numbers for new guests. */
  readonly vmids: Vmids;
  /** Copies on one storage, one after another. */
  readonly copies: Lines;
  /** Where guests are backed up to, if the user named a storage. */
  readonly backupStorage: string | undefined;
}
