import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

const OUTPUT = Type.String({
  ...{ pattern: '^[a-z0-9_]{1,60}$', examples: ['ch1'], title: 'Output' },
  description: 'Key of the output, as in ch1.',
  de: { title: 'Ausgang', description: 'Schlüssel des Ausgangs, etwa ch1.' },
});

export const setOutput = defineAction({
  id: 'set_output',
  title: 'Set output',
  description:
    'Switches an output of a bench instrument on or off. On is refused while it is set to more than its stated most.',
  de: {
    title: 'Ausgang schalten',
    description:
      'Schaltet einen Ausgang eines Messgeräts ein oder aus. Ein wird abgelehnt, solange er auf mehr als sein ' +
      'angegebenes Höchstes eingestellt ist.',
  },
  risk: 'operate',
  kinds: ['instrument'],
  input: Type.Object(
    {
      item: OUTPUT,
      output: Type.Enum(['on', 'off'], {
        ...{ title: 'State', description: 'On or off.' },
        de: { title: 'Zustand', description: 'Ein oder aus.' },
      }),
    },
    { additionalProperties: false },
  ),
  plan: ({ input: { item, output } }) => [
    {
      name: output === 'on' ? 'Output on' : 'Output off',
      run: (context) => benchOf(context).setOutput(context.target.id, item, output === 'on', context.signal),
      happened: async ({ target }) => (outputOf(target, item)?.on === (output === 'on') ? true : undefined),
    },
  ],
});

export const setOutputLevel = defineAction({
  id: 'set_output_level',
  title: 'Set output level',
  description:
    'Sets voltage or current limit of an output of a bench instrument, up to the most that is stated in the options.',
  de: {
    title: 'Ausgang einstellen',
    description:
      'Stellt Spannung oder Strombegrenzung eines Ausgangs ein, bis zum Höchsten, das in den Optionen steht.',
  },
  risk: 'operate',
  kinds: ['instrument'],
  input: Type.Object(
    {
      item: OUTPUT,
      voltage: Type.Optional(
        Type.Number({
          ...{ minimum: 0, title: 'Voltage', description: 'In volts.' },
          de: { title: 'Spannung', description: 'In Volt.' },
        }),
      ),
      current: Type.Optional(
        Type.Number({
          ...{ minimum: 0, title: 'Current limit', description: 'In amperes.' },
          de: { title: 'Strombegrenzung', description: 'In Ampere.' },
        }),
      ),
    },
    { additionalProperties: false },
  ),
  plan: ({ input: { item, ...level } }) => [
    {
      name: 'Set level',
      run: (context) => benchOf(context).setLevel(context.target.id, item, level, context.signal),
    },
  ],
});

export const instrumentQuery = defineAction({
  id: 'instrument_query',
  title: 'Query instrument',
  description:
    'Asks a bench instrument what you type, and answers with its words. Only questions are sent, and none that could ' +
    'change or lock it.',
  de: {
    title: 'Messgerät fragen',
    description:
      'Fragt ein Messgerät, was Sie schreiben, und antwortet mit seinen Worten. Gesendet werden nur Fragen, und ' +
      'keine, die etwas ändern oder sperren könnten.',
  },
  risk: 'provision',
  kinds: ['instrument'],
  input: Type.Object(
    {
      query: Type.String({
        ...{ minLength: 2, maxLength: 512, examples: ['MEAS:VOLT? (@1)'], title: 'Question' },
        description: 'As in MEAS:VOLT? (@1).',
        de: { title: 'Frage', description: 'Etwa MEAS:VOLT? (@1).' },
      }),
    },
    { additionalProperties: false },
  ),
  interrupts: () => false,
  plan: ({ input: { query } }) => [
    {
      name: 'Query',
      run: async (context) => {
        const answer = await benchOf(context).query(context.target.id, query, context.signal);
        context.note({ result: { answer } });
      },
    },
  ],
});

function outputOf({ readings }: ActionContext<unknown>['target'], key: string) {
  const { outputs = [] } = readings as {
    readonly outputs?: readonly { readonly key: string; readonly on?: boolean | null }[];
  };
  return outputs.find((output) => output.key === key);
}

function benchOf({ capabilities, target }: ActionContext<unknown>): Capabilities['instrument'] {
  const bench = capabilities.for(target.id, 'instrument');
  if (bench !== undefined) return bench;
  throw new LabError('target_unsuitable', `${target.name} cannot be asked: nothing talks to it`);
}
