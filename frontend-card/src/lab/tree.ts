import { rankOf } from './kinds.ts';
import { type Branch, HEALTHS, type Health, type LabView, type Thing } from './thing.ts';

const SEVERITY = new Map<Health, number>(HEALTHS.map((health, index) => [health, index]));

/** 0 is the worst. */
export const severityOf = (health: Health): number => SEVERITY.get(health) ?? HEALTHS.length;

/** Whether somebody should look at it. */
export const isTrouble = (health: Health): boolean => health === 'problem' || health === 'warning';

/**
 * Puts things into what contains them. Branches in which nothing changed are those of `before`, and so is all of it.
 *
 * @param before the view that this one follows
 */
export function grow(
  things: ReadonlyMap<string, Thing>,
  before: LabView,
  rest: Pick<LabView, 'findings' | 'full'>,
): LabView {
  const same =
    things.size === before.things.size &&
    rest.full === before.full &&
    JSON.stringify(rest.findings) === JSON.stringify(before.findings) &&
    [...things].every(([id, thing]) => before.things.get(id) === thing);
  if (same) return before;
  const sameShape =
    things.size === before.things.size &&
    [...things].every(
      ([id, { parent }]) => before.things.has(id) && before.things.get(id)?.parent === parent,
    );
  return { things, ...(sameShape ? regrown(things, before) : grown(things, before)), ...rest };
}

type Tree = Pick<LabView, 'roots' | 'branches'>;

/** From nothing. */
function grown(things: ReadonlyMap<string, Thing>, before: Tree): Tree {
  const within = Map.groupBy(things.values(), (thing) => placeOf(thing, things));
  const branches = new Map<string, Branch>();
  const make = (thing: Thing): Branch => {
    const children = (within.get(thing.id) ?? []).map(make).sort(compare);
    const old = before.branches.get(thing.id);
    const unchanged =
      old?.thing === thing &&
      old.children.length === children.length &&
      children.every((child, index) => child === old.children[index]);
    const branch = unchanged ? old : branchOf(thing, children);
    branches.set(thing.id, branch);
    return branch;
  };
  return { roots: (within.get(undefined) ?? []).map(make).sort(compare), branches };
}

/** Where nothing moved: only what changed and what contains it is made anew. */
function regrown(things: ReadonlyMap<string, Thing>, before: LabView): Tree {
  const dirty = new Set<string>();
  for (const [id, thing] of things) {
    if (before.things.get(id) === thing) continue;
    for (let at: string | undefined = id; at !== undefined && !dirty.has(at); at = things.get(at)?.parent)
      dirty.add(at);
  }
  const branches = new Map(before.branches);
  const make = (old: Branch): Branch => {
    const { id } = old.thing;
    if (!dirty.has(id)) return old;
    const branch = branchOf(things.get(id) ?? old.thing, inOrder(old.children.map(make), old.children));
    branches.set(id, branch);
    return branch;
  };
  return { roots: inOrder(before.roots.map(make), before.roots), branches };
}

/** Sorted again only if something changed by which they are sorted. */
function inOrder(branches: Branch[], before: readonly Branch[]): readonly Branch[] {
  const moved = branches.some((branch, index) => {
    const old = before[index] as Branch;
    return branch !== old && (branch.worst !== old.worst || branch.thing.name !== old.thing.name);
  });
  return moved ? branches.sort(compare) : branches;
}

function branchOf(thing: Thing, children: readonly Branch[]): Branch {
  const worst = children.reduce(
    (worst, child) =>
      isTrouble(child.worst) && severityOf(child.worst) < severityOf(worst) ? child.worst : worst,
    thing.health,
  );
  const size = children.reduce((sum, child) => sum + 1 + child.size, 0);
  return { thing, children, worst, size };
}

/** Trouble floats up; whatever else is keeps its place, whether it runs or not. */
const floats = (health: Health): number => (isTrouble(health) ? severityOf(health) : HEALTHS.length);

/** “pve2” before “pve10”; made once, since making it takes longer than many comparisons. */
const byName = new Intl.Collator(undefined, { numeric: true }).compare;

function compare(a: Branch, b: Branch): number {
  return (
    rankOf(a.thing.kind) - rankOf(b.thing.kind) ||
    floats(a.worst) - floats(b.worst) ||
    byName(a.thing.name, b.thing.name) ||
    (a.thing.id < b.thing.id ? -1 : 1)
  );
}

/** Its parent, where that is there and does not lie within it. */
function placeOf(thing: Thing, things: ReadonlyMap<string, Thing>): string | undefined {
  const seen = new Set([thing.id]);
  let at = thing.parent;
  while (at !== undefined) {
    if (seen.has(at)) return undefined;
    seen.add(at);
    at = things.get(at)?.parent;
  }
  return thing.parent !== undefined && things.has(thing.parent) ? thing.parent : undefined;
}

const BOXES = ['server', 'cluster', 'node', 'guest', 'host'];

/** Whether it is worth a place of its own, rather than a line in its container's. */
export const isBox = ({ thing, children }: Branch): boolean =>
  (children.length > 0 && thing.kind !== 'container') || BOXES.includes(thing.kind);

/** All things that somebody should look at, the worst first, what is deepest first: it is mostly the cause. */
export function troubles(lab: LabView): readonly Thing[] {
  const found: { thing: Thing; depth: number }[] = [];
  const visit = ({ thing, children, worst }: Branch, depth: number): void => {
    if (isTrouble(thing.health) && !isEcho(thing, children)) found.push({ thing, depth });
    if (isTrouble(worst)) for (const child of children) visit(child, depth + 1);
  };
  for (const root of lab.roots) visit(root, 0);
  return found
    .sort(
      (a, b) =>
        severityOf(a.thing.health) - severityOf(b.thing.health) ||
        b.depth - a.depth ||
        byName(a.thing.name, b.thing.name),
    )
    .map(({ thing }) => thing);
}

/** Kinds that have no trouble of their own, only that of what they hold. */
const ECHOES = ['stack', 'host'];

const isEcho = ({ kind }: Thing, children: readonly Branch[]): boolean =>
  ECHOES.includes(kind) && children.some(({ worst }) => isTrouble(worst));

/** Everything of these kinds, in the order of the tree. */
export function ofKinds(lab: LabView, ...kinds: readonly string[]): readonly Thing[] {
  const found: Thing[] = [];
  const visit = ({ thing, children }: Branch): void => {
    if (kinds.includes(thing.kind)) found.push(thing);
    for (const child of children) visit(child);
  };
  for (const root of lab.roots) visit(root);
  return found;
}

/** Its name where its place is told beside it: Labkeeper adds that in brackets to names that two bear. */
export function nameWithin(thing: Thing, parent: Thing | undefined): string {
  const suffix = parent === undefined ? undefined : ` (${parent.name.replace(/ \([^()]*\)$/, '')})`;
  return suffix !== undefined && thing.name.endsWith(suffix)
    ? thing.name.slice(0, -suffix.length)
    : thing.name;
}

/** What contains it, from the outermost inwards. */
export function pathOf(lab: LabView, thing: Thing): readonly Thing[] {
  const path: Thing[] = [];
  const seen = new Set<string>();
  let at = thing.parent;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const parent = lab.things.get(at);
    if (parent === undefined) break;
    path.unshift(parent);
    at = parent.parent;
  }
  return path;
}
