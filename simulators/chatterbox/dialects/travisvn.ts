import { LANGUAGES } from '../machine.ts';
import { type Answer, chunksOf, type Dialect, numberIn } from './dialect.ts';

const refused = (status: number, message: string, type: string): Answer => ({
  status,
  json: { detail: { error: { message, type } } },
});

/** https://github.com/travisvn/chatterbox-tts-api */
export const travisvn: Dialect = (machine, { method, path, body, form }) => {
  const { loaded, model, memory } = machine;
  const isMultilingual = model === 'multilingual';
  const memory_info = {
    ...{ cpu_memory_mb: 2_411.5, cpu_memory_percent: 14.6 },
    gpu_memory_allocated_mb: loaded ? memory * 1_024 : 0,
    gpu_memory_reserved_mb: loaded ? memory * 1_024 + 210 : 0,
    gpu_memory_max_allocated_mb: memory * 1_024 + 402,
  };
  switch (`${method} ${path.replace(/^\/v1(?=\/)/, '')}`) {
    case 'GET /health':
      return {
        json: {
          status: loaded ? 'healthy' : 'initializing',
          model_loaded: loaded,
          device: 'cuda',
          config: { max_chunk_length: 280, max_total_length: 3_000, default_exaggeration: 0.5 },
          memory_info,
          initialization_state: loaded ? 'ready' : 'initializing',
          initialization_progress: loaded ? 'Model ready' : 'Loading TTS model...',
          initialization_error: null,
        },
      };
    case 'GET /memory':
      return { json: { memory_info, request_counter: machine.requests.length } };
    case 'GET /voices':
      return {
        json: {
          voices: machine.voices.map(({ id, language = 'en' }) => ({
            ...{ name: id, filename: `${id}.wav`, path: `/voices/${id}.wav`, exists: true, aliases: [] },
            ...{ language, file_size: 480_044, upload_date: '2026-01-01T00:00:00' },
          })),
          count: machine.voices.length,
        },
      };
    case 'POST /voices': {
      const [id, file, language = 'en'] = ['voice_name', 'voice_file', 'language'].map((key) =>
        form.get(key),
      );
      if (typeof id !== 'string' || typeof file !== 'object' || typeof language !== 'string')
        return refused(422, 'Field required', 'validation_error');
      if (machine.voices.some((voice) => voice.id === id))
        return refused(409, `Voice '${id}' already exists`, 'voice_exists_error');
      if (!isMultilingual && language !== 'en') {
        const message = 'Only English (en) is supported when not using multilingual model';
        return refused(400, message, 'invalid_request_error');
      }
      const voice = { id, title: id, isCloned: true, language, sample: file.data };
      machine.voices = [...machine.voices, voice];
      const told = { name: id, filename: `${id}.wav`, file_size: file.data.length, language };
      return {
        status: 201,
        json: {
          message: 'Voice uploaded successfully',
          voice: { ...told, upload_date: '2026-01-01T00:00:00' },
        },
      };
    }
    case 'GET /languages':
      return {
        json: {
          languages: Object.entries(isMultilingual ? LANGUAGES : { en: 'English' }).map(([code, name]) => ({
            ...{ code, name },
          })),
          count: isMultilingual ? Object.keys(LANGUAGES).length : 1,
          model_type: isMultilingual ? 'multilingual' : 'standard',
        },
      };
    case 'GET /models':
      return {
        json: {
          object: 'list',
          data: [
            { id: 'chatterbox-tts-1', object: 'model', created: 1_677_649_963, owned_by: 'resemble-ai' },
          ],
        },
      };
    case 'POST /audio/speech':
    case 'POST /audio/speech/stream': {
      const { input } = body;
      if (typeof input !== 'string' || input.trim() === '')
        return refused(422, 'Input text cannot be empty', 'validation_error');
      if (input.length > 3_000) return refused(400, 'Input text too long.', 'invalid_request_error');
      if (!loaded) return refused(500, 'Model not loaded', 'model_error');
      // Who asks for a voice that it does not have gets its default one.
      const voice = machine.voices.find(({ id }) => id === body.voice);
      return {
        ...{ voice: voice?.id ?? 'default', language: voice?.language ?? 'en', speed: 1 },
        texts: chunksOf(input, numberIn(body.streaming_chunk_size, 280)),
        streams: path.endsWith('/stream'),
      };
    }
    default:
      return undefined;
  }
};
