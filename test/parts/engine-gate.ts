import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a real engine that sees each call. */
export interface EngineGate {
  /** What the app's option `url` takes. */
  readonly url: string;
  /** Told of each call before the engine is; awaited. What throws cuts the caller off, and the engine never hears of it. */
  onCall: (method: string, path: string) => void | Promise<void>;
  close(): Promise<void>;
}

/** @param socketPath of the engine */
export async function startEngineGate(socketPath: string): Promise<EngineGate> {
  const gate = { onCall: (_: string, __: string): void | Promise<void> => {} };
  const server = createServer({ keepAliveTimeout: 0 }, (near, answer) => {
    void (async () => {
      // Whole, so that the engine hears all of a call whose caller ends meanwhile.
      const body = Buffer.concat(await near.toArray());
      const { method = 'GET', url: at = '/', headers } = near;
      const { pathname } = new URL(at, 'http://engine');
      await gate.onCall(method, pathname.replace(/^\/v1\.\d+(?=\/)/, ''));
      const far = request({ socketPath, method, path: at, headers }, (from) => {
        answer.writeHead(from.statusCode ?? 502, from.headers);
        // Events are read as they come.
        answer.flushHeaders();
        from.pipe(answer);
      });
      far.on('error', () => answer.destroy());
      if (method === 'GET') answer.on('close', () => far.destroy());
      far.end(body);
    })().catch(() => answer.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(gate, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
