import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { LabError } from '../core/errors.ts';
import { connectionHint, isDistrust } from './explain.ts';
import { hurry } from './hurry.ts';
import { inCircles, MOST_HOPS, nextHop } from './redirect.ts';

/** So long nothing may come, neither an answer nor more of the file. */
const SILENCE_MS = 60_000;
const MOST_PART = 16 * 1024 ** 2;

interface Asked {
  /** For errors: `<source>/<instance>`. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** A part of a file. */
export interface FilePart {
  readonly data: Buffer;
  /** Bytes of all of it. */
  readonly total: number;
}

/**
 * A file that somebody publishes, wherever its address leads to, as it comes: it is read as fast as it is taken. Ends with an
 * error when it is cut off, when nothing comes for a minute, and when the signal is aborted.
 *
 * @throws LabError `unreachable`, `certificate_refused`; `source_failed`: there is no such file. What breaks off while it
 *   is read throws `unreachable`
 */
export async function* publishedFile(address: string, asked: Asked): AsyncGenerator<Buffer> {
  const answer = await open(address, asked);
  try {
    if (answer.statusCode !== 200) throw failed(asked, address, answer);
    for await (const chunk of answer) yield chunk as Buffer;
  } catch (thrown) {
    throw explained(thrown, asked, address);
  } finally {
    answer.destroy();
  }
}

/**
 * A part of such a file.
 *
 * @param first its first byte, from 0
 * @param last its last byte, which is within it
 * @returns undefined: that server does not give parts
 * @throws as `publishedFile`
 */
export async function publishedPart(
  address: string,
  first: number,
  last: number,
  asked: Asked,
): Promise<FilePart | undefined> {
  const answer = await open(address, asked, { range: `bytes=${first}-${last}` });
  try {
    if (answer.statusCode === 200) return undefined;
    const [, from, to, total] =
      /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(answer.headers['content-range'] ?? '')) ?? [];
    if (answer.statusCode !== 206) throw failed(asked, address, answer);
    if (Number(from) !== first || Number(to) > last || last - first >= MOST_PART) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return { data: Buffer.concat(chunks), total: Number(total) };
  } catch (thrown) {
    throw explained(thrown, asked, address);
  } finally {
    answer.destroy();
  }
}

const failed = ({ name }: Asked, address: string, { statusCode }: IncomingMessage): LabError =>
  new LabError('source_failed', `${name}: GET ${address} failed (${statusCode})`);

async function open(
  address: string,
  asked: Asked,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const { name, signal } = asked;
  let url = new URL(address);
  for (let hop = 0; hop <= MOST_HOPS; hop += 1) {
    signal.throwIfAborted();
    const answer = await ask(url, headers, signal).catch((thrown: unknown) => {
      throw explained(thrown, asked, url.href);
    });
    const { statusCode: status = 0 } = answer;
    if (status >= 200 && status < 300) return answer;
    answer.destroy();
    url = nextHop(name, url, { status, headers: answer.headers });
  }
  throw inCircles(name, address);
}

function ask(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { headers: { 'user-agent': 'labkeeper', ...headers }, signal, agent: false as const };
    const request = (url.protocol === 'https:' ? https : http).get(url, options, resolve);
    request.on('error', reject);
    request.on('socket', hurry);
    request.setTimeout(SILENCE_MS, () => {
      request.destroy(Object.assign(new Error('nothing comes any more'), { code: 'ETIMEDOUT' }));
    });
  });
}

function explained(thrown: unknown, { name, signal }: Asked, address: string): unknown {
  if (signal.aborted) return signal.reason;
  if (thrown instanceof LabError) return thrown;
  const hint = connectionHint(thrown);
  return new LabError(
    isDistrust(thrown) ? 'certificate_refused' : 'unreachable',
    `${name}: GET ${address}: ${(thrown as Error).message}`,
    { ...(hint !== undefined && { hint }), cause: thrown },
  );
}
