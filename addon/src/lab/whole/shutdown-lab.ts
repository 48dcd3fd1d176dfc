import Type, { type Static } from 'typebox';
import { defineAction, type Step } from '../../contract/action.ts';
import type { LabView } from '../../contract/lab-view.ts';
import type { Check } from '../../contract/step.ts';
import { LabError } from '../../core/errors.ts';
import type { LabResource } from '../../kinds/index.ts';
import { type ShutdownOrder, shutdownOrder } from './order.ts';
import { reportOf } from './report.ts';
import { isOn, switchAll } from './switching.ts';
import { checkFresh, heard, labOf, listed, namesOf, resourcesOf } from './view.ts';

const input = Type.Object(
  {
    ups_runtime: Type.Optional(
      Type.Integer({
        ...{ minimum: 1, maximum: 86_400, title: 'Runtime of the UPS' },
        description: 'Seconds for which the battery lasts: compared with what the shutdown may take at most.',
        de: {
          title: 'Laufzeit der USV',
          description:
            'Sekunden, die der Akku reicht: wird damit verglichen, wie lange das Herunterfahren höchstens dauert.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);
type Input = Static<typeof input>;

/** What was decided: also what `start_lab` goes by. */
export interface Shutdown extends ShutdownOrder {
  /** Of everything that is ended, by its id: steps are called by them, also before all is heard again. */
  readonly names: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export const shutdownLab = defineAction({
  id: 'shutdown_lab',
  title: 'Shut the lab down',
  description:
    'Ends everything gracefully, in its order: stacks, guests, those that keep disks of others after these, nodes, and last the ' +
    'node that Labkeeper runs on, with all that is left on it. Nothing is cut off by a management controller. It can be cancelled ' +
    'until the first node. When the lab is up again, the stacks run again, and the job is over.',
  de: {
    title: 'Labor herunterfahren',
    description:
      'Beendet alles geordnet: Stacks, Gäste, zuletzt solche, auf denen Datenträger anderer liegen, Knoten und am Ende den Knoten, auf ' +
      'dem Labkeeper läuft, mit allem, was dort noch läuft. Abbrechen lässt es sich bis zum ersten Knoten. Läuft das Labor wieder, ' +
      'werden die Stacks gestartet, und der Auftrag ist erledigt.',
  },
  risk: 'disrupt',
  kinds: ['app'],
  input,
  prepare: async (context) => {
    const lab = labOf(context);
    const lifeline = lab.lifeline();
    const all = [...lab.all()];
    const order = shutdownOrder(all, new Set(lifeline));
    return {
      decided: { ...order, names: namesIn(lab, order), at: lab.now() } satisfies Shutdown,
      checks: [whereCheck(lifeline, order, lab.get)],
      warnings: reportOf(all, order, new Set(lifeline), context.input.ups_runtime),
      fingerprint: JSON.stringify(order),
    };
  },
  plan: (context) => {
    const { stacks, guests, nodes, own, names } = context.decided as unknown as Shutdown;
    const named = (what: string, ids: readonly string[]): string => `${what} ${listed(names, ids)}`;
    const lab = labOf(context);
    return [
      ...(stacks.length > 0 ? [wave(lab, named('Stop', stacks), stacks)] : []),
      ...guests.map((ids) => wave(lab, named('Shut down', ids), ids)),
      ...(nodes.length > 0
        ? [{ ...wave(lab, named('Switch off', nodes), nodes), commits: true as const }]
        : []),
      ...(own === undefined ? [] : [ownNode(named('Switch off', [own]), own)]),
      // Where Labkeeper runs elsewhere, the lab stays off until somebody starts it.
      ...(stacks.length > 0 && own !== undefined ? [runAgain(stacks)] : []),
    ] as readonly Step<Input>[];
  },
});

const namesIn = (
  { get }: LabView,
  { stacks, guests, nodes, own }: ShutdownOrder,
): Readonly<Record<string, string>> =>
  namesOf(get, [...stacks, ...guests.flat(), ...nodes, ...(own === undefined ? [] : [own])]);

function whereCheck(
  lifeline: readonly string[] | undefined,
  { own }: ShutdownOrder,
  get: (id: string) => LabResource | undefined,
): Check {
  const name = 'Where Labkeeper runs';
  if (lifeline === undefined) {
    return {
      ...{ name, ok: false, message: 'it is not known, so it might end itself in the middle' },
      hint: 'set the option “self” to the id of the guest or container that Labkeeper runs on, or to “none”',
    };
  }
  const [place] = lifeline;
  if (place === undefined) return { name, ok: true, message: 'on nothing that it looks after: it goes on' };
  const where = get(place)?.name ?? place;
  const node =
    own === undefined ? 'on no node: that stays on' : `on ${get(own)?.name ?? own}: that goes last`;
  return { name, ok: true, message: `${where}, ${node}` };
}

/** Ends many side by side. What does not end in time is ended with its node. */
const wave = (lab: LabView, name: string, ids: readonly string[]): Step<Input> => {
  const isHeard = heard(lab, ids);
  return {
    name,
    calls: ids.map((id) => `end ${id}`),
    run: async (context) => {
      checkFresh(lab, context);
      const left = resourcesOf(lab, ids).filter((one) => isOn(one) !== false);
      const failed = await switchAll(false, left, context.capabilities, context.signal, (log) =>
        context.note({ log }),
      );
      const all = [...((context.kept.failed as string[] | undefined) ?? []), ...failed];
      context.note({ keep: { failed: all }, result: { not_ended_in_time: all } });
    },
    happened: async (context) => {
      checkFresh(lab, context);
      if (!isHeard()) return undefined;
      // What is off already is not sent anything a second time.
      return ids.every((id) => isOn(lab.get(id)) === false);
    },
  };
};

/** The last thing that this run of Labkeeper does; whether it happened, the next one sees by when the node was started. */
const ownNode = (name: string, id: string): Step<Input> => ({
  name,
  calls: [`end ${id}`],
  commits: true,
  run: async (context) => {
    const lab = labOf(context);
    checkFresh(lab, context);
    const node = context.capabilities.for(id, 'node');
    if (node === undefined) throw new LabError('target_unsuitable', `${id} cannot be commanded`);
    await node.shutDown(id, context.signal);
  },
  happened: async (context) => {
    const lab = labOf(context);
    const node = lab.get(id);
    const started =
      node?.kind === 'node' && node.available ? Date.parse(String(node.readings.started)) : Number.NaN;
    return started > Number(context.decided.at) || undefined;
  },
});

/** How long the lab may take to be there again. */
const BACK_MS = 1_800_000;
const LOOK_MS = 5_000;

/** Stacks that somebody stopped stay stopped over a restart: so what stopped them has them run again. */
const runAgain = (ids: readonly string[]): Step<Input> => ({
  name: 'Have stacks run again when the lab is up',
  calls: ids.map((id) => `start ${id}`),
  run: async (context) => {
    const lab = labOf(context);
    const end = lab.now() + BACK_MS;
    let missing = ids;
    while (missing.length > 0 && lab.now() < end) {
      const there = resourcesOf(lab, missing).filter(({ available }) => available);
      await switchAll(
        true,
        there.filter((one) => isOn(one) === false),
        context.capabilities,
        context.signal,
        (log) => context.note({ log }),
      );
      missing = missing.filter((id) => !there.some((one) => one.id === id));
      if (missing.length > 0) await lab.pause(LOOK_MS, context.signal);
      context.signal.throwIfAborted();
    }
    if (missing.length > 0) context.note({ log: `not there again: ${missing.join(', ')}` });
    context.note({ result: { not_back: missing, not_ended_in_time: context.kept.failed ?? [] } });
  },
  happened: async () => false,
});
