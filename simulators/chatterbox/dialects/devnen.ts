import { LANGUAGES } from '../machine.ts';
import { type Answer, chunksOf, type Dialect, numberIn } from './dialect.ts';

const TAGS = ['laugh', 'chuckle', 'sigh', 'gasp', 'cough', 'clear throat', 'sniff', 'groan', 'shush'];
const CLASSES = {
  original: 'ChatterboxTTS',
  turbo: 'ChatterboxTurboTTS',
  multilingual: 'ChatterboxMultilingualTTS',
} as const;

/** Of a sample. */
const MOST_SECONDS = 30;
/** Of a WAV of 16 bits and one channel. */
const secondsOf = (wav: Buffer): number => (wav.length - 44) / 2 / wav.readUInt32LE(24);

const refused = (status: number, detail: string): Answer => ({ status, json: { detail } });
const notLoaded = refused(503, 'TTS engine model is not currently loaded or available.');

/** https://github.com/devnen/Chatterbox-TTS-Server */
export const devnen: Dialect = (machine, { method, path, body, form }) => {
  const { loaded, model } = machine;
  const predefined = machine.voices.filter(({ isCloned }) => isCloned !== true);
  const cloned = machine.voices.filter(({ isCloned }) => isCloned === true);
  switch (`${method} ${path}`) {
    case 'GET /api/model-info':
      return {
        json: {
          loaded,
          type: loaded ? model : null,
          class_name: loaded ? CLASSES[model] : null,
          device: 'cuda',
          sample_rate: loaded ? 24_000 : null,
          supports_paralinguistic_tags: loaded && model === 'turbo',
          available_paralinguistic_tags: loaded && model === 'turbo' ? TAGS : [],
          turbo_available_in_package: true,
          multilingual_available_in_package: true,
          // What is not loaded is of no kind.
          supports_multilingual: loaded && model === 'multilingual',
          supported_languages: loaded && model === 'multilingual' ? LANGUAGES : { en: 'English' },
        },
      };
    case 'GET /get_predefined_voices':
      return { json: predefined.map(({ id, title }) => ({ display_name: title, filename: id })) };
    case 'GET /get_reference_files':
      return { json: cloned.map(({ id }) => id) };
    case 'GET /v1/audio/voices':
      return { json: { status: 'ok', voices: predefined.map(({ id }) => id) } };
    case 'POST /upload_reference': {
      const file = form.get('files');
      if (file === undefined || typeof file === 'string') return refused(422, 'files: Field required');
      const { filename: id, data } = file;
      const error = !/\.(wav|mp3)$/i.test(id)
        ? 'Invalid file type. Only .wav and .mp3 are allowed.'
        : secondsOf(data) > MOST_SECONDS
          ? `Audio duration (${secondsOf(data).toFixed(1)}s) exceeds maximum allowed duration (${MOST_SECONDS}s).`
          : undefined;
      // One that is there already is kept, and nothing is said of that.
      const isNew = error === undefined && !machine.voices.some((voice) => voice.id === id);
      if (isNew)
        machine.voices = [
          ...machine.voices,
          { id, title: id.replace(/\.\w+$/, ''), isCloned: true, sample: data },
        ];
      return {
        status: error === undefined ? 200 : 400,
        json: {
          message: 'Processed 1 file(s).',
          uploaded_files: error === undefined ? [id] : [],
          all_reference_files: machine.voices.filter(({ isCloned }) => isCloned).map((voice) => voice.id),
          errors: error === undefined ? [] : [{ filename: id, error }],
        },
      };
    }
    case 'POST /api/unload':
      machine.loaded = false;
      return { json: { status: 'unloaded' } };
    case 'POST /restart_server':
      machine.loaded = true;
      return { json: { message: `Model hot-swap successful. Now running: ${CLASSES[model]} (${model})` } };
    case 'POST /tts': {
      if (typeof body.text !== 'string' || body.text === '') return refused(422, 'text: Field required');
      if (!loaded) return notLoaded;
      const isClone = body.voice_mode === 'clone';
      const voice = isClone ? body.reference_audio_filename : body.predefined_voice_id;
      if (typeof voice !== 'string')
        return refused(400, "Missing 'predefined_voice_id' for 'predefined' voice mode.");
      if (!(isClone ? cloned : predefined).some(({ id }) => id === voice))
        return refused(404, `Predefined voice file '${voice}' not found.`);
      const splits = body.split_text !== false;
      const size = numberIn(body.chunk_size, 120);
      return {
        ...{ voice, language: String(body.language ?? 'en'), speed: numberIn(body.speed_factor, 1) },
        texts: splits && body.text.length > size * 1.5 ? chunksOf(body.text, size) : [body.text],
        streams: body.stream === true,
      };
    }
    case 'POST /v1/audio/speech': {
      const { input, voice } = body;
      if (typeof input !== 'string' || typeof voice !== 'string')
        return refused(422, 'input: Field required');
      if (!machine.voices.some(({ id }) => id === voice))
        return refused(404, `Voice file '${voice}' not found.`);
      if (!loaded) return notLoaded;
      return { voice, language: 'en', speed: numberIn(body.speed, 1), texts: [input], streams: false };
    }
    default:
      return undefined;
  }
};
