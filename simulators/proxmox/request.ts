import type { IncomingMessage } from 'node:http';
import type { AccessControl, Identity } from './access.ts';
import { AuthError, died, PveError } from './errors.ts';
import type { Values } from './parameters.ts';

const MOST_BYTES = 64 * 1_024;

/** Without limit: a file that is uploaded. */
export const isUpload = ({ headers }: IncomingMessage): boolean =>
  (headers['content-type'] ?? '').startsWith('multipart/form-data');

/** @throws PveError for bodies that Proxmox VE does not read */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
  }
  if (size > MOST_BYTES && !isUpload(request)) throw new PveError(501, 'for data too large');
  const { method = '' } = request;
  if (size > 0 && method !== 'POST' && method !== 'PUT') {
    throw new PveError(501, `Unexpected content for method '${method}'`);
  }
  return Buffer.concat(chunks);
}

/** Parameters of body and query together; the query wins. */
export function valuesOf(request: IncomingMessage, query: URLSearchParams, body: string): Values {
  const [type] = (request.headers['content-type'] ?? '').split(';');
  const given = type?.trim() === 'application/json' ? jsonOf(body) : formOf(new URLSearchParams(body));
  // Browsers add it so that nothing is cached.
  const { _dc, ...values } = { ...given, ...formOf(query) } as Record<string, unknown>;
  return values;
}

function jsonOf(body: string): Values {
  try {
    const value: unknown = JSON.parse(body);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Values;
  } catch {}
  throw died(
    'malformed JSON string, neither tag, array, object, number, string or atom, at character offset 0',
  );
}

/** Repeated ones become a list. */
function formOf(form: URLSearchParams): Values {
  const names = new Set(form.keys());
  return Object.fromEntries(
    [...names].map((name) => {
      const all = form.getAll(name);
      return [name, all.length === 1 ? all[0] : all];
    }),
  );
}

/** Methods that nobody has to be known for. */
const OPEN = /^(GET \/access\/domains|(GET|POST) \/access\/ticket)$/;

/**
 * Who asks, by ticket or token; undefined where that does not matter.
 *
 * @throws AuthError
 */
export function identityOf(
  access: AccessControl,
  request: IncomingMessage,
  path: string,
): Identity | undefined {
  if (OPEN.test(`${request.method} ${path}`)) return undefined;
  const { authorization = '', cookie = '', csrfpreventiontoken } = request.headers;
  const ticket = valueIn(cookie, 'PVEAuthCookie') ?? valueIn(authorization, 'PVEAuthCookie');
  const token = ticket === undefined ? valueIn(authorization, 'PVEAPIToken') : undefined;
  if (token !== undefined) return access.byToken(token);
  if (ticket === undefined) throw new AuthError('No ticket');
  const who = access.byTicket(ticket);
  if (request.method !== 'GET') access.checkCsrf(who, String(csrfpreventiontoken ?? ''));
  return who;
}

/** `name=value`, in a cookie or an `Authorization` header; may be escaped. */
function valueIn(header: string, name: string): string | undefined {
  const [, value] = new RegExp(`(?:^|\\s)${name}=([^;]*)`).exec(header) ?? [];
  return value === undefined || value === '' ? undefined : decodeURIComponent(value);
}
