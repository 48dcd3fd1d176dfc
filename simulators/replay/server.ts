import { once } from 'node:events';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../addon/src/core/clock.ts';
import type { CaptureLine } from '../../addon/src/record/capture.ts';
import { realClock } from '../clock.ts';
import { makeCertificate } from '../proxmox/certificate.ts';
import type { CaptureFile } from './capture-file.ts';
import { Script } from './script.ts';

export interface ReplaySimulator {
  /** Options with which Labkeeper talks to what answers here, in place of the recorded systems. */
  readonly options: Readonly<Record<string, readonly object[]>>;
  /** Requests that were answered, and those that the recording has not. */
  readonly counts: { answered: number; unknown: number };
  /** Which ones those were, as `GET /path`. */
  readonly unknown: ReadonlySet<string>;
  close(): Promise<void>;
}

/** What leads to another server or from one, or proves that it is the right one, and belongs to the recorded one only. */
const LEFT_OUT = [
  'ca',
  'cert',
  'key',
  'host_key',
  'identity_file',
  'verify_tls',
  'fingerprint',
  'webhook_secret',
];

/** Made-up names of images lead to no registry, or to a stranger's. */
const ALSO: Readonly<Record<string, object>> = { docker: { image_updates: false } };

/**
 * Answers from a capture as the recorded systems did, at the pace at which they did. Whoever asks is let in; what
 * changes something changes nothing here.
 */
export async function startReplay(
  { head, lines }: CaptureFile,
  { clock = realClock, host = '127.0.0.1' }: { clock?: Clock; host?: string } = {},
): Promise<ReplaySimulator> {
  const certificate = makeCertificate({ name: 'replay', hosts: ['localhost', host] });
  const counts = { answered: 0, unknown: 0 };
  const unknown = new Set<string>();
  const began = clock.elapsed();
  const elapsed = (): number => clock.elapsed() - began;
  const origins = [...new Set(lines.map(({ origin }) => origin))];
  const servers = await Promise.all(
    origins.map(async (origin) => {
      const script = new Script(lines.filter((line) => line.origin === origin));
      const handle = (request: IncomingMessage, response: ServerResponse): void => {
        request.resume();
        const { method = 'GET', url = '/' } = request;
        const line = script.at(method, url, elapsed());
        // What is said over web sockets is not recorded: whoever asks for one does without.
        if (line === undefined && request.headers.upgrade !== undefined) {
          response.writeHead(501, { connection: 'close' }).end();
          return;
        }
        if (line === undefined) {
          counts.unknown += 1;
          unknown.add(`${method} ${url}`);
          response.writeHead(501, { 'content-type': 'text/plain' }).end('not in this capture');
          return;
        }
        counts.answered += 1;
        answer(line, request, response);
        if (line.piece === true) follow(script.pieces, response, clock, elapsed());
      };
      const secure = origin.startsWith('https:');
      const server = secure ? createSecure(certificate, handle) : createPlain(handle);
      server.listen(0, host);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      return { origin, server, url: `${secure ? 'https' : 'http'}://${host}:${port}` };
    }),
  );

  /** An option's text with the servers of here in it. */
  const moved = (text: string): string =>
    servers.reduce((whole, { origin, url }) => whole.replaceAll(origin, url), text);
  const optionsOf = (source: string, given: object): object => {
    const entries = Object.entries(given)
      .filter(([key]) => !LEFT_OUT.includes(key))
      .map(([key, value]) => [key, JSON.parse(moved(JSON.stringify(value)))]);
    const isPinned = entries.some(([, value]) => JSON.stringify(value).includes('https://'));
    return {
      ...Object.fromEntries(entries),
      ...ALSO[source],
      ...(isPinned && { fingerprint: certificate.fingerprint }),
    };
  };
  const options: Record<string, object[]> = {};
  for (const { source, id, options: given } of head.systems) {
    options[source] = [...(options[source] ?? []), { id, ...optionsOf(source, given) }];
  }
  return {
    options,
    counts,
    unknown,
    close: async () => {
      for (const { server } of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function answer(line: CaptureLine, request: IncomingMessage, response: ServerResponse): void {
  const { status, statusText, headers = {}, body, text = '' } = line;
  // No answer came then.
  if (status === undefined) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, statusText ?? '', headers);
  if (line.piece === true) response.flushHeaders();
  else if (status === 204 || status === 304) response.end();
  else response.end(body === undefined ? text : JSON.stringify(body));
}

/** A stream stays open, and tells what it told from then on. */
function follow(
  pieces: readonly CaptureLine[],
  response: ServerResponse,
  clock: Clock,
  elapsed: number,
): void {
  const cancels = pieces
    .filter(({ at }) => at > elapsed)
    .map(({ at, body }) => clock.after(at - elapsed, () => response.write(`${JSON.stringify(body)}\n`)));
  response.once('close', () => {
    for (const cancel of cancels) cancel();
  });
}
