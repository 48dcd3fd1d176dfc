import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

const CONNECT_MS = 10_000;

/** Gives a socket up that does not connect: where a firewall drops what comes, nobody says no. */
export function hurry(socket: Socket): void {
  const { encrypted, secureConnecting } = socket as Partial<TLSSocket & { secureConnecting: boolean }>;
  if (!socket.connecting && secureConnecting !== true) return;
  const late = setTimeout(() => {
    socket.destroy(Object.assign(new Error('connecting takes too long'), { code: 'ETIMEDOUT' }));
  }, CONNECT_MS);
  const done = (): void => clearTimeout(late);
  socket.once(encrypted === true ? 'secureConnect' : 'connect', done).once('close', done);
}
