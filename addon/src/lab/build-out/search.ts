import type { Check, Search } from '../../contract/build-out.ts';
import type { LabResource } from '../../kinds/index.ts';
import { isCalled, isMeant, isOtherwise, isSo, otherThan, type Seen } from './conditions.ts';
import { blindness } from './sight.ts';
import { allOf, anyOf, type Verdict } from './verdict.ts';

/** Things that are named as evidence; more say nothing more. */
const MOST_NAMED = 3;

/** Whether a check holds, and what shows it. @param things of the lab, by kind */
export function holds(
  check: Check,
  things: ReadonlyMap<string, readonly LabResource[]>,
  seen: Seen,
): Verdict {
  if ('all' in check) return allOf(check.all.map((one) => holds(one, things, seen)));
  if ('any' in check) return anyOf(check.any.map((one) => holds(one, things, seen)));
  const { kind, source } = check;
  const all = things.get(kind) ?? [];
  return found(check, source === undefined ? all : all.filter(({ id }) => id.startsWith(`${source}/`)), seen);
}

function found(search: Search, things: readonly LabResource[], seen: Seen): Verdict {
  const { kind, source, least = 1, every } = search;
  const all = things.filter((one) => isMeant(one, search));
  const otherwise = all.filter((one) => isOtherwise(one, search));
  const meant = all
    .filter((one) => !isOtherwise(one, search))
    .map((thing) => ({ thing, verdict: isSo(thing, search, seen) }));
  const of = (is: boolean | null) => meant.filter(({ verdict }) => verdict.is === is);
  const right = of(true);
  const open = of(null);
  const blind = blindness(kind, source, seen.sights);
  if (right.length >= least) {
    if (every === undefined) return { is: true, because: shortened(right) };
    const each = right.map(({ thing }) => ({ thing, verdict: ofEach(thing, every, seen) }));
    // Another one that cannot be seen may be otherwise.
    const unseen = [...open.map(({ verdict }) => verdict), ...(blind === undefined ? [] : [blind])];
    const verdict = allOf([...each.map(({ verdict }) => verdict), ...unseen]);
    return {
      ...verdict,
      because: shortened(
        each.filter((one) => one.verdict.is === verdict.is),
        verdict,
      ),
    };
  }
  if (right.length + open.length >= least) {
    return { ...anyOf(open.map(({ verdict }) => verdict)), because: shortened(open) };
  }
  if (blind !== undefined) return blind;
  const wrong = [...of(false).map(({ thing }) => thing), ...otherwise];
  const count = least === 1 ? '' : `${right.length} of ${least}: `;
  return {
    is: false,
    because: (wrong.length > 0 ? wrongOf(wrong, search, seen) : othersThan(search, things)).map(
      (one) => `${count}${one}`,
    ),
    near: wrong.map(({ id }) => id),
  };
}

/** What they lack, where they are few: of many, most have nothing to do with what is looked for. */
function wrongOf(wrong: readonly LabResource[], search: Search, seen: Seen): readonly string[] {
  if (wrong.length > MOST_NAMED) return [`none of ${wrong.length} of the kind ${search.kind} is so`];
  return wrong.flatMap((thing) => isSo(thing, search, seen).because);
}

/** What there is of the kind instead. */
function othersThan(search: Search, things: readonly LabResource[]): readonly string[] {
  const { kind, name } = search;
  if (things.length === 0) return [`there is no ${kind}`];
  const called = things.filter((one) => isCalled(one, search));
  if (called.length > MOST_NAMED) return [`none of ${called.length} of the kind ${kind} is so`];
  if (called.length > 0) return called.flatMap((one) => otherThan(one, search).because);
  const names = [name ?? []].flat().map((one) => `“${one}”`);
  return [`none of ${things.length} of the kind ${kind} is called ${names.join(' or ')}`];
}

function ofEach(thing: LabResource, every: NonNullable<Search['every']>, seen: Seen): Verdict {
  const verdict = isMeant(thing, every) ? isSo(thing, every, seen) : otherThan(thing, every);
  return verdict.is === false ? { ...verdict, near: [thing.id] } : verdict;
}

/** What shows it, of a few. @param whole what is told where it is none of them */
function shortened(found: readonly { readonly verdict: Verdict }[], whole?: Verdict): readonly string[] {
  if (found.length === 0) return whole?.because ?? [];
  const more = found.length - MOST_NAMED;
  return [
    ...found.slice(0, MOST_NAMED).flatMap(({ verdict }) => verdict.because),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}
