import { type Dialect, isObject, listIn, type ServerVoice, textIn, titleOf } from '../dialect.ts';
import { sampleForm } from '../form.ts';

/** https://github.com/devnen/Chatterbox-TTS-Server */
export const devnen: Dialect = {
  id: 'devnen',
  title: 'Chatterbox-TTS-Server',
  look: async (ask) => {
    const info = await ask('/api/model-info');
    if (!isObject(info) || typeof info.loaded !== 'boolean' || !('class_name' in info)) return undefined;
    const predefined = listIn(await ask('/get_predefined_voices')).flatMap(
      (voice): readonly ServerVoice[] => {
        const id = isObject(voice) ? textIn(voice.filename) : null;
        if (id === null) return [];
        const title = textIn((voice as Readonly<Record<string, unknown>>).display_name) ?? titleOf(id);
        return [{ id, title, isCloned: false }];
      },
    );
    const cloned = listIn(await ask('/get_reference_files')).flatMap((file): readonly ServerVoice[] => {
      const id = textIn(file);
      return id === null ? [] : [{ id, title: titleOf(id), isCloned: true }];
    });
    const languages = isObject(info.supported_languages) ? Object.keys(info.supported_languages) : [];
    return {
      model: textIn(info.type) ?? textIn(info.class_name),
      loaded: info.loaded,
      languages: info.supports_multilingual === true ? languages : undefined,
      voices: [...predefined, ...cloned],
      memory: undefined,
    };
  },
  speech: ({ text, voice, language, manner, seed }) => ({
    path: '/tts',
    body: {
      text,
      ...(voice.isCloned
        ? { voice_mode: 'clone', reference_audio_filename: voice.id }
        : { voice_mode: 'predefined', predefined_voice_id: voice.id }),
      // What is one breath for us is not to be cut up. An older one knows no `stream`, and heeds it not.
      ...{ output_format: 'wav', split_text: false, stream: true, seed, language },
      ...{ exaggeration: manner.exaggeration, temperature: manner.temperature },
      cfg_weight: manner.cfg_weight === undefined ? undefined : Math.max(0.2, manner.cfg_weight),
      speed_factor: manner.speed,
    },
  }),
  unload: { path: '/api/unload' },
  // The model is read from the disk, which takes its time.
  load: { path: '/restart_server', deadlineMs: 180_000 },
  clone: {
    request: (sample) => sampleForm('/upload_reference', 'files', sample),
    refusal: (answer) => {
      const [first] = listIn(isObject(answer) ? answer.errors : []);
      return isObject(first) ? (textIn(first.error) ?? 'it does not say why') : undefined;
    },
  },
};
