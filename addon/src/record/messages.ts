import type { ExchangeAnswer } from '../core/exchange.ts';
import { DROPPED, type JsonScrubber } from './json.ts';
import type { Scrubber } from './scrubber.ts';
import { PATH_WORDS } from './words.ts';

/** What follows these in a path is a name … */
const COLLECTIONS = new Set(
  'nodes storage users groups pools token datastore endpoints zfs networks volumes sites s'.split(' '),
);
/** … if it is none of these. */
const NO_NAMES = new Set(['json', 'list', 'create', 'prune']);
/** Of a query. */
const NAMED = /^(storage|node|store|ns|target|pool|backup-id|user.*)$/;
/** Beside the body, what those who ask go by. */
const HEADERS = [
  'content-type',
  'location',
  'link',
  'retry-after',
  'docker-content-digest',
  'www-authenticate',
];
const TOKENS = ['x-auth-token', 'x-csrf-token', 'x-updated-csrf-token'];
/** Names of cookies that somebody goes by. */
const COOKIE = /^(TOKEN|unifises|csrf_token|PVEAuthCookie|__Host-PBSAuthCookie)(?==)/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?(\s+\S+(?:\s+-?\d+)?)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The path of a request, with its query, and nothing in it that says whose lab it is. */
export function scrubPath(path: string, scrubber: Scrubber): string {
  const [before = '', query] = path.split(/\?(.*)/s, 2);
  const redfish = before.startsWith('/redfish/');
  let open = false;
  const segments = before.split('/').map((segment) => {
    const isWord = !redfish && PATH_WORDS.has(segment) && (!open || NO_NAMES.has(segment));
    const mode = open ? 'name' : 'text';
    open = isWord && COLLECTIONS.has(segment);
    return isWord
      ? segment
      : encodeURIComponent(scrubber.text(decoded(segment), mode)).replaceAll('%3A', ':');
  });
  if (query === undefined) return segments.join('/');
  const parts = query.split('&').map((part) => {
    const [key = '', value] = part.split(/=(.*)/s, 2);
    const name = scrubber.isKnown(decoded(key)) ? key : encodeURIComponent(scrubber.text(decoded(key)));
    if (value === undefined) return name;
    const mode = NAMED.test(key) ? 'name' : 'text';
    return `${name}=${encodeURIComponent(scrubber.text(decoded(value), mode))}`;
  });
  return `${segments.join('/')}?${parts.join('&')}`;
}

/** What of an answer goes into a capture. */
export interface Scrubbed {
  readonly status: number;
  readonly statusText?: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The body, where it is JSON. */
  readonly body?: unknown;
  /** The body, where it is something else that can be told. */
  readonly text?: string;
  /** Bytes of a body that cannot be told. */
  readonly left_out?: number;
}

/** @param parsed the body, where it is JSON */
export function scrubAnswer(
  { status, statusText, headers, body }: ExchangeAnswer,
  parsed: unknown,
  json: JsonScrubber,
  scrubber: Scrubber,
): Scrubbed {
  const kept = HEADERS.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, scrubHeader(name, value, scrubber)] as const] : [];
  });
  // That there was one, not which.
  const tokens = TOKENS.flatMap((name) => (headers[name] === undefined ? [] : [[name, DROPPED] as const]));
  const cookies = [headers['set-cookie'] ?? []]
    .flat()
    .map((line) => `${COOKIE.exec(line)?.[0] ?? 'cookie'}=${DROPPED}`);
  return {
    status,
    ...(statusText !== '' && { statusText: scrubber.text(statusText) }),
    headers: {
      ...Object.fromEntries([...kept, ...tokens]),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    },
    ...(parsed !== undefined ? { body: json.scrub(parsed) } : textOf(body, json, scrubber)),
  };
}

function scrubHeader(name: string, value: string, scrubber: Scrubber): string {
  if (name === 'content-type') return /^[a-z]+\/[a-z.+-]+/.exec(value)?.[0] ?? '';
  return name === 'location' && value.startsWith('/') ? scrubPath(value, scrubber) : scrubber.text(value);
}

/** Has every name in a body learned that is no JSON. */
export function learnText(body: string, json: JsonScrubber): void {
  for (const { labels } of samplesIn(body) ?? []) json.learn(Object.fromEntries(labels));
}

interface Sample {
  readonly name: string;
  readonly labels: readonly (readonly [key: string, value: string])[];
  /** With the spaces before it. */
  readonly value: string;
}

/** The lines of Prometheus's text format, if it is that and nothing else. */
function samplesIn(body: string): readonly Sample[] | undefined {
  const lines = body
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const samples = lines.flatMap((line) => {
    const [, name, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (name === undefined) return [];
    return {
      name,
      value,
      labels: [...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, text] as const),
    };
  });
  return lines.length > 0 && samples.length === lines.length ? samples : undefined;
}

function textOf(body: string, json: JsonScrubber, scrubber: Scrubber): Pick<Scrubbed, 'text' | 'left_out'> {
  if (body === '') return {};
  const samples = samplesIn(body);
  if (samples === undefined) return { left_out: Buffer.byteLength(body) };
  const lines = samples.map(({ name, labels, value }) => {
    const pairs = labels.map(([key, text]) => {
      const made = String(json.scrub(text, key)).replaceAll(/["\\\n]/g, '');
      return `${scrubber.text(key)}="${made}"`;
    });
    return `${scrubber.text(name)}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`}${value}`;
  });
  return { text: lines.join('\n') };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
