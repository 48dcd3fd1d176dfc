import Type, { type Static } from 'typebox';
import { type ActionContext, defineAction, type Step } from '../contract/action.ts';
import { LabError } from '../core/errors.ts';
import type { LabResourceOf } from '../kinds/index.ts';
import { switchStep, verdictStep } from './whole/many.ts';
import { keptOf, labOf, listed, namesOf } from './whole/view.ts';
import { GIB_PER_GB, toEnd } from './workload-fit.ts';

const WAIT_MS = 60_000;
const LOOK_MS = 3_000;

const input = Type.Object(
  {
    memory: Type.Number({
      ...{ exclusiveMinimum: 0, maximum: 1_000, title: 'Memory (GB)' },
      description: 'How much video memory shall be free, in GB (of 10⁹ bytes, as cards are sold).',
      de: {
        title: 'Speicher (GB)',
        description:
          'Wie viel Grafikspeicher frei sein soll, in GB (zu 10⁹ Bytes, wie Karten verkauft werden).',
      },
    }),
  },
  { additionalProperties: false },
);
type Input = Static<typeof input>;

interface Decided {
  /** Ids of containers. */
  readonly ends: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  /** GiB that shall be free. */
  readonly wanted: number;
  readonly at: number;
}

export const makeRoom = defineAction({
  id: 'make_room',
  title: 'Make room',
  description:
    'Has so much video memory of a card come free by ending containers that compute on it: the smallest that is enough, else ' +
    'the largest first. A dry run says which.',
  de: {
    title: 'Platz schaffen',
    description:
      'Macht so viel Grafikspeicher einer Karte frei, indem Container beendet werden, die auf ihr rechnen: der kleinste, der ' +
      'reicht, sonst die größten zuerst. Ein Probelauf sagt, welche.',
  },
  risk: 'disrupt',
  kinds: ['gpu'],
  // What is ended is asked for one by one.
  interrupts: () => false,
  input,
  prepare: async (context) => {
    const lab = labOf(context);
    const { name, readings } = gpuOf(context);
    const { vram_free: free, vram_total: total, processes } = readings;
    const wanted = context.input.memory * GIB_PER_GB;
    const lifeline = keptOf(lab);
    const mayEnd = ({ container }: { readonly container?: string }): string | undefined => {
      const one = container === undefined ? undefined : lab.get(container);
      return one?.kind === 'container' && lifeline?.includes(one.id) === false ? one.id : undefined;
    };
    const isTold = free != null && total != null;
    const ends = !isTold ? null : free >= wanted ? [] : toEnd(wanted - free, processes ?? [], mayEnd);
    const stay = (processes ?? []).filter((process) => mayEnd(process) === undefined);
    const gib = (amount: number): string => `${Math.round(amount * 10) / 10} GiB`;
    return {
      decided: {
        ends: ends ?? [],
        names: namesOf(lab.get, ends ?? []),
        wanted,
        at: lab.now(),
      } satisfies Decided,
      checks: [
        ...(lifeline === undefined
          ? [
              {
                ...{ name: 'Lifeline', ok: false, message: 'it is not known what Labkeeper itself runs on' },
                hint: 'set the option “self” to the id of the guest or container that Labkeeper runs on, or to “none”',
              },
            ]
          : []),
        !isTold
          ? {
              name: 'Memory',
              ok: false,
              message: `nobody tells how much of ${name} is free`,
              hint: 'see why it is not read',
            }
          : {
              ...{ name: 'Memory', ok: ends !== null && total >= wanted },
              message: `${gib(free)} of ${gib(total)} are free, ${gib(wanted)} are wanted`,
              ...((ends === null || total < wanted) && {
                hint:
                  total < wanted
                    ? 'the card has not that much'
                    : `only containers are ended; what else uses it: ${stay.map(({ title }) => title).join(', ') || 'nothing that is told'}`,
              }),
            },
      ],
      warnings: ends?.length === 0 ? ['there is room already: nothing is ended'] : [],
      fingerprint: (ends ?? []).join(' '),
    };
  },
  plan: (context) => {
    const { ends, names } = context.decided as unknown as Decided;
    if (ends.length === 0) return [roomStep];
    return [
      switchStep<Input>(false, `End ${listed(names, ends)}`, ends),
      verdictStep<Input>(names),
      roomStep,
    ];
  },
});

const roomStep: Step<Input> = {
  name: 'See that there is room',
  run: async (context) => {
    const lab = labOf(context);
    const { wanted } = context.decided as unknown as Decided;
    const end = lab.now() + WAIT_MS;
    for (;;) {
      const free = gpuIn(lab.get(context.target.id))?.readings.vram_free ?? null;
      context.note({ result: { free } });
      if (free !== null && free >= wanted) return;
      if (lab.now() > end)
        throw new LabError(
          'deadline_passed',
          `${context.target.name} has ${free ?? 'an unknown number of'} GiB free after a minute`,
          {
            hint: 'something may have taken what came free: see what computes on it',
          },
        );
      await lab.pause(LOOK_MS, context.signal);
      context.signal.throwIfAborted();
    }
  },
  happened: async () => false,
};

const gpuIn = (one: unknown): LabResourceOf<'gpu'> | undefined => {
  const resource = one as LabResourceOf<'gpu'> | undefined;
  return resource?.kind === 'gpu' ? resource : undefined;
};

function gpuOf({ target }: ActionContext<Input>): LabResourceOf<'gpu'> {
  const gpu = gpuIn(target);
  if (gpu !== undefined) return gpu;
  throw new LabError('target_unsuitable', `${target.name} is no card`);
}
