import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
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

const isLoaded = (target: ActionContext<unknown>['target']): boolean | undefined =>
  target.kind === 'speech' ? target.readings.loaded : undefined;

function speechOf({ capabilities, target }: ActionContext<unknown>): Speech {
  const speech = capabilities.for(target.id, 'speech');
  if (speech !== undefined) return speech;
  throw new LabError('target_unsuitable', `${target.name} is no speech server that Labkeeper talks to`);
}
