import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a port or socket of this machine that the test can cut, as a network does. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that were made so far. */
  readonly connections: number;
  /** Breaks all connections, without a goodbye. While `blocked`, new ones break too. */
  cut(blocked?: boolean): void;
  unblock(): void;
  close(): Promise<void>;
}

/** @param target a port, or the path of a socket */
export async function startTcpProxy(target: number | string): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let connections = 0;
  let isBlocked = false;
  const server = createServer((near) => {
    near.on('error', () => {});
    if (isBlocked) {
      near.resetAndDestroy();
      return;
    }
    connections += 1;
    const far = typeof target === 'string' ? connect(target) : connect(target, '127.0.0.1');
    for (const socket of [near, far]) open.add(socket);
    far.on('error', () => {});
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (blocked = false): void => {
    isBlocked = blocked;
    // What leads to a socket cannot be reset, only closed.
    for (const socket of open) if (socket.remoteFamily === undefined) socket.destroy();
    for (const socket of open) if (!socket.destroyed) socket.resetAndDestroy();
    open.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    cut,
    unblock: () => {
      isBlocked = false;
    },
    close: async () => {
      cut(true);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
