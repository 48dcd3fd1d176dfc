import { Agent, WebSocket } from 'undici';
import type { Clock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import { connectionHint } from './explain.ts';
import type { Trust } from './trust.ts';
import { connectorOf } from './undici-connector.ts';

export interface EventSocketParts {
  /** `wss://host/path` */
  readonly url: string;
  /** For errors: `<source>/<instance>`. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly trust: Trust;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** It stands: from now on nothing is missed. */
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
}

const HANDSHAKE_MS = 20_000;
/** Whoever is silent for so long is gone without having said so: a cable that was pulled closes nothing. */
const SILENCE_MS = 5 * 60_000;

/**
 * Listens on a web socket until it is lost or the signal is aborted.
 *
 * @throws LabError `unreachable` when it cannot be opened or was lost; the signal's reason when that is aborted
 */
export async function listen(parts: EventSocketParts): Promise<never> {
  const { url, name, headers, trust, signal } = parts;
  signal.throwIfAborted();
  const agent = new Agent({ connect: connectorOf(trust), headersTimeout: 0, bodyTimeout: 0 });
  const where = `${name}: the event stream ${new URL(url).pathname}`;
  try {
    const socket = new WebSocket(url, { dispatcher: agent, headers: { ...headers } });
    return await lost(socket, where, parts);
  } finally {
    // What still hangs in a handshake goes with it.
    await agent.destroy();
  }
}

function lost(
  socket: WebSocket,
  where: string,
  { clock, signal, onOpen, onText }: EventSocketParts,
): Promise<never> {
  return new Promise((_, reject) => {
    let cancel = clock.after(HANDSHAKE_MS, () => end(`took longer than ${HANDSHAKE_MS / 1_000} s to begin`));
    const finish = (reason: unknown): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      reject(reason);
      // Closing tells of an error of its own, which nobody hears any more.
      socket.close();
    };
    const end = (what: string, cause?: unknown): void => {
      const hint = connectionHint(cause);
      finish(new LabError('unreachable', `${where} ${what}`, { ...(hint !== undefined && { hint }), cause }));
    };
    const heard = (): void => {
      cancel();
      cancel = clock.after(SILENCE_MS, () => end(`was silent for ${SILENCE_MS / 60_000} minutes`));
    };
    const onAbort = (): void => finish(signal.reason);
    signal.addEventListener('abort', onAbort);
    socket.addEventListener('open', () => {
      heard();
      onOpen();
    });
    socket.addEventListener('message', ({ data }) => {
      heard();
      if (typeof data === 'string') onText(data);
    });
    socket.addEventListener('error', (event) => end('failed', (event as { error?: unknown }).error));
    socket.addEventListener('close', ({ code }) => end(`was closed (${code})`));
  });
}
