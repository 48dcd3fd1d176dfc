import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a port of this machine that the test can cut, as a network does. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that were made so far. */
  readonly connections: number;
  /** Breaks all connections, without a goodbye. While `blocked`, new ones break too. */
  cut(blocked?: boolean): void;
  unblock(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
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
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) open.add(socket);
    far.on('error', () => {});
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (blocked = false): void => {
    isBlocked = blocked;
    for (const socket of open) socket.resetAndDestroy();
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
