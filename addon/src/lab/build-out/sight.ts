import type { Sight } from '../../contract/build-out.ts';
import type { Verdict } from './verdict.ts';
import { plain } from './words.ts';

/** A system, with what its findings say that it does not show. */
export interface SightOf extends Sight {
  readonly withheld: readonly string[];
}

/** Labkeeper itself, which is always there. */
const OWN = 'app';

/**
 * Why it is not sure that a thing of a kind which is not there does not exist; undefined: all are to be seen.
 *
 * @param source whose word counts; undefined: any
 */
export function blindness(
  kind: string,
  source: string | undefined,
  sights: readonly SightOf[],
): Verdict | undefined {
  if (kind === OWN) return undefined;
  const tellers = sights.filter(
    ({ owner, kinds }) => kinds.includes(kind) && (source === undefined || owner.startsWith(`${source}/`)),
  );
  if (tellers.length === 0) {
    const who = source === undefined ? 'system' : `system of the source ${source}`;
    return { is: null, because: [`no ${who} that tells of the kind ${kind} is configured`], doubt: 'unset' };
  }
  const away = tellers.flatMap((one) => {
    if (!one.reachable) return [`${nameOf(one)} does not answer`];
    return one.unread.length > 0 ? [`${nameOf(one)} is not read whole: ${one.unread.join(', ')}`] : [];
  });
  if (away.length > 0) return { is: null, because: away, doubt: 'away' };
  const withheld = tellers.flatMap((one) => [
    ...(one.failing.length > 0 ? [`${nameOf(one)} cannot be asked for: ${one.failing.join(', ')}`] : []),
    ...one.withheld.map((title) => `${nameOf(one)}: ${plain(title)}`),
  ]);
  return withheld.length > 0 ? { is: null, because: withheld, doubt: 'withheld' } : undefined;
}

const nameOf = ({ title, owner }: Sight): string => `${plain(title)} (${owner})`;
