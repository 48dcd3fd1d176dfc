import type { FastifyInstance } from 'fastify';
import { LabError } from '../core/errors.ts';

/** Bytes of a request's body. */
export const MOST_BYTES = 262_144;
const MOST_DEPTH = 32;

/** JSON and nothing else: what a form of another web page can send is not taken for a request. */
export function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    if (text.trim() === '') return done(bodyInvalid('it is empty'));
    // Before it is parsed: checking the schema of a deep one could take the stack.
    if (isDeeper(text, MOST_DEPTH)) return done(bodyInvalid(`it is nested deeper than ${MOST_DEPTH} levels`));
    parse(request, text, done);
  });
}

export const bodyInvalid = (why: string): LabError =>
  new LabError('body_invalid', `the body cannot be read: ${why}`, {
    hint: `send JSON of at most ${MOST_BYTES / 1024} KiB with “Content-Type: application/json”`,
  });

function isDeeper(json: string, most: number): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > most) return true;
  }
  return false;
}
