import type { List } from '../guest/found.ts';
import type { Desk } from '../reader.ts';

/** What tasks of one cluster work with. */
export interface Bench {
  readonly desk: Desk;
  /** Has the list of the cluster read again. */
  readonly list: List;
}
