import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import { zfsOnRaid, zfsOnRaidText } from '../lab/zfs-on-raid.ts';
import type { Store } from '../model/store.ts';

const OF: readonly string[] = ['server', 'node', 'pool', 'storage'];

/** Warns of what is wrong with the lab as a whole: each thing once, until it was right. The returned function ends it. */
export function warnOfFindings(store: Store<LabResource>, log: Log): () => void {
  let said: ReadonlySet<string> = new Set();
  return store.subscribe((diff) => {
    if (!diff.some(({ before, after }) => OF.includes((after ?? before)?.kind ?? ''))) return;
    const found = new Set(zfsOnRaid(store.all()).map(zfsOnRaidText));
    for (const text of found) if (!said.has(text)) log.warn(text);
    said = found;
  });
}
