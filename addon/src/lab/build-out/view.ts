import type { Action } from '../../contract/action.ts';
import type {
  BuildOut,
  BuildOutItem,
  BuildOutView,
  ItemState,
  ItemView,
  Progress,
} from '../../contract/build-out.ts';
import type { LabResource } from '../../kinds/index.ts';
import type { Seen } from './conditions.ts';
import { holds } from './search.ts';
import type { Verdict } from './verdict.ts';

/** How far the lab is what it is to become, by what is to be seen of it now. */
export function buildOutView({ phases }: BuildOut, seen: Seen, actions: readonly Action[]): BuildOutView {
  const things = Map.groupBy(seen.lab.all(), ({ kind }) => kind as string);
  const shown = phases.map(({ id, title, items }) => {
    const views = items.map((item) => itemView(item, holds(item.check, things, seen), seen, actions));
    return { id, title, ...progressOf(views), items: views };
  });
  const all = shown.flatMap(({ id: phase, items }) => items.map((item) => ({ phase, item })));
  const next = all.find(({ item }) => item.state !== 'done' && !item.in_doubt);
  return {
    ...progressOf(all.map(({ item }) => item)),
    next: next === undefined ? null : { phase: next.phase, id: next.item.id, title: next.item.title },
    phases: shown,
  };
}

function itemView(
  { id, title, todo, action }: BuildOutItem,
  { is, because, doubt, near = [] }: Verdict,
  { lab }: Seen,
  actions: readonly Action[],
): ItemView {
  const state: ItemState = is === true ? 'done' : is === false ? 'open' : 'unknown';
  const doer = actions.find((one) => one.id === action?.id);
  return {
    ...{ id, title, state, because, in_doubt: is === null && doubt === 'away' },
    ...(todo !== undefined && { todo }),
    action:
      doer === undefined
        ? null
        : {
            ...{ id: doer.id, title: doer.title, risk: doer.risk, input: action?.input ?? {} },
            target: action?.on === undefined ? targetOf(doer, near, lab) : onlyOf(action.on, lab),
          },
  };
}

/** The only thing that lacks a little to be it, and that the action can be done to. */
function targetOf({ kinds }: Action, near: readonly string[], lab: Seen['lab']): string | null {
  const fitting = near.flatMap((id) => {
    const thing: LabResource | undefined = lab.get(id);
    return thing !== undefined && kinds.includes(thing.kind) ? [thing.id] : [];
  });
  return fitting.length === 1 ? (fitting[0] as string) : null;
}

/** The only thing of a kind: what is made is not there yet, and says nothing of where it is to be. */
function onlyOf(kind: string, lab: Seen['lab']): string | null {
  const [thing, another] = [...lab.all()].filter((one) => one.kind === kind);
  return another === undefined ? (thing?.id ?? null) : null;
}

function progressOf(items: readonly ItemView[]): Progress {
  const of = (state: ItemState): number => items.filter((item) => item.state === state).length;
  const done = of('done');
  const isSure = items.length > 0 && items.every((item) => !item.in_doubt);
  return {
    percent: isSure ? Math.floor((done / items.length) * 100) : null,
    ...{ done, open: of('open'), unknown: of('unknown'), total: items.length },
  };
}
