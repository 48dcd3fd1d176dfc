import Type from 'typebox';
import { type ActionContext, defineAction, type Step } from '../../contract/action.ts';
import type { LabView } from '../../contract/lab-view.ts';
import { LabError } from '../../core/errors.ts';
import type { LabResource, LabResourceOf } from '../../kinds/index.ts';
import { wavesOf } from './order.ts';
import type { Shutdown } from './shutdown-lab.ts';
import { isOn, switchAll } from './switching.ts';
import { checkFresh, labOf, listed, namesOf, resourcesOf } from './view.ts';

const NOTHING = Type.Object({}, { additionalProperties: false });
type Plain = Record<string, never>;

/** How long machines take to be there, from when the job began: whoever waits for each anew waits for hours. */
const THERE_MS = 1_200_000;
/** What came last is listed that much later. */
const LISTED_MS = 60_000;
const LOOK_MS = 5_000;
/** How long a change takes to be seen. */
const SHOWN_MS = 30_000;

interface Decided {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly servers: readonly string[];
  readonly nodes: readonly string[];
  /** Those that keep disks of others first. */
  readonly guests: readonly (readonly string[])[];
  readonly stacks: readonly string[];
  /** By id: steps are called by them. */
  readonly names: Readonly<Record<string, string>>;
}

export const startLab = defineAction({
  id: 'start_lab',
  title: 'Start the lab',
  description:
    'Switches servers on by their management controllers, wakes nodes, and starts the guests and stacks that ran when the lab was ' +
    'shut down last; without that, the guests that start with their node.',
  de: {
    title: 'Labor starten',
    description:
      'Schaltet Server über ihre Management-Controller ein, weckt Knoten und startet die Gäste und Stacks, die liefen, als das Labor ' +
      'zuletzt heruntergefahren wurde; sonst die Gäste, die mit ihrem Knoten starten.',
  },
  risk: 'operate',
  kinds: ['app'],
  input: NOTHING,
  prepare: async (context) => {
    const lab = labOf(context);
    const all = [...lab.all()];
    const last = lab.lastDecided('shutdown_lab') as unknown as Shutdown | undefined;
    const servers = all.filter((one) => one.kind === 'server' && isOn(one) === false);
    const nodes = all.filter((one) => one.kind === 'node' && isOn(one) === false);
    const guests = all.filter((one): one is LabResourceOf<'guest'> => one.kind === 'guest');
    const ran = new Set(last?.guests.flat());
    const wanted = guests.filter(
      ({ id, readings }) =>
        readings.on !== true && (last === undefined ? readings.on_boot === true : ran.has(id)),
    );
    const stacks = (last?.stacks ?? []).filter((id) => isOn(lab.get(id)) !== true);
    const starts = {
      servers: servers.map(({ id }) => id),
      nodes: nodes.map(({ id }) => id),
      guests: wavesOf(wanted, all),
      stacks,
    };
    return {
      decided: {
        ...starts,
        at: lab.now(),
        names: namesOf(lab.get, [...[...servers, ...nodes, ...wanted].map(({ id }) => id), ...stacks]),
      } satisfies Decided,
      checks: [],
      warnings: [...byHand(all, servers, nodes), ...(last === undefined ? [NEVER_SHUT_DOWN] : [])],
      fingerprint: JSON.stringify(starts),
    };
  },
  plan: (context) => {
    const { servers, nodes, guests, stacks, names } = context.decided as unknown as Decided;
    const named = (what: string, ids: readonly string[]): string => `${what} ${listed(names, ids)}`;
    return [
      ...(servers.length > 0 ? [start(named('Switch on', servers), servers)] : []),
      ...(nodes.length > 0 ? [wake(named('Wait for', nodes), nodes)] : []),
      ...guests.map((ids) => start(named('Start', ids), ids)),
      ...(stacks.length > 0 ? [start(named('Have run again:', stacks), stacks)] : []),
      ...(servers.length + nodes.length + guests.length + stacks.length > 0 ? [verdict] : []),
    ];
  },
});

const NEVER_SHUT_DOWN =
  'it is not known what ran: guests that start with their node are started, stacks are left as they are';

/** What nothing within the lab can do. */
function byHand(
  all: readonly LabResource[],
  servers: readonly LabResource[],
  nodes: readonly LabResource[],
): readonly string[] {
  const starting = new Set(servers.map(({ id }) => id));
  return nodes
    .filter((node) => !starting.has(node.parent ?? '') && !canBeWoken(node, all))
    .filter(({ parent }) => all.find(({ id }) => id === parent)?.kind !== 'server')
    .map(
      ({ name }) =>
        `nothing here can switch ${name} on: press its button, or give Labkeeper its management controller`,
    );
}

/** Another node of its cluster has to run for that. */
const canBeWoken = ({ id, readings }: LabResource, all: readonly LabResource[]): boolean =>
  'can_wake' in readings &&
  readings.can_wake === true &&
  all.some((other) => other.kind === 'node' && other.available && ownerIn(other.id) === ownerIn(id));

/** `<source>/<instance>` */
const ownerIn = (id: string): string => id.split('/', 2).join('/');

/** Starts what is there and does not run; what is not there yet is waited for. */
const start = (name: string, ids: readonly string[]): Step<Plain> => ({
  name,
  calls: ids.map((id) => `start ${id}`),
  run: async (context) => {
    const lab = labOf(context);
    checkFresh(lab, context);
    const end = endOf(lab, context);
    let missing = ids;
    const failed: string[] = [];
    while (missing.length > 0) {
      const there = resourcesOf(lab, missing).filter(({ available }) => available);
      const off = there.filter((one) => isOn(one) === false);
      failed.push(
        ...(await switchAll(true, off, context.capabilities, context.signal, (log) => context.note({ log }))),
      );
      missing = missing.filter((id) => !there.some((one) => one.id === id));
      if (missing.length === 0 || lab.now() > end || context.cancelled.aborted) break;
      await lab.pause(LOOK_MS, context.signal);
      context.signal.throwIfAborted();
    }
    // What could not be started may have been by its node meanwhile.
    noteLeft(context, [...(await stillOff(lab, failed, context.signal)), ...missing]);
  },
  happened: async (context) => {
    const lab = labOf(context);
    checkFresh(lab, context);
    return ids.every((id) => isOn(lab.get(id)) === true);
  },
});

/** Nodes come up with their servers, or are woken by another of their cluster. */
const wake = (name: string, ids: readonly string[]): Step<Plain> => ({
  name,
  calls: ids.map((id) => `wake ${id}`),
  run: async (context) => {
    const lab = labOf(context);
    checkFresh(lab, context);
    const off = resourcesOf(lab, ids).filter((one) => isOn(one) === false);
    const all = [...lab.all()];
    const byPeer = off.filter((node) => canBeWoken(node, all));
    const failed = await switchAll(true, byPeer, context.capabilities, context.signal, (log) =>
      context.note({ log }),
    );
    const end = endOf(lab, context);
    const isWaitedFor = (id: string): boolean => !failed.includes(id) && isOn(lab.get(id)) !== true;
    while (ids.some(isWaitedFor) && lab.now() < end && !context.cancelled.aborted) {
      await lab.pause(LOOK_MS, context.signal);
      context.signal.throwIfAborted();
    }
    const late = ids.filter((id) => isOn(lab.get(id)) !== true);
    if (late.length > 0) context.note({ log: `not there: ${late.join(', ')}` });
    noteLeft(context, late);
  },
  happened: async () => false,
});

const endOf = (lab: LabView, { decided }: ActionContext<Plain>): number =>
  Math.max(Number(decided.at) + THERE_MS, lab.now() + LISTED_MS);

/** What could not be started is told of with what could not before. */
function noteLeft({ kept, note }: ActionContext<Plain>, ids: readonly string[]): void {
  const not_started = [...((kept.not_started as string[] | undefined) ?? []), ...ids];
  note({ keep: { not_started }, result: { not_started } });
}

/** Ends as failed where something does not run, be it that it did for a while, and says on which nodes. */
const verdict: Step<Plain> = {
  name: 'See what does not run',
  run: async (context) => {
    const lab = labOf(context);
    const { nodes, guests, stacks, names } = context.decided as unknown as Decided;
    const not_started = await stillOff(lab, [...nodes, ...guests.flat(), ...stacks], context.signal);
    context.note({ result: { not_started } });
    if (not_started.length === 0) return;
    const places = resourcesOf(lab, not_started).flatMap(({ parent = '' }) => lab.get(parent) ?? []);
    const off = places.filter((place) => place.kind === 'node' && isOn(place) !== true);
    const where = [...new Set(off.map(({ name }) => name))].join(', ');
    throw new LabError(
      'source_refused',
      `${listed(names, not_started)} could not be started${where && `: ${where} is not heard`}`,
      { hint: 'the log of the job says of each why; when that is mended, ask for it again' },
    );
  },
  happened: async () => false,
};

/** What is off, as soon as nothing is, or when whatever was done to it has had its time to be seen. */
async function stillOff(
  lab: LabView,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const patience = lab.now() + SHOWN_MS;
  for (;;) {
    const off = ids.filter((id) => isOn(lab.get(id)) !== true);
    if (off.length === 0 || lab.now() > patience) return off;
    await lab.pause(LOOK_MS, signal);
    signal.throwIfAborted();
  }
}
