import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** “QFI\xfbsmall image”, packed. */
export const SMALL_XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAOUUZJ+3NtYWxsIGltYWdlAADeSE+6fJtkggABJw/fGvxqH7bzfQEAAAAABFla',
  'base64',
);
/** Publishes one file as GitHub does its releases: its address leads to where it lies. */
export async function fileServer(file: Buffer) {
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = {
    base,
    file,
    /** False: it always sends all of it. */
    givesParts: true,
    /** Whole downloads that were begun. */
    downloads: 0,
    /** Downloads under way. */
    open: 0,
    /** After so many bytes nothing more comes until it is let go on. */
    stopsAfter: Number.POSITIVE_INFINITY,
    goOn: Promise.resolve(),
    /** After so many bytes the connection ends, this time only. */
    breaksAfter: undefined as number | undefined,
    close: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };

  async function answer({ url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url.startsWith('/releases/')) return void response.writeHead(302, { location: '/asset?sig=1' }).end();
    if (url !== '/asset?sig=1') return void response.writeHead(404).end();
    const { file: data } = state;
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    if (first !== undefined && state.givesParts) {
      const end = Math.min(Number(last), data.length - 1);
      response.writeHead(206, { 'content-range': `bytes ${first}-${end}/${data.length}` });
      return void response.end(data.subarray(Number(first), end + 1));
    }
    response.writeHead(200, { 'content-length': data.length });
    if (first !== undefined) return void response.end(data);
    state.downloads += 1;
    state.open += 1;
    response.once('close', () => {
      state.open -= 1;
    });
    const { breaksAfter } = state;
    state.breaksAfter = undefined;
    if (breaksAfter !== undefined)
      return void response.write(data.subarray(0, breaksAfter), () => response.destroy());
    response.write(data.subarray(0, state.stopsAfter));
    await state.goOn;
    response.end(data.subarray(Math.min(state.stopsAfter, data.length)));
  }
  return state;
}
