import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import type { Way } from './way.ts';

/** What an instrument says in place of its answer. */
const SAYS: Partial<Record<Fault['kind'], string>> = { truncated: '', mistyped: 'HELLO;"?\n' };

/** A proxy before an instrument, which speaks in lines. */
export async function startLineWay(system: string, target: number): Promise<Way> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const writes: string[] = [];
  let fault: Fault | undefined;
  const server = net.createServer((near) => {
    near.on('error', () => {});
    if (fault?.kind === 'reset') return void near.once('data', () => near.resetAndDestroy());
    const far = net.connect(target, '127.0.0.1').on('error', () => {});
    const pair = [near, far] as const;
    pairs.add(pair);
    near.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if (fault?.kind === 'hang') return;
      if (!text.includes('?')) writes.push(text.trim());
      if (fault?.kind === 'answer') return void near.write(fault.body);
      far.write(bytes);
    });
    far.on('data', (bytes) => void tell(near, bytes));
    near.on('close', () => far.destroy());
    far.on('close', () => {
      pairs.delete(pair);
      near.destroy();
    });
  });
  const tell = async (near: Socket, bytes: Buffer): Promise<void> => {
    const met = fault;
    if (met?.kind === 'slow') await sleep(met.ms);
    const said = met === undefined ? undefined : SAYS[met.kind];
    if (met?.kind === 'truncated') near.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
    else near.write(said ?? bytes);
  };
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const [near] of pairs) near.resetAndDestroy();
  };
  return {
    ...{ system, port, writes },
    get open() {
      return pairs.size;
    },
    // Of HTTP's faults it knows one: what answers is no instrument. What the display of the meter says may be any words.
    can: ({ kind, name }) =>
      !['certificate', 'clock'].includes(kind) &&
      (kind !== 'answer' || name === 'HTML page') &&
      (kind !== 'mistyped' || system !== 'scpi/meter'),
    begin: async (begun) => {
      fault = begun;
      if (begun.kind === 'down') server.close();
      if (begun.kind === 'down' || begun.kind === 'reset') cut();
    },
    heal: async () => {
      const wasDown = fault?.kind === 'down';
      fault = undefined;
      if (!wasDown) return cut();
      server.listen({ host: '127.0.0.1', port });
      await once(server, 'listening');
    },
    close: async () => {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      cut();
      await closed;
    },
  };
}
