import type { OptionProblem } from '../contract/source.ts';
import { isLoopback } from '../core/loopback.ts';

/** What of the general options belongs together, or excludes each other. They may break the schema as well. */
export function* checkGeneral(options: Readonly<Record<string, unknown>>): Generator<OptionProblem> {
  yield* checkBroker(groupOf(options.mqtt));
  const { url, token_file: tokenFile } = groupOf(options.homeassistant);
  if (url !== undefined && tokenFile === undefined)
    yield { path: 'homeassistant.token_file', message: 'is missing, it belongs to url' };
  if (tokenFile !== undefined && url === undefined)
    yield { path: 'homeassistant.url', message: 'is missing, it belongs to token_file' };
  const { fallback, fallback_voice: fallbackVoice } = groupOf(options.voice);
  if (fallbackVoice !== undefined && fallback === undefined)
    yield { path: 'voice.fallback', message: 'is missing, it belongs to fallback_voice' };
}

function* checkBroker(mqtt: Readonly<Record<string, unknown>>): Generator<OptionProblem> {
  const { host, listen, username, password } = mqtt;
  if (host !== undefined && listen !== undefined) {
    yield { path: 'mqtt.listen', message: 'is for our own broker, and mqtt.host names another; remove one' };
    return;
  }
  if (!username && password) yield { path: 'mqtt.username', message: 'is missing, it belongs to password' };
  // A broker of somebody else may know users without a password.
  if (host !== undefined || typeof listen !== 'string' || isLoopback(listen)) return;
  for (const key of ['username', 'password']) {
    if (mqtt[key]) continue;
    const message = `is missing: on ${JSON.stringify(listen)} others reach our own broker, so it needs a user name and a password`;
    yield { path: `mqtt.${key}`, message };
  }
}

const groupOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
