import { HELPER_LABEL } from '../identity.ts';
import type { WholeInspect, WholeMount } from '../update/anatomy.ts';
import { isExposed, placeName } from '../update/exposed.ts';

/** Where containers keep data: a volume by its name, or a folder or file of the engine's machine. */
export interface Place {
  readonly type: 'volume' | 'bind';
  readonly source: string;
  /** For people: `/config (volume media_config)`. */
  readonly about: string;
}

/** What some containers may write to, as far as a copy can bring it back. */
export interface Places {
  readonly own: readonly Place[];
  /** What is not copied, for people, with the reason. */
  readonly left: readonly string[];
}

/** Folders that a whole machine lives by: nobody may empty them to put something back. */
const WHOLE =
  /^\/(|boot|dev|etc|home|lib|media|mnt|opt|proc|root|run|srv|sys|tmp|usr|var|var\/lib|var\/lib\/docker|var\/log|var\/run)$/;
const WITHIN = /^\/(boot|dev|etc|lib\d*|proc|run|s?bin|sys|usr|var\/run)\//;

/**
 * What a copy can keep of containers. What others write to as well is left out: putting it back would take back theirs.
 *
 * @param units those that are updated
 * @param all of the engine, with the units or without
 */
export function placesOf(units: readonly WholeInspect[], all: readonly WholeInspect[]): Places {
  const ids = new Set(units.map(({ Id }) => Id));
  // What an earlier update left of its helpers is nobody's.
  const others = all.filter(({ Id, Config }) => !ids.has(Id) && Config.Labels?.[HELPER_LABEL] === undefined);
  const own = new Map<string, Place>();
  const left = new Set<string>();
  for (const mount of units.flatMap(writable)) {
    const about = placeName(mount);
    const why = isMachines(mount) ? 'the machine lives by it' : usedBy(mount, others);
    if (why !== undefined) left.add(`${about}: ${why}`);
    else own.set(keyOf(mount), { ...sourceOf(mount), about });
  }
  return { own: [...own.values()], left: [...left] };
}

const writable = ({ Mounts }: WholeInspect): readonly WholeMount[] => (Mounts ?? []).filter(isExposed);

const isMachines = ({ Type, Source = '' }: WholeMount): boolean =>
  Type === 'bind' && (WHOLE.test(Source.replace(/(.)\/$/, '$1')) || WITHIN.test(Source));

function usedBy(mount: WholeMount, others: readonly WholeInspect[]): string | undefined {
  const user = others.find((other) => writable(other).some((theirs) => overlap(mount, theirs)));
  return user && `${user.Name.replace(/^\//, '')} writes to it, too`;
}

/** The same, or one within the other; but what looks after the whole machine, or all volumes, is no user of each. */
function overlap(mine: WholeMount, theirs: WholeMount): boolean {
  if (keyOf(mine) === keyOf(theirs)) return true;
  const [inner, outer] = [mine.Source, theirs.Source];
  if (inner === undefined || outer === undefined) return false;
  if (isWithin(outer, inner)) return true;
  return mine.Type === 'bind' && outer !== '/' && isWithin(inner, outer);
}

const isWithin = (inner: string, outer: string): boolean =>
  `${inner.replace(/\/*$/, '')}/`.startsWith(`${outer.replace(/\/*$/, '')}/`);

const sourceOf = ({ Type, Name = '', Source = '' }: WholeMount): Omit<Place, 'about'> =>
  Type === 'volume' ? { type: 'volume', source: Name } : { type: 'bind', source: Source };

const keyOf = (mount: WholeMount): string => {
  const { type, source } = sourceOf(mount);
  return `${type} ${source}`;
};
