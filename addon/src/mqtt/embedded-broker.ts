import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AuthenticateError, Client } from 'aedes';
import { LabError } from '../core/errors.ts';
import { type Log, silentLog } from '../core/log.ts';
import { isLoopback } from '../core/loopback.ts';
import { PacketLimit } from './packet-limit.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface EmbeddedBrokerOptions {
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** What every client must give; may be left out only while nothing but this machine can reach the broker. */
  readonly credentials?: Credentials | undefined;
  /** Hears of clients that were refused. */
  readonly log?: Log;
}

export interface EmbeddedBroker {
  /** Where this machine reaches it, whatever it listens on. */
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Clients of a home: Home Assistant, ourselves, and some more. */
const MOST_CONNECTIONS = 64;
/** In bytes; whoever connects gets to say more only once let in. */
const CONNECT_LIMIT = 64 * 1024;
const PACKET_LIMIT = 1024 * 1024;
const CONNECT_MS = 10_000;
const MOST_COMPLAINTS = 100;
/** CONNACK return code of MQTT 3.1.1, section 3.2.2.3. */
const NOT_AUTHORIZED = 5;

/**
 * A small MQTT 3.1.1 broker in this process, for where there is no other. It keeps retained messages in memory only:
 * whoever publishes them is there to do it again, and so are we after a restart. Sessions end with their connection,
 * so nothing is collected for clients that went.
 *
 * @throws LabError `port_taken`; `options_invalid` when others could reach it and there are no credentials
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { host, port, credentials, log = silentLog } = options;
  if (credentials === undefined && !isLoopback(host)) throw open(host);
  const complain = onceEach((line) => log.warn(line));
  // Only who has no other broker pays for this one's code.
  const { Aedes } = await import('aedes');
  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_MS,
    preConnect: (client, packet, done) => {
      if (packet.protocolVersion === 5) {
        const name = `client “${packet.clientId.slice(0, 64)}” at ${addressOf(client.conn)}`;
        complain(`mqtt5 ${addressOf(client.conn)}`, `${name} was refused: ${ONLY_MQTT_3}`);
      }
      // A session that outlives its connection would collect messages for a client that may never return.
      packet.clean = true;
      done(null, true);
    },
    authenticate: (client, username, password, done) => {
      if (credentials === undefined || isKnown(credentials, username, password)) return done(null, true);
      const address = addressOf(client.conn);
      complain(`login ${address}`, `a client at ${address} was refused: its user name or password is wrong`);
      done(notAuthorized(), null);
    },
  });
  // Without a listener it would end the process.
  (aedes as NodeJS.EventEmitter).on('error', (error: Error) => log.error(`broker: ${error.message}`));

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    limitPackets(socket, () => {
      const address = addressOf(socket);
      complain(`size ${address}`, `a client at ${address} was cut off: it sends packets that are too large`);
    });
    aedes.handle(socket);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on('drop', () => complain('drop', `there are ${MOST_CONNECTIONS} clients, more are turned away`));
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    // Its timers would keep the process alive.
    aedes.close();
    throw explain(cause as NodeJS.ErrnoException, host, port);
  }
  return {
    host: reachable(host),
    port: (server.address() as { port: number }).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      // Those that never said who they are the broker does not know.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/**
 * The credentials that the options name for our own broker; undefined: none.
 *
 * @throws LabError `options_invalid` when only one half is there
 */
export function credentialsOf(mqtt: { username?: string; password?: string }): Credentials | undefined {
  const { username, password } = mqtt;
  if (username === undefined && password === undefined) return undefined;
  if (username && password) return { username, password };
  const path = username ? 'mqtt.password' : 'mqtt.username';
  throw new LabError('options_invalid', `${path}: our own broker needs both a user name and a password`, {
    path,
  });
}

const ONLY_MQTT_3 = 'it speaks MQTT 5, our own broker only 3.1.1; choose that in the client’s settings';

const addressOf = (conn: Client['conn']): string => (conn as Socket).remoteAddress ?? 'an unknown address';

const notAuthorized = (): AuthenticateError =>
  Object.assign(new Error('not authorized'), { returnCode: NOT_AUTHORIZED });

/** Takes as long for a wrong user name as for a wrong password, and however much of either is right. */
function isKnown(
  credentials: Credentials,
  username: string | undefined,
  password: Buffer | undefined,
): boolean {
  const digest = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();
  const userFits = timingSafeEqual(digest(credentials.username), digest(username ?? ''));
  const passwordFits = timingSafeEqual(digest(credentials.password), digest(password ?? ''));
  return userFits && passwordFits;
}

/** Refused clients come back every few seconds: what is wrong with them is said once, by `key`. */
function onceEach(say: (line: string) => void): (key: string, line: string) => void {
  const said = new Set<string>();
  return (key, line) => {
    if (said.has(key) || said.size >= MOST_COMPLAINTS) return;
    said.add(key);
    say(line);
  };
}

/** The broker collects the bytes of a packet until it is complete, whatever its size; so we look before it does. */
function limitPackets(socket: Socket, onExceeded: () => void): void {
  const limit = new PacketLimit(CONNECT_LIMIT, PACKET_LIMIT);
  const read = socket.read.bind(socket);
  socket.read = (size) => {
    const chunk = read(size);
    if (chunk === null || limit.accepts(chunk)) return chunk;
    onExceeded();
    socket.destroy();
    return null;
  };
}

/** “All addresses” is nothing that one can connect to everywhere. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function open(host: string): LabError {
  return new LabError(
    'options_invalid',
    `our own broker cannot listen on ${host}: others could reach it, and it has no password`,
    { path: 'mqtt.password', hint: 'set mqtt.username and mqtt.password, or listen on 127.0.0.1 only' },
  );
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code !== 'EADDRINUSE') return cause;
  return new LabError('port_taken', `port ${port} of ${host} is taken, the broker cannot listen there`, {
    hint: 'stop what uses it, set LABKEEPER_MQTT_PORT to another one, or set mqtt.host to use a broker that you have',
    cause,
  });
}
