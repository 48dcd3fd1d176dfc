import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { pinMismatch } from './trust.ts';

/**
 * An agent that trusts exactly one certificate. It is compared as soon as the connection stands, before the first
 * byte of a request (which may hold a token) is sent.
 */
export class PinnedAgent extends https.Agent {
  readonly #fingerprint: string;

  /** @param fingerprint SHA-256 of the server's certificate in hex, with or without colons */
  constructor(fingerprint: string) {
    super({ keepAlive: true });
    this.#fingerprint = fingerprint;
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const socket = tls.connect({ ...(options as tls.ConnectionOptions), rejectUnauthorized: false });
    const done = (error: Error | null): void => {
      socket.removeListener('error', done);
      if (error !== null) socket.destroy();
      callback?.(error, socket);
    };
    socket.once('error', done);
    socket.once('secureConnect', () => {
      done(pinMismatch(socket, String(options.host), this.#fingerprint) ?? null);
    });
    return undefined;
  }
}
