import type { Comparison, Conditions, Thing } from '../../contract/build-out.ts';
import type { LabResource } from '../../kinds/index.ts';
import { linksOf } from '../../model/resource.ts';
import { compare, fitsPattern, told } from './compare.ts';
import { howJoined, type JoinedLab } from './how-joined.ts';
import { blindness, type SightOf } from './sight.ts';
import { allOf, anyOf, type Verdict } from './verdict.ts';
import { said } from './words.ts';

/** What checks are held against. */
export interface Seen {
  readonly lab: JoinedLab;
  readonly sights: readonly SightOf[];
  /** Ids of things that a finding calls a problem. */
  readonly troubled: ReadonlySet<string>;
}

type Values = Readonly<Record<string, unknown>>;

/** Whether a thing is one that is meant, whatever state it is in. */
export const isMeant = (thing: LabResource, wanted: Conditions): boolean =>
  isCalled(thing, wanted) &&
  Object.entries(wanted.facts ?? {}).every(([fact, value]) => isFact(thing, fact, value));

/** Whether it goes by the name that is asked for, by whose word counts. */
export function isCalled({ id, name }: LabResource, wanted: Conditions): boolean {
  if (wanted.source !== undefined && !id.startsWith(`${wanted.source}/`)) return false;
  const names = typeof wanted.name === 'string' ? [wanted.name] : wanted.name;
  return names?.some((one) => fitsPattern(one, name)) !== false;
}

const isFact = ({ facts }: LabResource, fact: string, value: Comparison): boolean =>
  compare(facts[fact], value) === true;

/** Whether its readings alone already show that it is not so: of most things nothing more has to be asked. */
export const isOtherwise = ({ available, readings }: LabResource, wanted: Conditions): boolean =>
  available &&
  Object.entries(wanted.readings ?? {}).some(
    ([name, value]) => compare((readings as Values)[name], value) === false,
  );

/** Whether a thing that is meant is as it shall be. */
export function isSo(thing: LabResource, wanted: Conditions, seen: Seen): Verdict {
  if (!thing.available) {
    return { is: null, because: [`${said(thing)} cannot be seen at present`], doubt: 'away' };
  }
  const values = thing.readings as Values;
  const facts = Object.entries(wanted.facts ?? {}).map(
    ([name, value]) => [name, thing.facts[name], value] as const,
  );
  const readings = Object.entries(wanted.readings ?? {}).map(
    ([name, value]) => [name, values[name], value] as const,
  );
  // What is told of where it lies names it as well.
  const isPlain = wanted.in === undefined && wanted.links === undefined;
  return allOf([
    ...(facts.length + readings.length > 0 || isPlain ? [ofValues(thing, [...facts, ...readings])] : []),
    ...(wanted.sound ? [isSound(thing, seen)] : []),
    ...(wanted.in === undefined ? [] : [liesIn(thing, wanted.in, seen)]),
    ...Object.entries(wanted.links ?? {}).map(([type, to]) => leadsTo(thing, type, to, seen)),
  ]);
}

/** The thing itself with what is compared of it, in one sentence: only what decides. */
function ofValues(thing: LabResource, values: readonly (readonly [string, unknown, Comparison])[]): Verdict {
  const found = values.map(([name, value, wanted]) => ({
    is: compare(value, wanted),
    text: told(name, value, wanted),
  }));
  const is = found.some((one) => one.is === false)
    ? false
    : found.some((one) => one.is === null)
      ? null
      : true;
  const texts = found.filter((one) => one.is === is).map(({ text }) => text);
  const because = [texts.length === 0 ? said(thing) : `${said(thing)}: ${texts.join(', ')}`];
  return is === null ? { is, because, doubt: 'withheld' } : { is, because };
}

/** Of what is not meant: what it is instead. */
export function otherThan(thing: LabResource, wanted: Conditions): Verdict {
  const facts = Object.entries(wanted.facts ?? {}).filter(([fact, value]) => !isFact(thing, fact, value));
  const because = isCalled(thing, wanted)
    ? `${said(thing)}: ${facts.map(([fact, value]) => told(fact, thing.facts[fact], value)).join(', ')}`
    : `${said(thing)} is called otherwise`;
  return { is: false, because: [because] };
}

function isSound(thing: LabResource, { troubled }: Seen): Verdict {
  const { problem, health } = thing.readings as Values;
  if (troubled.has(thing.id))
    return { is: false, because: [`${said(thing)} has a problem, see what needs attention`] };
  if (problem === true) return { is: false, because: [`${said(thing)} has a problem`] };
  if (health === 'unhealthy') return { is: false, because: [`${said(thing)} is unhealthy`] };
  return problem === null
    ? { is: null, because: [`${said(thing)}: problem is not known`], doubt: 'withheld' }
    : { is: true, because: [] };
}

/** Where nothing says what a thing lies in, it may lie in anything: that is not to be seen. */
function liesIn(thing: LabResource, wanted: Thing, seen: Seen): Verdict {
  const way = [thing];
  const because: string[] = [];
  const wrong: Verdict[] = [];
  for (let at = thing; ; ) {
    const parent = at.parent === undefined ? undefined : seen.lab.get(at.parent);
    if (parent === undefined || way.includes(parent)) break;
    const how = howJoined(at, parent, seen.lab);
    if (how !== undefined) because.push(`${said(at)} lies in ${said(parent)}, ${how}`);
    if (parent.kind === wanted.kind) {
      const straight = how === undefined ? [`${said(thing)} lies in ${said(parent)}`] : [];
      const verdict = isMeant(parent, wanted) ? isSo(parent, wanted, seen) : otherThan(parent, wanted);
      const told = { ...verdict, because: [...because, ...straight, ...more(parent, verdict)] };
      if (verdict.is === true) return told;
      wrong.push(told);
    }
    way.push(parent);
    at = parent;
  }
  if (wrong.length > 0) return anyOf(wrong);
  const top = way.at(-1) as LabResource;
  return (
    blindness(wanted.kind, wanted.source, seen.sights) ?? {
      is: null,
      because: [`nothing says which ${wanted.kind} ${said(top)} lies in`],
      doubt: 'withheld',
    }
  );
}

/** What is told of a thing that was named already. */
const more = (thing: LabResource, { because }: Verdict): readonly string[] =>
  because.filter((one) => one !== said(thing));

function leadsTo(thing: LabResource, type: string, wanted: Thing, seen: Seen): Verdict {
  const targets = linksOf(thing).flatMap((link) => {
    const to = link.type === type ? seen.lab.get(link.to) : undefined;
    return to?.kind === wanted.kind && isMeant(to, wanted) ? [to] : [];
  });
  const verb = type.replaceAll('_', ' ');
  const found = targets.map((to) => ({ to, verdict: isSo(to, wanted, seen) }));
  const right = found.find(({ verdict }) => verdict.is === true);
  if (right !== undefined) {
    const { to, verdict } = right;
    return { is: true, because: [`${said(thing)} ${verb} ${said(to)}`, ...more(to, verdict)] };
  }
  const open = found.find(({ verdict }) => verdict.is === null);
  return (
    open?.verdict ??
    blindness(wanted.kind, wanted.source, seen.sights) ?? {
      is: false,
      because: [`${said(thing)}: ${verb} no ${wanted.kind} that fits`],
    }
  );
}
