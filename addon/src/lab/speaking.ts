import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import { cloneVoiceInput } from '../contract/inputs/clone-voice.ts';
import type { Speech } from '../contract/speech.ts';
import { LabError } from '../core/errors.ts';

const nothing = Type.Object({}, { additionalProperties: false });

export const chooseVoice = defineAction({
  id: 'choose_voice',
  title: 'Choose default voice',
  description: 'Chooses the voice of a speech server that speaks where none is asked for.',
  de: {
    title: 'Standardstimme wählen',
    description: 'Wählt die Stimme eines Sprachservers, die spricht, wenn keine verlangt ist.',
  },
  risk: 'operate',
  kinds: ['speech'],
  input: Type.Object(
    {
      voice: Type.String({
        minLength: 1,
        maxLength: 200,
        title: 'Voice',
        description: 'Name of the voice, as in emily-de.',
        de: { title: 'Stimme', description: 'Name der Stimme, etwa emily-de.' },
      }),
    },
    { additionalProperties: false },
  ),
  plan: ({ input: { voice } }) => [
    {
      name: 'Choose',
      run: async (context) => speechOf(context).choose(voice),
      happened: async ({ target }) =>
        target.kind === 'speech' && target.readings.voice === voice ? true : undefined,
    },
  ],
});

export const unloadModel = defineAction({
  id: 'unload_model',
  title: 'Unload model',
  description:
    'Has a speech server let go of the memory of its graphics card. It cannot speak until it is loaded again.',
  de: {
    title: 'Modell entladen',
    description:
      'Lässt einen Sprachserver den Speicher der Grafikkarte freigeben. Bis zum Laden kann er nicht sprechen.',
  },
  risk: 'operate',
  kinds: ['speech'],
  input: nothing,
  plan: () => [
    {
      name: 'Unload',
      run: (context) => speechOf(context).unload(context.signal),
      happened: async ({ target }) => (isLoaded(target) === false ? true : undefined),
    },
  ],
});

export const loadModel = defineAction({
  id: 'load_model',
  title: 'Load model',
  description: 'Has a speech server load its model, so that it can speak.',
  de: {
    title: 'Modell laden',
    description: 'Lässt einen Sprachserver sein Modell laden, damit er sprechen kann.',
  },
  risk: 'operate',
  kinds: ['speech'],
  input: nothing,
  plan: () => [
    {
      name: 'Load',
      run: (context) => speechOf(context).load(context.signal),
      happened: async ({ target }) => (isLoaded(target) === true ? true : undefined),
    },
  ],
});

export const cloneVoice = defineAction({
  id: 'clone_voice',
  title: 'Clone voice',
  description:
    'Has a speech server make a voice of a recording of somebody who speaks. It is offered as soon as the server has it.',
  de: {
    title: 'Stimme klonen',
    description:
      'Lässt einen Sprachserver aus einer Aufnahme von jemandem, der spricht, eine Stimme machen. Sie wird angeboten, ' +
      'sobald der Server sie hat.',
  },
  risk: 'provision',
  kinds: ['speech'],
  interrupts: () => false,
  input: cloneVoiceInput,
  plan: ({ input: { name, sample, language = 'en' } }) => [
    {
      name: 'Send the sample',
      run: async (context) => {
        const { signal, note, capabilities, target } = context;
        const read = await capabilities.for(target.id, 'samples')?.read(sample);
        if (read === undefined) throw new LabError('target_unsuitable', 'samples cannot be read from here');
        const voices = await speechOf(context).clone({ ...read, name, language }, signal);
        note({ result: { voices } });
      },
      happened: async ({ target }) => (hasVoice(target, name) ? true : undefined),
    },
  ],
});

/** By its name alone, or with a language: `grandma`, `grandma-de`. */
const hasVoice = (target: ActionContext<unknown>['target'], name: string): boolean =>
  target.kind === 'speech' &&
  target.readings.choices.some(({ title }) => title.split('-', 1)[0] === name.toLowerCase());

const isLoaded = (target: ActionContext<unknown>['target']): boolean | undefined =>
  target.kind === 'speech' ? target.readings.loaded : undefined;

function speechOf({ capabilities, target }: ActionContext<unknown>): Speech {
  const speech = capabilities.for(target.id, 'speech');
  if (speech !== undefined) return speech;
  throw new LabError('target_unsuitable', `${target.name} is no speech server that Labkeeper talks to`);
}
