import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { hurry } from './hurry.ts';
import { pinMismatch } from './trust.ts';

/**
 * An agent that trusts exactly one certificate. It is compared as soon as the connection stands, before the first
 * byte of a request (which may hold a token) is sent.
 */
export class PinnedAgent extends https.Agent {
  readonly #fingerprint: string;
  #context: tls.SecureContext | undefined;
  readonly #connecting = new Set<tls.TLSSocket>();

  /** @param fingerprint SHA-256 of the server's certificate in hex, with or without colons */
  constructor(fingerprint: string, options: https.AgentOptions = {}) {
    super({ keepAlive: true, ...options });
    this.#fingerprint = fingerprint;
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { cert, key } = options;
    // Without the public authorities, which nobody asks here: some 150 certificates, 3 MB.
    this.#context ??= tls.createSecureContext({
      ca: [],
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    });
    const socket = tls.connect({
      ...(options as tls.ConnectionOptions),
      secureContext: this.#context,
      rejectUnauthorized: false,
    });
    hurry(socket);
    this.#connecting.add(socket);
    const done = (error: Error | null): void => {
      this.#connecting.delete(socket);
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

  /** Also what does not stand yet, which Node.js counts only then. */
  override destroy(): void {
    for (const socket of this.#connecting) socket.destroy(new Error('it was let go of'));
    super.destroy();
  }
}
