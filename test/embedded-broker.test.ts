import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import mqtt, { type IClientOptions, type IConnackPacket, type MqttClient } from 'mqtt';
import { type Log, silentLog } from '../addon/src/core/log.ts';
import {
  credentialsOf,
  type EmbeddedBroker,
  type EmbeddedBrokerOptions,
  startEmbeddedBroker,
} from '../addon/src/mqtt/embedded-broker.ts';
import { eventually } from './parts/process.ts';

const CREDENTIALS = { username: 'lab', password: 'correct horse' };

interface Started {
  readonly broker: EmbeddedBroker;
  readonly warnings: readonly string[];
}

async function started(t: TestContext, options: Partial<EmbeddedBrokerOptions> = {}): Promise<Started> {
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => warnings.push(message) };
  const broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, log, ...options });
  t.after(() => broker.close());
  return { broker, warnings };
}

/** A client that is let in, or the error that tells why not. */
async function connect(
  t: TestContext,
  { host, port }: EmbeddedBroker,
  options: IClientOptions = {},
): Promise<MqttClient> {
  const client = mqtt.connect({
    protocol: 'mqtt',
    host,
    port,
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...options,
  });
  t.after(() => client.endAsync(true));
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
  return client;
}

/** Bytes straight to the broker; resolves with what it answered when it hangs up. */
async function sayRaw({ host, port }: EmbeddedBroker, bytes: readonly Buffer[]): Promise<Buffer> {
  const socket = net.connect(port, host);
  const answer: Buffer[] = [];
  socket.on('data', (chunk) => answer.push(chunk));
  // Being hung up on in the middle of a sentence is what some of these tests are about.
  socket.on('error', () => {});
  for (const chunk of bytes) socket.write(chunk);
  await once(socket, 'close');
  return Buffer.concat(answer);
}

// CONNECT of MQTT 3.1.1: clean session, keep-alive of 60 s, client id “a”.
const CONNECT = Buffer.from('100d00044d5154540402003c000161', 'hex');

// Hangs (the test file never ends): the Aedes instance whose port was taken is never closed, its heartbeat timer stays.
test('a broker whose port is taken leaves nothing running', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  await assert.rejects(startEmbeddedBroker({ host: '127.0.0.1', port }), { code: 'port_taken' });
});

test('on loopback it needs no password', async (t) => {
  const ipv6 = Object.values(networkInterfaces()).some((list) =>
    list?.some(({ address }) => address === '::1'),
  );
  for (const host of ['127.0.0.1', '127.0.0.2', 'localhost', ...(ipv6 ? ['::1'] : [])]) {
    const { broker } = await started(t, { host });
    await connect(t, broker);
  }
});

test('it does not listen where others reach it without a password', async () => {
  for (const host of [
    '0.0.0.0',
    '::',
    '192.168.1.10',
    '::ffff:192.168.1.10',
    'nas.home',
    '127.0.0.1.example.org',
  ]) {
    await assert.rejects(startEmbeddedBroker({ host, port: 0 }), {
      code: 'options_invalid',
      message: `our own broker cannot listen on ${host}: others could reach it, and it has no password`,
      hint: /mqtt\.username and mqtt\.password/,
    });
  }
});

test('with a password it listens everywhere, and says where this machine finds it', async (t) => {
  const { broker } = await started(t, { host: '0.0.0.0', credentials: CREDENTIALS });
  assert.equal(broker.host, '127.0.0.1');
  await connect(t, broker, CREDENTIALS);
});

test('who gives a wrong password, a wrong name or none is refused with code 5, and told of once', async (t) => {
  const { broker, warnings } = await started(t, { credentials: CREDENTIALS });
  const wrong = [
    {},
    { username: 'lab' },
    { username: 'lab', password: 'correct hors' },
    { username: 'lab', password: 'correct horse ' },
    { username: 'Lab', password: 'correct horse' },
    { username: '', password: '' },
  ];
  for (const options of wrong) await assert.rejects(connect(t, broker, options), { code: 5 });
  assert.deepEqual(warnings, ['a client at 127.0.0.1 was refused: its user name or password is wrong']);
  await connect(t, broker, CREDENTIALS);
});

test('who was refused can neither publish nor subscribe', async (t) => {
  const { broker } = await started(t, { credentials: CREDENTIALS });
  const listener = await connect(t, broker, CREDENTIALS);
  const heard: string[] = [];
  listener.on('message', (topic) => heard.push(topic));
  await listener.subscribeAsync('#');
  // PUBLISH to “x” behind a CONNECT without a password, in one breath.
  const answer = await sayRaw(broker, [Buffer.concat([CONNECT, Buffer.from('30040001785a', 'hex')])]);
  assert.equal(answer.toString('hex'), '20020005');
  await listener.publishAsync('end', '');
  await eventually('the last message', () => heard.includes('end'));
  assert.deepEqual(heard, ['end']);
});

test('an MQTT 5 client is refused, and the log says what to do', async (t) => {
  const { broker, warnings } = await started(t);
  await assert.rejects(connect(t, broker, { protocolVersion: 5, clientId: 'ha' }));
  await assert.rejects(connect(t, broker, { protocolVersion: 5, clientId: 'ha' }));
  assert.deepEqual(warnings, [
    'client “ha” at 127.0.0.1 was refused: it speaks MQTT 5, our own broker only 3.1.1; choose that in the client’s settings',
  ]);
});

test('retained messages reach who comes later', async (t) => {
  const { broker } = await started(t);
  const speaker = await connect(t, broker);
  await speaker.publishAsync('labkeeper/x/state', '{}', { retain: true, qos: 1 });
  const listener = await connect(t, broker);
  const heard: [string, string][] = [];
  listener.on('message', (topic, payload) => heard.push([topic, payload.toString()]));
  await listener.subscribeAsync('labkeeper/#');
  await eventually('the message', () => heard.length > 0);
  assert.deepEqual(heard, [['labkeeper/x/state', '{}']]);
});

test('nothing is collected for a client that left', async (t) => {
  const { broker } = await started(t);
  const session = { clean: false, clientId: 'leaver' };
  const first = await connect(t, broker, session);
  await first.subscribeAsync('x', { qos: 1 });
  await first.endAsync();
  const speaker = await connect(t, broker);
  await speaker.publishAsync('x', 'while away', { qos: 1 });
  const second = mqtt.connect({
    ...session,
    host: broker.host,
    port: broker.port,
    protocol: 'mqtt',
    protocolVersion: 4,
  });
  t.after(() => second.endAsync(true));
  const heard: string[] = [];
  second.on('message', (_, payload) => heard.push(payload.toString()));
  const { sessionPresent } = await new Promise<IConnackPacket>((resolve) => second.once('connect', resolve));
  assert.equal(sessionPresent, false);
  await second.subscribeAsync('x', { qos: 1 });
  await speaker.publishAsync('x', 'now', { qos: 1 });
  await eventually('the message', () => heard.includes('now'));
  assert.deepEqual(heard, ['now']);
});

test('a client that announces a huge packet is cut off before it sends it', async (t) => {
  const { broker, warnings } = await started(t);
  const huge = Buffer.from('30ffffff7f0001', 'hex');
  // The client has still to send 256 MB; without the limit the broker waits for them.
  await sayRaw(broker, [CONNECT, huge]);
  assert.deepEqual(warnings, ['a client at 127.0.0.1 was cut off: it sends packets that are too large']);
});

test('who has not been let in yet may say less', async (t) => {
  const { broker, warnings } = await started(t);
  // A CONNECT of 128 KiB.
  await sayRaw(broker, [Buffer.from('10808008', 'hex')]);
  assert.equal(warnings.length, 1);
  const client = await connect(t, broker);
  await client.publishAsync('x', 'x'.repeat(900 * 1024), { qos: 1 });
  assert.equal(warnings.length, 1);
});

// The broker would wait ten seconds for it.
test('it closes at once though a client never said who it is', { timeout: 5_000 }, async () => {
  const broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0 });
  const socket = net.connect(broker.port, broker.host);
  await once(socket, 'connect');
  // Accepted only after its own turn of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const gone = once(socket, 'close');
  await broker.close();
  await gone;
});

test('half of the credentials is a mistake', () => {
  assert.equal(credentialsOf({}), undefined);
  assert.deepEqual(credentialsOf(CREDENTIALS), CREDENTIALS);
  assert.throws(() => credentialsOf({ username: 'lab' }), { code: 'options_invalid', path: 'mqtt.password' });
  assert.throws(() => credentialsOf({ username: 'lab', password: '' }), { path: 'mqtt.password' });
  assert.throws(() => credentialsOf({ password: 'x' }), { code: 'options_invalid', path: 'mqtt.username' });
});
