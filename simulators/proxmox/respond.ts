import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { AuthError, PveError } from './errors.ts';

/** Longer ones are compressed for who can read that. */
const COMPRESSED_FROM = 1_024;

export interface Answer {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json;charset=UTF-8';

/** @param total beside the data, of lists of which this is a part */
export const answerOf = (data: unknown, total?: number): Answer => ({
  status: 200,
  message: 'OK',
  type: JSON_TYPE,
  body: JSON.stringify({ data: data ?? null, ...(total === undefined || total === 0 ? {} : { total }) }),
});

export function refusalOf(thrown: unknown): Answer {
  const error = thrown instanceof PveError ? thrown : new PveError(500, String((thrown as Error).stack));
  const { status, message, errors } = error;
  // Neither who is not let in nor whose node is out of reach hears more than the status line.
  if (error instanceof AuthError || status === 595 || status === 596)
    return { status, message, type: '', body: '' };
  // Perl's own errors end their line.
  const line = status === 501 ? message : `${message}\n`;
  return {
    status,
    message,
    type: JSON_TYPE,
    body: JSON.stringify({ data: null, message: line, ...(errors === undefined ? {} : { errors }) }),
  };
}

/** Sends an answer as Proxmox VE's server does: the message in the status line, and no second request after an error. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, message, type, body } = answer;
  response.shouldKeepAlive = response.shouldKeepAlive && status < 400;
  response.statusCode = status;
  response.statusMessage = statusText(message);
  response.setHeader('Cache-Control', 'max-age=0');
  response.setHeader('Pragma', 'no-cache');
  response.setHeader('Server', 'pve-api-daemon/3.0');
  if (type !== '') response.setHeader('Content-Type', type);
  const packed = body.length > COMPRESSED_FROM && /\bgzip\b/.test(String(request.headers['accept-encoding']));
  const content = packed ? gzipSync(body) : Buffer.from(body);
  if (packed) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', content.length);
  response.end(content);
}

/** Its first line, as the bytes of UTF-8: Node's own encoding of a status line is Latin 1. */
function statusText(message: string): string {
  const [line = ''] = message.split('\n');
  return Buffer.from(line, 'utf8')
    .toString('latin1')
    .replace(/[^ -~\u0080-\u00ff]/g, '?');
}
