import type { LabResource, LabResourceOf } from '../../kinds/index.ts';
import type { ShutdownOrder } from './order.ts';

/** Seconds in which a stack, a guest that says nothing else, and a node end at most. */
const STACK_S = 30;
const GUEST_S = 60;
const NODE_S = 180;

/**
 * What a person should know before the lab is shut down: whether it comes back by itself, and whether the battery lasts.
 * A shutdown in need is not refused for any of it.
 *
 * @param runtime of the UPS, in seconds; undefined: not said
 */
export function reportOf(
  all: readonly LabResource[],
  order: ShutdownOrder,
  lifeline: ReadonlySet<string>,
  runtime: number | undefined,
): readonly string[] {
  const ours = all.filter(({ id }) => lifeline.has(id));
  const guest = ours.find((one): one is LabResourceOf<'guest'> => one.kind === 'guest');
  const servers = all.filter((one): one is LabResourceOf<'server'> => one.kind === 'server');
  const needed = secondsOf(all, order);
  return [
    ...(guest !== undefined && guest.readings.on_boot !== true
      ? [
          `${guest.name}, which Labkeeper runs in, does not start with its node: nothing would go on by itself`,
        ]
      : []),
    ...servers.flatMap(powerRestore),
    ...(runtime !== undefined && needed > runtime
      ? [
          `this may take ${needed} s, and the battery lasts ${runtime} s: give guests less time to end, or begin earlier`,
        ]
      : []),
    ...(runtime === undefined ? [`this may take ${needed} s`] : []),
  ];
}

function powerRestore({ name, facts }: LabResource): readonly string[] {
  const { power_restore: restore } = facts;
  if (restore === 'AlwaysOn') return [];
  if (restore === undefined)
    return [`whether ${name} switches on when power comes back is not told by its controller`];
  return [`${name} does not always switch on when power comes back (it is set to ${restore})`];
}

/** At most: what is side by side counts once. */
export function secondsOf(
  all: readonly LabResource[],
  { stacks, guests, nodes, own }: ShutdownOrder,
): number {
  const timeOf = (id: string): number => {
    const given = all.find((one) => one.id === id)?.facts.shutdown_timeout;
    return typeof given === 'number' ? given : GUEST_S;
  };
  const waves = guests.map((ids) => Math.max(...ids.map(timeOf)));
  return (
    (stacks.length > 0 ? STACK_S : 0) +
    waves.reduce((sum, each) => sum + each, 0) +
    (nodes.length > 0 ? NODE_S : 0) +
    (own === undefined ? 0 : NODE_S)
  );
}
