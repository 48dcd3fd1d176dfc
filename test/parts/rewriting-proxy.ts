import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Rewriting {
  readonly url: string;
  /** Answers a path with something else from now on; undefined: as the server behind it does. */
  rewrite(path: string, body: object | undefined, etag?: string): void;
  close(): Promise<void>;
}

/** Passes requests on to a server on loopback, and answers some of them with something else. */
export async function rewritingProxy(target: string): Promise<Rewriting> {
  const answers = new Map<string, { readonly body: string; readonly etag: string | undefined }>();
  const server = createServer((incoming, outgoing) => {
    const other = answers.get(incoming.url ?? '');
    if (other !== undefined) {
      const { body, etag } = other;
      outgoing.writeHead(200, { 'content-type': 'application/json', ...(etag !== undefined && { etag }) });
      outgoing.end(body);
      return;
    }
    const { method = 'GET', headers } = incoming;
    const behind = request(`${target}${incoming.url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    behind.on('error', () => outgoing.destroy());
    incoming.pipe(behind);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rewrite: (path, body, etag) => {
      if (body === undefined) answers.delete(path);
      else answers.set(path, { body: JSON.stringify(body), etag });
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
