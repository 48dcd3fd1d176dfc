import { LabError } from '../../core/errors.ts';
import { shown } from '../../core/words.ts';
import type { HttpAnswer } from '../../net/http-client.ts';

const WORDS = 200;
const PLACE = 'Pulse listens on port 7655, as in http://pulse.lan:7655: correct url';

/** Says what is wrong with an answer that is no good one, in words that help. */
export function explain(name: string, method: string, path: string, answer: HttpAnswer): LabError {
  const { status, headers } = answer;
  const what = `${method} ${path}`;
  const words = wordsIn(answer);
  const of = (code: LabError['code'], message: string, hint?: string): LabError =>
    new LabError(code, `${name}: ${message}`, hint === undefined ? {} : { hint });
  if (status === 401)
    return of(
      'credentials_refused',
      `it does not accept the token (401): ${words}`,
      'make one in Pulse under Settings, Security, API Tokens, and give it as the option token',
    );
  if (status === 403) {
    const scope = scopeIn(answer);
    return of(
      'privilege_missing',
      `${what} is refused (403): ${scope === undefined ? words : `the token lacks the scope ${scope}`}`,
      `give the token the scope ${scope ?? 'monitoring:read'} in Pulse under Settings, Security, API Tokens`,
    );
  }
  if (status >= 300 && status < 400)
    return of(
      'path_wrong',
      `it sends us elsewhere (${status})`,
      `it says that it is at ${shown(headers.location, WORDS)}: correct url, without /api`,
    );
  if (status === 404 && method !== 'GET') return of('source_refused', `${what} failed (404): ${words}`);
  if (status === 404 || status === 405)
    return of('path_wrong', `there is no ${path} at this address (${status})`, PLACE);
  if (status === 429)
    return of('too_many_requests', 'it is asked too often (429)', 'raise the option interval');
  if (status >= 500) return of('source_failed', `${what} failed (${status}): ${words}`);
  return of('source_refused', `${what} failed (${status}): ${words}`);
}

/** Somebody answers, and is not Pulse. */
export function notPulse(name: string, what: string, { headers }: HttpAnswer): LabError {
  const type = shown(String(headers['content-type'] ?? 'no type').split(';', 1)[0], 60);
  return new LabError('protocol_wrong', `${name}: ${what} was answered with ${type}, and not as Pulse does`, {
    hint: `something else listens there, or a proxy in between: ${PLACE}`,
  });
}

/** What it says itself: plain text, or in JSON. Words of a page of HTML are no message. */
function wordsIn({ headers, body, statusText }: HttpAnswer): string {
  if (String(headers['content-type'] ?? '').includes('html')) return shown(statusText, WORDS);
  const { message, error } = jsonIn(body);
  return shown(message ?? error ?? (body.trim() || statusText), WORDS);
}

function scopeIn({ body }: HttpAnswer): string | undefined {
  const { requiredScope } = jsonIn(body);
  return typeof requiredScope === 'string' && /^[a-z:_-]{1,60}$/.test(requiredScope)
    ? requiredScope
    : undefined;
}

function jsonIn(body: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(body) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
