import type { LabResource, LabResourceOf } from '../../kinds/index.ts';
import { linksOf } from '../../model/resource.ts';

/** Things that are ended, or started, side by side: nothing in it needs anything else in it. */
export interface Wave {
  /** For people: “Stop stacks”, “Shut down docker-host, nas”. */
  readonly name: string;
  /** Ids */
  readonly targets: readonly string[];
}

/** In which order a lab is switched off. */
export interface ShutdownOrder {
  readonly stacks: readonly string[];
  /** Guests, those first that nothing needs. */
  readonly guests: readonly (readonly string[])[];
  /** Nodes that Labkeeper does not run on. */
  readonly nodes: readonly string[];
  /** The node that Labkeeper runs on; undefined: it runs on none. */
  readonly own: string | undefined;
}

/** Guests without an order of their own are the last to be started, and the first to be ended. */
const NO_ORDER = Number.POSITIVE_INFINITY;

/**
 * What is ended, in its order: stacks, then guests, those that keep the disks of others after these, then nodes, and last
 * the node that Labkeeper runs on, which ends what is left on it. Nothing of the lifeline is ended before that.
 *
 * @param lifeline ids of what Labkeeper itself needs to live
 */
export function shutdownOrder(all: readonly LabResource[], lifeline: ReadonlySet<string>): ShutdownOrder {
  const away = all.filter(({ id, available }) => available && !lifeline.has(id));
  const running = away.filter(
    (one): one is LabResourceOf<'guest'> => one.kind === 'guest' && one.readings.on === true,
  );
  return {
    stacks: away.filter((one) => one.kind === 'stack' && one.readings.running > 0).map(({ id }) => id),
    guests: wavesOf(running, all).toReversed(),
    nodes: away.filter(({ kind }) => kind === 'node').map(({ id }) => id),
    own: all.find(({ id, kind }) => kind === 'node' && lifeline.has(id))?.id,
  };
}

/** Guests in the order in which they are started: those that keep disks of others first, then by their own order. */
export function wavesOf(
  guests: readonly LabResourceOf<'guest'>[],
  all: readonly LabResource[],
): readonly string[][] {
  const keepers = keepersIn(all);
  const rank = (guest: LabResourceOf<'guest'>): string =>
    JSON.stringify([keepers.has(guest.id) ? 0 : 1, orderOf(guest)]);
  const groups = Map.groupBy(guests, rank);
  return [...groups]
    .map(([, members]) => members)
    .sort(([one], [other]) => compare(one, other, keepers))
    .map((members) => members.map(({ id }) => id));
}

function compare(
  one: LabResourceOf<'guest'> | undefined,
  other: LabResourceOf<'guest'> | undefined,
  keepers: ReadonlySet<string>,
): number {
  if (one === undefined || other === undefined) return 0;
  const kept = Number(keepers.has(other.id)) - Number(keepers.has(one.id));
  if (kept !== 0) return kept;
  const [a, b] = [orderOf(one), orderOf(other)];
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Guests that serve a storage on which something of others lies. */
function keepersIn(all: readonly LabResource[]): ReadonlySet<string> {
  const served = new Set(
    all.flatMap(({ kind, facts }) =>
      kind === 'storage' && facts.server !== undefined ? [hostIn(String(facts.server))] : [],
    ),
  );
  const used = new Set(
    all.flatMap((one) => linksOf(one).flatMap(({ type, to }) => (type === 'uses_storage' ? [to] : []))),
  );
  if (served.size === 0 || used.size === 0) return new Set();
  const serves = ({ aliases = [] }: LabResource): boolean =>
    aliases.some((alias) => served.has(alias.slice(alias.indexOf(':') + 1)));
  return new Set(all.filter((one) => one.kind === 'guest' && serves(one)).map(({ id }) => id));
}

/** Without its port. */
const hostIn = (server: string): string => server.replace(/:\d+$/, '').toLowerCase();

const orderOf = ({ facts }: LabResource): number =>
  typeof facts.startup_order === 'number' ? facts.startup_order : NO_ORDER;
