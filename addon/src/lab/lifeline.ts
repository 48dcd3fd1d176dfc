import type { Action } from '../contract/action.ts';
import { LabError } from '../core/errors.ts';
import type { LabResource } from '../kinds/index.ts';
import { type BrokerPlace, brokerLifeline, lifelineOf } from './lifeline-of.ts';
import { type OwnFacts, placeOf } from './place.ts';
import { ANY_PORT, type Wires, wiresOf } from './wires.ts';

/** What may carry Labkeeper’s own frames. */
const NETWORK: readonly LabResource['kind'][] = ['gateway', 'switch', 'network'];

export { lifelineOf };

export interface LifelineParts {
  readonly lab: { all(): Iterable<LabResource>; get(id: string): LabResource | undefined };
  /** The option: the id of what we run on, or `none`; undefined: it has to be found out. */
  readonly self: string | undefined;
  readonly own: () => OwnFacts;
  /** The broker that the options name; undefined: our own. */
  readonly broker?: BrokerPlace | undefined;
}

/**
 * Throws where what ends or cuts off `target` would end Labkeeper itself, or cut it off.
 *
 * @param item key of the part of it that is meant, as a port; left out: the whole
 */
export type Guard = (action: Pick<Action, 'title'>, target: LabResource, item?: string) => void;

/**
 * Keeps Labkeeper from being switched off by itself. Where it runs is looked up each time, for guests move; while that
 * is not known, nothing is ended at all.
 */
export function lifelineGuard({ lab, self, own, broker }: LifelineParts): Guard {
  return ({ title }, target, item) => {
    // Its own device stands for the lab as a whole, not for what it runs on.
    if (target.kind === 'app') return;
    if (brokerLifeline(broker, lab).has(target.id)) throw underBroker(title, target);
    if (self === 'none') return;
    const place = self === undefined ? placeOf(lab.all(), own()) : lab.get(self)?.id;
    if (place === undefined) throw unknown(title, self);
    const lifeline = lifelineOf(place, (id) => lab.get(id));
    if (mayBeUnder(target, lifeline, lab)) throw unjoined(title, target, place);
    if (!lifeline.has(target.id)) return checkWires(title, target, item, wiresOf(lifeline, lab));
    const why =
      target.id === place ? `runs on ${target.name}` : `depends on ${target.name}, by what it runs on`;
    throw new LabError('lifeline', `“${title}” is refused: Labkeeper itself ${why}`, {
      hint: 'do it in the system’s own interface; if Labkeeper runs elsewhere, say so with the option “self”',
    });
  };
}

function underBroker(title: string, { name }: LabResource): LabError {
  return new LabError(
    'lifeline',
    `“${title}” is refused: the broker that Labkeeper talks to depends on ${name}`,
    {
      hint: 'do it in the system’s own interface',
    },
  );
}

/** Throws where Labkeeper would cut the network under itself. */
function checkWires(title: string, target: LabResource, item: string | undefined, wires: Wires): void {
  const own = wires.get(target.id);
  const isOurs = own !== undefined && (item === undefined || own.has(item) || own.has(ANY_PORT));
  if (!isOurs && (wires.size > 0 || !NETWORK.includes(target.kind))) return;
  const where = item === undefined ? target.name : `${target.name}, ${item.replace('_', ' ')}`;
  const why = isOurs
    ? `Labkeeper’s own network goes through ${where}`
    : `Labkeeper’s own network may go through ${where}`;
  throw new LabError('lifeline', `“${title}” is refused: ${why}`, {
    hint: isOurs
      ? 'do it in the controller’s own interface'
      : 'no switch shows what Labkeeper runs on, so it is not known which one it needs: do it in the controller’s own interface',
  });
}

/** A server of which nobody knows what runs on it, while nobody knows on which one we run: it may be ours. */
function mayBeUnder(target: LabResource, lifeline: ReadonlySet<string>, lab: LifelineParts['lab']): boolean {
  if (target.kind !== 'server' || lifeline.has(target.id)) return false;
  if ([...lifeline].some((id) => lab.get(id)?.kind === 'server')) return false;
  // Its disks say nothing of who uses them.
  return ![...lab.all()].some(({ kind, parent }) => parent === target.id && kind !== 'disk');
}

function unjoined(title: string, { name }: LabResource, place: string): LabError {
  return new LabError(
    'lifeline',
    `“${title}” is refused: ${place}, which Labkeeper runs on, may lie on ${name}`,
    {
      hint: `set the option “node” of ${name} to the id of the node that runs on it (GET api/lab has all)`,
    },
  );
}

function unknown(title: string, self: string | undefined): LabError {
  const why =
    self === undefined
      ? 'it is not known what Labkeeper itself runs on'
      : `the option “self” says that Labkeeper runs on ${self}, which the lab does not have at present`;
  return new LabError('lifeline', `“${title}” is refused: ${why}`, {
    hint:
      'set the option “self” to the id of the guest or container that Labkeeper runs on (GET api/lab has all), or to ' +
      '“none” if it runs on nothing that it looks after',
  });
}
