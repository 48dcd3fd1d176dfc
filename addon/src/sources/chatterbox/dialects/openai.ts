import { type Dialect, isObject, listIn, textIn } from '../dialect.ts';

/**
 * Any server with the interface that OpenAI made. https://platform.openai.com/docs/api-reference/audio/createSpeech
 *
 * @param model as the options name it
 */
export const openai = (model: string | undefined): Dialect => ({
  id: 'openai',
  title: 'Speech server',
  shownBy: '/v1/models',
  look: async (ask) => {
    const models = await ask('/v1/models');
    const [first] = listIn(isObject(models) ? models.data : []);
    return {
      model: model ?? (isObject(first) ? textIn(first.id) : null),
      // It does not say; whether it speaks shows when it is to.
      ...{ loaded: true, languages: undefined, voices: [], memory: undefined },
    };
  },
  speech: ({ text, voice, manner, model: known }) => ({
    path: '/v1/audio/speech',
    body: {
      ...{ model: known ?? 'tts-1', input: text, voice: voice.id, response_format: 'wav' },
      speed: manner.speed,
    },
  }),
});
