import { type Dialect, isObject, listIn, type ServerVoice, textIn } from '../dialect.ts';
import { sampleForm } from '../form.ts';

/** What it speaks with where it has no voice of its own. */
const OWN: ServerVoice = { id: 'alloy', title: 'Default', isCloned: false };
const MIB_PER_GIB = 1_024;

/** https://github.com/travisvn/chatterbox-tts-api */
export const travisvn: Dialect = {
  id: 'travisvn',
  title: 'chatterbox-tts-api',
  look: async (ask) => {
    const health = await ask('/health');
    if (!isObject(health) || typeof health.model_loaded !== 'boolean') return undefined;
    const languages = await ask('/languages');
    const isMultilingual = isObject(languages) && languages.model_type === 'multilingual';
    const library = await ask('/voices');
    const voices = listIn(isObject(library) ? library.voices : []).flatMap(
      (voice): readonly ServerVoice[] => {
        if (!isObject(voice)) return [];
        const id = textIn(voice.name);
        // In the library, a voice has its language; who asks cannot say another one.
        return id === null
          ? []
          : [{ id, title: id, isCloned: true, language: textIn(voice.language) ?? 'en' }];
      },
    );
    const held = isObject(health.memory_info) ? health.memory_info.gpu_memory_allocated_mb : undefined;
    return {
      model: isMultilingual ? 'multilingual' : 'original',
      loaded: health.model_loaded,
      languages: undefined,
      // The newest comes first there, which would change the order with each new one.
      voices: [...voices].sort((a, b) => (a.id < b.id ? -1 : 1)).concat(OWN),
      memory: typeof held === 'number' ? held / MIB_PER_GIB : undefined,
    };
  },
  speech: ({ text, voice, manner }) => ({
    path: '/audio/speech/stream',
    body: {
      ...{ input: text, voice: voice.id, response_format: 'wav' },
      ...{
        exaggeration: manner.exaggeration,
        cfg_weight: manner.cfg_weight,
        temperature: manner.temperature,
      },
    },
  }),
  clone: {
    request: (sample) =>
      sampleForm('/voices', 'voice_file', sample, { voice_name: sample.name, language: sample.language }),
  },
};
