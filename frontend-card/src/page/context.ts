import type { Asker } from '../lab/asker.ts';
import type { Doer } from '../lab/doer.ts';
import type { Words } from '../lab/words/words.ts';
import type { Api } from './api.ts';
import type { Feed } from './feed.ts';
import { type Action, CEILINGS, type Me, type Risk } from './wire.ts';
import type { PageWords } from './words/page-words.ts';

/** What every part of the page works with. */
export interface Context {
  readonly api: Api;
  readonly feed: Feed;
  readonly words: Words;
  readonly texts: PageWords;
  readonly me: Me;
  readonly actions: readonly Action[];
  readonly version: string;
  /** How parts of the cards ask and do things here. */
  readonly asker: Asker;
  readonly doer: Doer;
}

const NEEDS: Readonly<Record<Risk, Me['may']>> = {
  ...{ observe: 'observe', operate: 'operate', disrupt: 'operate' },
  ...{ provision: 'provision', destroy: 'destroy' },
};

/** Whether who looks may have something done that is so risky. */
export const may = ({ may }: Me, risk: Risk): boolean =>
  CEILINGS.indexOf(may) >= CEILINGS.indexOf(NEEDS[risk]);

/** Whether who looks may see what is for administrators. */
export const isAdministrator = (me: Me): boolean => me.administrator !== false && may(me, 'operate');

/** What can be done to things of this kind by who looks, the least risky first. */
export function actionsFor({ actions, me }: Context, kind: string): readonly Action[] {
  const risks: readonly Risk[] = ['observe', 'operate', 'disrupt', 'provision', 'destroy'];
  return actions
    .filter(({ kinds, risk }) => kinds.includes(kind) && may(me, risk))
    .toSorted((a, b) => risks.indexOf(a.risk) - risks.indexOf(b.risk));
}

/** What a thing or system is called, by its id. */
export function nameOf({ feed, words }: Context, id: string): string {
  const thing = feed.view.things.get(id);
  return thing?.kind === 'app' ? words.kind('app') : (thing?.name ?? id);
}
