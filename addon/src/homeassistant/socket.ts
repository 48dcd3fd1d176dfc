import type { HaWebSocket } from 'home-assistant-js-websocket';
import { LabError } from '../core/errors.ts';

/**
 * Connects to Home Assistant's WebSocket API and logs in.
 *
 * @param url as in `ws://supervisor/core/websocket`
 * @param signal ends the attempt, with the socket
 * @throws LabError `unreachable`, `credentials_refused`; the signal's reason
 */
export async function openSocket(url: string, token: string, signal: AbortSignal): Promise<HaWebSocket> {
  signal.throwIfAborted();
  const socket = new WebSocket(url) as HaWebSocket;
  const { promise, resolve, reject } = Promise.withResolvers<HaWebSocket>();
  // Of the one who listens first: what cannot be read would otherwise throw in the client, and end the process.
  socket.addEventListener('message', (event) => {
    if (messagesIn(event.data) !== undefined) return;
    event.stopImmediatePropagation();
    reject(unreachable(url, 'what answers there is no Home Assistant'));
    socket.close();
  });
  const onMessage = (event: MessageEvent): void => {
    const { type, message, ha_version: version } = messagesIn(event.data)?.[0] ?? {};
    if (type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token: token }));
    if (type === 'auth_ok') resolve(Object.assign(socket, { haVersion: String(version) }));
    if (type === 'auth_invalid') reject(refused(url, message));
  };
  // Node.js does not say why.
  const onError = (): void => reject(unreachable(url, 'there is no connection to be had'));
  const onClose = (): void => reject(unreachable(url, 'it closed the connection'));
  const onAbort = (): void => reject(signal.reason);
  socket.addEventListener('message', onMessage);
  socket.addEventListener('error', onError);
  socket.addEventListener('close', onClose);
  signal.addEventListener('abort', onAbort);
  try {
    return await promise;
  } catch (thrown) {
    socket.close();
    throw thrown;
  } finally {
    socket.removeEventListener('message', onMessage);
    socket.removeEventListener('close', onClose);
    signal.removeEventListener('abort', onAbort);
  }
}

type Message = Readonly<Record<string, unknown>>;

/** Home Assistant sends one message, or several at once. undefined: it is neither. */
function messagesIn(data: unknown): readonly Message[] | undefined {
  try {
    const parsed: unknown = JSON.parse(String(data));
    const messages: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    return messages.every((one): one is Message => typeof one === 'object' && one !== null)
      ? messages
      : undefined;
  } catch {
    return undefined;
  }
}

const unreachable = (url: string, why: string): LabError =>
  new LabError('unreachable', `Home Assistant does not answer at ${url}: ${why}`, {
    hint: 'check that it runs, and the option homeassistant.url if that is used',
  });

const refused = (url: string, why: unknown): LabError =>
  new LabError('credentials_refused', `Home Assistant at ${url} refuses the token: ${why}`, {
    hint: 'put a long-lived access token of an administrator into the file that homeassistant.token_file names',
  });
