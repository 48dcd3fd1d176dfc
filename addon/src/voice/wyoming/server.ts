import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { Conversation, type Speak } from './conversation.ts';

export interface WyomingServerParts {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  /** What `describe` is answered with, as it goes over the wire; known at any time. */
  info(): Buffer;
  readonly speak: Speak;
}

export interface WyomingServer {
  readonly port: number;
  /** Connections that are open now. */
  readonly clients: number;
  close(): Promise<void>;
}

/** Home Assistant makes a connection for each text; more than these at a time are something else. */
const MOST_CLIENTS = 128;
/** Addresses of which it was said that they do not speak Wyoming. */
const MOST_SAID = 50;

/**
 * Takes connections of who wants to have something spoken. Who does not keep to the protocol is hung up on, and nobody
 * else notices.
 *
 * @throws LabError `port_taken`
 */
export async function startWyomingServer(parts: WyomingServerParts): Promise<WyomingServer> {
  const { host, port, clock, log } = parts;
  const open = new Map<Socket, Conversation>();
  const said = new Set<string>();
  const complain = (peer: string, message: string): void => {
    const isNew = !said.has(peer) && said.size < MOST_SAID;
    said.add(peer);
    log[isNew ? 'warn' : 'debug'](message, { peer });
  };
  // Who has hung up does not listen any more: then nothing is spoken on.
  const server = createServer({ allowHalfOpen: false, noDelay: true }, (socket) => {
    const peer = socket.remoteAddress ?? 'unknown';
    const conversation = new Conversation(socket, {
      ...{ clock, log, info: parts.info, speak: parts.speak },
      complain: (message) => complain(peer, message),
    });
    open.set(socket, conversation);
    socket.once('close', () => open.delete(socket));
  });
  server.maxConnections = MOST_CLIENTS;
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw explain(cause as NodeJS.ErrnoException, host, port);
  }
  server.on('error', ({ message }) => log.error(`the port of the voice: ${message}`));
  return {
    port: (server.address() as AddressInfo).port,
    get clients() {
      return open.size;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const conversation of open.values()) conversation.cut();
      await closed;
    },
  };
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): LabError {
  if (cause.code === 'EADDRINUSE')
    return new LabError('port_taken', `port ${port} of ${host} is in use, the voice cannot listen there`, {
      hint: 'Set LABKEEPER_WYOMING_PORT to a free one, or end what uses it.',
      cause,
    });
  return new LabError('port_taken', `the voice cannot listen on ${host}:${port}: ${cause.message}`, {
    hint: 'Check LABKEEPER_HOST and LABKEEPER_WYOMING_PORT.',
    cause,
  });
}
