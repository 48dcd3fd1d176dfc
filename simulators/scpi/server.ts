import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { SimInstrument } from './instruments.ts';

/** What goes wrong with the next answers. `pieces`: sent byte by byte; `late`: kept until `release`. */
export type ScpiFault =
  | { readonly kind: 'hang' }
  | { readonly kind: 'pieces' }
  | { readonly kind: 'late' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'say'; readonly bytes: string };

export interface ScpiSimulator {
  readonly host: string;
  readonly port: number;
  /** Every line that was received. */
  readonly heard: string[];
  /** Connections that are open now. */
  readonly open: number;
  /** Connections so far. */
  readonly connections: number;
  /** What happens to the answer of each command that matches. */
  fault: { readonly to: RegExp; readonly fault: ScpiFault } | undefined;
  /** Says something that nobody asked for, on all connections. */
  shout(bytes: string): void;
  /** Sends what was kept as late, on the connection where it was asked for if that is still there. */
  release(): void;
  close(): Promise<void>;
}

/** Puts an instrument on the wire. */
export async function startScpiSimulator(instrument: SimInstrument): Promise<ScpiSimulator> {
  const sockets = new Set<Socket>();
  const late: (() => void)[] = [];
  const heard: string[] = [];
  let connections = 0;

  function answerTo(line: string): string | Buffer | undefined {
    if (/^\*IDN\?$/i.test(line)) return instrument.idn;
    if (/^:?SYST(em)?:ERR(or)?(:NEXT)?\?$/i.test(line)) return instrument.errors.shift() ?? '0,"No error"';
    const answer = instrument.answer(line);
    if (answer !== null) return answer;
    instrument.errors.push('-113,"Undefined header"');
    return undefined;
  }

  async function respond(socket: Socket, line: string): Promise<void> {
    heard.push(line);
    const answer = answerTo(line);
    const { fault } = simulator.fault?.to.test(line) ? simulator.fault : { fault: undefined };
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'cut') return void socket.destroy();
    if (fault?.kind === 'say') return void socket.write(fault.bytes, 'latin1');
    if (answer === undefined) return;
    const bytes = Buffer.concat([Buffer.from(answer as string), Buffer.from('\n')]);
    if (fault?.kind === 'late') {
      late.push(() => void (socket.destroyed || socket.write(bytes)));
      return;
    }
    if (fault?.kind !== 'pieces') return void socket.write(bytes);
    for (const byte of bytes) {
      socket.write(Buffer.from([byte]));
      await new Promise((next) => setImmediate(next));
    }
  }

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    connections += 1;
    let rest = '';
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      const lines = `${rest}${bytes.toString('latin1')}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) void respond(socket, line.trim());
    });
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const simulator: ScpiSimulator = {
    ...{ host: '127.0.0.1', port: (server.address() as AddressInfo).port, heard, fault: undefined },
    get open() {
      return sockets.size;
    },
    get connections() {
      return connections;
    },
    shout: (bytes) => {
      for (const socket of sockets) socket.write(bytes, 'latin1');
    },
    release: () => {
      for (const send of late.splice(0)) send();
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return simulator;
}
