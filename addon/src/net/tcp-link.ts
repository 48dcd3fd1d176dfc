import { connect, type Socket } from 'node:net';
import { LabError } from '../core/errors.ts';
import { connectionHint } from './explain.ts';

export interface TcpLinkOptions {
  readonly host: string;
  readonly port: number;
  /** Who is at the other end, for errors. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: Buffer) => void;
  /** Called once, when the connection is gone, by whomever it was ended. */
  readonly onEnd: (error: LabError) => void;
}

/** A plain TCP connection. */
export interface TcpLink {
  /** Resolves when the bytes are with the operating system; that says nothing of who reads them. */
  send(bytes: string): Promise<void>;
  /** Cuts it. */
  cut(): void;
}

/** @throws LabError `unreachable`; the reason of `signal` where that was aborted first */
export async function openTcp(options: TcpLinkOptions): Promise<TcpLink> {
  const { host, port, name, signal, onBytes, onEnd } = options;
  signal.throwIfAborted();
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  await connected(socket, options);
  let error = new LabError('unreachable', `${name}: the connection to ${host}:${port} was closed`);
  socket.on('data', onBytes);
  socket.on('error', (cause) => {
    error = unreachable(options, cause);
  });
  socket.once('end', () => socket.destroy());
  socket.once('close', () => onEnd(error));
  return {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, 'latin1', (cause) => {
          if (cause) reject(new LabError('unreachable', `${name}: ${cause.message}`, { cause }));
          else resolve();
        });
      }),
    cut: () => socket.destroy(),
  };
}

function connected(socket: Socket, options: TcpLinkOptions): Promise<void> {
  const { signal } = options;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => {
    socket.destroy();
    reject(signal.reason);
  };
  const onError = (cause: Error): void => reject(unreachable(options, cause));
  signal.addEventListener('abort', onAbort);
  socket.once('error', onError);
  socket.once('connect', resolve);
  return promise.finally(() => {
    signal.removeEventListener('abort', onAbort);
    socket.removeListener('connect', resolve);
    socket.removeListener('error', onError);
    // What fails after this is nobody's, until its owner listens.
    socket.on('error', () => {});
  });
}

function unreachable({ host, port, name }: TcpLinkOptions, cause: Error): LabError {
  const hint = connectionHint(cause);
  return new LabError('unreachable', `${name}: ${host}:${port}: ${cause.message}`, {
    cause,
    ...(hint !== undefined && { hint }),
  });
}
