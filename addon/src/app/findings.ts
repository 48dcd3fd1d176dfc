import type { FindingsView } from '../contract/finding.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import { doubtfulLink } from '../lab/doubtful-links.ts';
import { type Findings, newFindings } from '../lab/findings.ts';
import { zfsOnRaid, zfsOnRaidFinding } from '../lab/zfs-on-raid.ts';
import type { Store } from '../model/store.ts';

const OWNER = 'lab';
/** Kinds that the rules read. */
const OF: readonly string[] = ['server', 'node', 'pool', 'storage'];

/** Has `findings` hold what is wrong with the lab as a whole. The returned function ends it. */
export function findInLab(store: Store<LabResource>, findings: Findings): () => void {
  const look = (): void => {
    const nameOf = (id: string): string => store.get(id)?.name ?? id;
    const doubts = store.doubts().map((doubt) => doubtfulLink(doubt, nameOf));
    findings.report(OWNER, [...zfsOnRaid(store.all()).map(zfsOnRaidFinding), ...doubts]);
  };
  const ends = [
    store.subscribe((diff) => {
      const named =
        store.doubts().length > 0 && diff.some(({ before, after }) => before?.name !== after?.name);
      if (named || diff.some(({ before, after }) => OF.includes((after ?? before)?.kind ?? ''))) look();
    }),
    store.subscribeDoubts(look),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** One line for each new finding, until it was gone and comes back. The returned function ends it. */
export function logFindings(findings: FindingsView, log: Log): () => void {
  let said = findings.all();
  return findings.subscribe((all) => {
    const fresh = newFindings(said, all);
    said = all;
    for (const { severity, owner, title, message, remedy } of fresh) {
      log[severity === 'info' ? 'info' : 'warn']([`${title}.`, message, remedy].filter(Boolean).join(' '), {
        severity,
        owner,
      });
    }
  });
}
