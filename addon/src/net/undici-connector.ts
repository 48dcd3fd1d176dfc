import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { pinMismatch, readPem, type Trust } from './trust.ts';

/**
 * Connects undici to a server that is believed. The pinned certificate is compared before the connection is handed out:
 * nothing was sent over it yet.
 */
export function connectorOf({ fingerprint, ca, verify = true }: Trust): buildConnector.connector {
  const connect = buildConnector({
    timeout: 10_000,
    // A resumed session shows no certificate to compare.
    ...(fingerprint !== undefined && { maxCachedSessions: 0 }),
    rejectUnauthorized: verify && fingerprint === undefined,
    ...(ca !== undefined && { ca: readPem('ca', ca) }),
  });
  if (fingerprint === undefined) return connect;
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      const mismatch = pinMismatch(socket as TLSSocket, options.hostname, fingerprint);
      if (mismatch === undefined) return callback(null, socket);
      socket.destroy();
      callback(mismatch, null);
    });
}
