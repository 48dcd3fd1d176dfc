import Type, { type Static } from 'typebox';
import { defineAction, type Step } from '../../contract/action.ts';
import { LabError } from '../../core/errors.ts';
import type { LabResource, LabResourceOf } from '../../kinds/index.ts';
import { switchStep, verdictStep } from './many.ts';
import { wavesOf } from './order.ts';
import { isOn } from './switching.ts';
import { keptOf, labOf, listed, namesOf } from './view.ts';

const KINDS: readonly string[] = ['guest', 'stack', 'container'];

const input = Type.Object(
  {
    power: Type.Enum(['on', 'off'], {
      title: 'Power',
      description: 'On starts them, off ends them gracefully.',
      de: { title: 'Strom', description: '„on“ startet sie, „off“ beendet sie geordnet.' },
    }),
    targets: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), {
        ...{ minItems: 1, maxItems: 500, uniqueItems: true, title: 'Targets' },
        description: 'Ids of guests, stacks and containers.',
        de: { title: 'Ziele', description: 'IDs von Gästen, Stacks und Containern.' },
      }),
    ),
    tag: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 100, examples: ['lab'], title: 'Tag' },
        description: 'All guests that have this tag.',
        de: { title: 'Tag', description: 'Alle Gäste mit diesem Tag.' },
      }),
    ),
  },
  { additionalProperties: false },
);
type Input = Static<typeof input>;

interface Decided {
  /** In their order, side by side within each. */
  readonly waves: readonly (readonly string[])[];
  readonly names: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export const setPowerMany = defineAction({
  id: 'set_power_many',
  title: 'Set power of many',
  description:
    'Starts or gracefully ends many guests, stacks and containers, named one by one or by a tag of guests, in the order in ' +
    'which they start. What Labkeeper itself needs is left on. Tells of each what became of it.',
  de: {
    title: 'Viele schalten',
    description:
      'Startet oder beendet geordnet viele Gäste, Stacks und Container, einzeln genannt oder nach einem Tag von Gästen, in ' +
      'ihrer Startreihenfolge. Was Labkeeper selbst braucht, bleibt an. Sagt von jedem, was aus ihm wurde.',
  },
  risk: 'disrupt',
  kinds: ['app'],
  input,
  prepare: async (context) => {
    const lab = labOf(context);
    const { power } = context.input;
    const chosen = chosenIn([...lab.all()], context.input);
    const lifeline = keptOf(lab);
    const own = power === 'off' ? chosen.filter(({ id }) => lifeline?.includes(id) === true) : [];
    const waves = orderOf(chosen, [...lab.all()], power === 'on');
    const isKnown = power === 'on' || lifeline !== undefined;
    return {
      decided: {
        waves,
        names: namesOf(
          lab.get,
          chosen.map(({ id }) => id),
        ),
        at: lab.now(),
      } satisfies Decided,
      checks: [
        isKnown
          ? {
              name: 'Lifeline',
              ok: true,
              message: own.length === 0 ? 'nothing of it is ended' : 'it is left on',
            }
          : {
              ...{ name: 'Lifeline', ok: false, message: 'it is not known what Labkeeper itself runs on' },
              hint: 'set the option “self” to the id of the guest or container that Labkeeper runs on, or to “none”',
            },
      ],
      warnings: [
        ...own.map(({ name }) => `${name} is left on: Labkeeper itself needs it`),
        ...chosen
          .filter((one) => isOn(one) === (power === 'on'))
          .map(({ name }) => `${name} is ${power} already`),
      ],
      fingerprint: JSON.stringify([waves, chosen.map(isOn)]),
    };
  },
  plan: (context) => {
    const { waves, names } = context.decided as unknown as Decided;
    const on = context.input.power === 'on';
    const verb = on ? 'Start' : 'End';
    const steps: readonly Step<Input>[] = waves.map((ids, index) =>
      switchStep<Input>(on, `${index + 1}: ${verb} ${listed(names, ids)}`, ids),
    );
    return [...steps, verdictStep<Input>(names)];
  },
});

/** @throws LabError for what is asked for wrongly, or is not there */
function chosenIn(all: readonly LabResource[], { targets, tag }: Input): readonly LabResource[] {
  if ((targets === undefined) === (tag === undefined))
    throw new LabError('input_invalid', 'input: it takes either targets or a tag', { path: 'input' });
  const wanted = new Set(targets);
  const chosen = all.filter(
    (one) => wanted.has(one.id) || (tag !== undefined && one.kind === 'guest' && tagsOf(one).includes(tag)),
  );
  const unfit = chosen.find(({ kind }) => !KINDS.includes(kind));
  if (unfit !== undefined)
    throw new LabError('target_unsuitable', `${unfit.name} is a ${unfit.kind}`, {
      hint: `it can be: ${KINDS.join(', ')}`,
    });
  const missing = [...wanted].filter((id) => !chosen.some((one) => one.id === id));
  if (missing.length > 0) throw new LabError('target_unknown', `the lab has no ${missing.join(', ')}`);
  if (chosen.length === 0) throw new LabError('target_unknown', `no guest has the tag “${tag}”`);
  return chosen;
}

const tagsOf = ({ readings }: LabResourceOf<'guest'>): readonly string[] =>
  String(readings.tags ?? '').split(/[;,\s]+/);

/** Guests by their own order, then what runs in them; ended the other way round. */
function orderOf(
  chosen: readonly LabResource[],
  all: readonly LabResource[],
  on: boolean,
): readonly (readonly string[])[] {
  const guests = chosen.filter((one): one is LabResourceOf<'guest'> => one.kind === 'guest');
  const rest = chosen.filter(({ kind }) => kind !== 'guest').map(({ id }) => id);
  const waves = [...wavesOf(guests, all), rest].filter(({ length }) => length > 0);
  return on ? waves : waves.toReversed();
}
