import { type Answer, type Dialect, numberIn } from './dialect.ts';

const refused = (status: number, message: string, type = 'invalid_request_error'): Answer => ({
  status,
  json: { error: { message, type, param: null, code: null } },
});

/** Some server with the interface that OpenAI made. https://platform.openai.com/docs/api-reference/audio/createSpeech */
export const openai =
  (key: string | undefined): Dialect =>
  (machine, { method, path, body, authorization }) => {
    if (!path.startsWith('/v1/')) return undefined;
    if (key !== undefined && authorization !== `Bearer ${key}`)
      return refused(401, 'Incorrect API key provided.');
    switch (`${method} ${path}`) {
      case 'GET /v1/models':
        return { json: { object: 'list', data: [{ id: 'chatterbox', object: 'model', owned_by: 'lab' }] } };
      case 'POST /v1/audio/speech': {
        const { input, voice } = body;
        if (typeof input !== 'string' || typeof voice !== 'string' || typeof body.model !== 'string')
          return refused(400, 'Missing required parameter.');
        if (!machine.loaded) return refused(503, 'The model is loading.', 'server_error');
        if (!machine.voices.some(({ id }) => id === voice))
          return refused(400, `Voice ${voice} is not supported.`);
        return { voice, language: 'en', speed: numberIn(body.speed, 1), texts: [input], streams: true };
      }
      default:
        return undefined;
    }
  };
