import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Connection, type Message } from '../addon/src/mqtt/connection.ts';
import { startEmbeddedBroker } from '../addon/src/mqtt/embedded-broker.ts';
import { atEnd, observe, until } from './helpers/observer.ts';
import { recordingLog } from './helpers/samples.ts';
import { startTcpProxy, type TcpProxy } from './helpers/tcp-proxy.ts';

const HOST = '127.0.0.1';
const BRIDGE = 'labkeeper/bridge/state';

/** A broker, a way to it that can be cut, somebody who listens, and our connection. */
async function bench(t: TestContext) {
  const broker = await startEmbeddedBroker({ host: HOST, port: 0 });
  atEnd(t, () => broker.close());
  const proxy = await startTcpProxy(broker.port);
  atEnd(t, () => proxy.close());
  const observer = await observe(t, broker.port);
  return { broker, proxy, observer };
}

function connectTo(t: TestContext, { port }: Pick<TcpProxy, 'port'>) {
  const log = recordingLog();
  const commands: Message[] = [];
  let connects = 0;
  const connection = new Connection({ host: HOST, port, tls: false }, BRIDGE, log, {
    onReady: () => {
      connects += 1;
      connection.sayOnline();
    },
    onLost: () => {},
  });
  connection.subscribe('labkeeper/+/+/set', (message) => commands.push(message));
  atEnd(t, () => connection.close());
  return { connection, log, commands, connects: () => connects };
}

// Each has its own broker, and most of them wait for a second connection.
suite('connection', { concurrency: true }, () => {
  test('says that it is there, and that it goes, to whoever asks later too', async (t) => {
    const { broker, observer } = await bench(t);
    const { connection, connects } = connectTo(t, broker);
    assert.equal(connection.connected, false);
    await until('online', () => observer.said(`${BRIDGE} online`));
    assert.equal(connection.connected, true);
    assert.equal(connects(), 1);
    const during = await observe(t, broker.port);
    await until('retained online', () => during.retained.get(BRIDGE) === 'online');
    await connection.close();
    await until('offline', () => observer.said(`${BRIDGE} offline`));
    await sleep(100);
    const after = await observe(t, broker.port);
    await until('retained offline', () => after.retained.get(BRIDGE) === 'offline');
  });

  test('tells whether the broker answers now', async (t) => {
    const { proxy, observer } = await bench(t);
    const { connection } = connectTo(t, proxy);
    const never = new AbortController().signal;
    assert.equal(await connection.answers(never), false);
    await until('online', () => observer.said(`${BRIDGE} online`));
    assert.equal(await connection.answers(never), true);
    proxy.cut();
    await until('it is lost', () => !connection.connected);
    assert.equal(await connection.answers(never), false);
    const leaving = new AbortController();
    leaving.abort();
    await until('it is back', () => connection.connected);
    assert.equal(await connection.answers(never), true);
  });

  test('sends messages, and hands on those that it asked for', async (t) => {
    const { broker, observer } = await bench(t);
    const { connection, commands } = connectTo(t, broker);
    await until('online', () => observer.said(`${BRIDGE} online`));
    connection.publish({ topic: 'labkeeper/a/state', payload: '{"ä":1}', retain: true, qos: 1 });
    await until('a state', () => observer.said('labkeeper/a/state {"ä":1}'));
    const later = await observe(t, broker.port);
    await until('a kept state', () => later.retained.get('labkeeper/a/state') === '{"ä":1}');
    for (const topic of [
      'labkeeper/a/b/c/set',
      'labkeeper/a/set',
      'other/a/b/set',
      'labkeeper/a/power/set',
    ]) {
      await observer.client.publishAsync(topic, 'ON', { qos: 1 });
    }
    await until('a command', () => commands.length > 0);
    assert.deepEqual(commands, [{ topic: 'labkeeper/a/power/set', payload: 'ON', retain: false, qos: 1 }]);
  });

  test('tells a message that the broker kept from one that was just sent', async (t) => {
    const { broker, observer } = await bench(t);
    await observer.client.publishAsync('labkeeper/a/power/set', 'OFF', { retain: true, qos: 1 });
    const { commands } = connectTo(t, broker);
    await until('the kept command', () => commands.length > 0);
    assert.deepEqual(commands, [{ topic: 'labkeeper/a/power/set', payload: 'OFF', retain: true, qos: 1 }]);
  });

  test('that breaks is offline by its last will, comes back, and asks for its commands again', async (t) => {
    const { proxy, observer } = await bench(t);
    const { connection, commands, connects } = connectTo(t, proxy);
    await until('online', () => observer.said(`${BRIDGE} online`));
    proxy.cut();
    await until('offline', () => observer.said(`${BRIDGE} offline`));
    assert.equal(connects(), 1);
    await until('online again', () => observer.said(`${BRIDGE} online`) === 2);
    assert.equal(proxy.connections, 2);
    assert.equal(connects(), 2);
    assert.equal(connection.connected, true);
    // The subscription is asked for at the same time as `online` is said.
    await until('a command', () => {
      void observer.client.publishAsync('labkeeper/a/power/set', 'ON');
      return commands.length > 0;
    });
  });

  test('that does not stand drops what it is given: all is sent anew when it does', async (t) => {
    const { proxy, observer } = await bench(t);
    const { connection, connects } = connectTo(t, proxy);
    await until('online', () => observer.said(`${BRIDGE} online`));
    proxy.cut(true);
    await until('offline', () => !connection.connected);
    connection.publish({ topic: 'labkeeper/a/state', payload: 'old', retain: true, qos: 1 });
    proxy.unblock();
    await until('a second connection', () => connects() === 2);
    connection.publish({ topic: 'labkeeper/a/state', payload: 'new', retain: true, qos: 1 });
    await until('the new state', () => observer.said('labkeeper/a/state new'));
    assert.equal(observer.said('labkeeper/a/state old'), 0);
  });

  test('answers the last will of a connection before it', async (t) => {
    const { broker, observer } = await bench(t);
    connectTo(t, broker);
    await until('online', () => observer.said(`${BRIDGE} online`));
    // Until our subscription stands, nobody could hear it.
    let looks = 0;
    await until('an answer', () => {
      // Twice a second: where many wait for theirs, the last word is not said yet.
      if (looks % 50 === 0) void observer.client.publishAsync(BRIDGE, 'offline', { retain: true, qos: 1 });
      looks += 1;
      return observer.said(`${BRIDGE} online`) > 1;
    });
    await sleep(500);
    const later = await observe(t, broker.port);
    await until('retained online', () => later.retained.get(BRIDGE) === 'online');
  });

  test('that never stood can be closed at once, and says why it does not stand', async (t) => {
    const broker = await startEmbeddedBroker({ host: HOST, port: 0 });
    await broker.close();
    const { connection, log } = connectTo(t, broker);
    await until('a warning', () => log.lines.length > 0);
    assert.match(
      log.lines[0] ?? '',
      /^warn 127\.0\.0\.1:\d+: nothing listens there; check mqtt\.host and mqtt\.port/,
    );
    const start = Date.now();
    await connection.close();
    assert.ok(Date.now() - start < 1_000);
  });

  test('waits for an address, and can be closed before there is one', async (t) => {
    const { broker, observer } = await bench(t);
    const log = recordingLog();
    const connection = new Connection(undefined, BRIDGE, log, {
      onReady: () => connection.sayOnline(),
      onLost: () => {},
    });
    atEnd(t, () => connection.close());
    await sleep(100);
    assert.deepEqual([connection.connected, log.lines], [false, []]);
    connection.moveTo({ host: HOST, port: broker.port, tls: false });
    await until('online', () => observer.said(`${BRIDGE} online`));
    const never = new Connection(undefined, BRIDGE, log, { onReady: () => {}, onLost: () => {} });
    await never.close();
    never.moveTo({ host: HOST, port: broker.port, tls: false });
    await sleep(100);
    assert.equal(never.connected, false, 'it was closed');
  });

  test('that is refused is tried again, asks for what is right, and comes in with that', async (t) => {
    const credentials = { username: 'lab', password: 'new' };
    const broker = await startEmbeddedBroker({ host: HOST, port: 0, credentials });
    atEnd(t, () => broker.close());
    let failures = 0;
    let ready = 0;
    const address = { host: HOST, port: broker.port, tls: false };
    const connection = new Connection(
      { ...address, ...credentials, password: 'old' },
      BRIDGE,
      recordingLog(),
      {
        onReady: () => {
          ready += 1;
        },
        onLost: () => {},
        onFailed: () => {
          failures += 1;
          connection.moveTo({ ...address, ...credentials });
        },
      },
    );
    atEnd(t, () => connection.close());
    await until('the connection', () => ready === 1);
    assert.equal(failures, 1);
  });

  test('that goes over to another broker takes nothing along from the one before', async (t) => {
    const credentials = { username: 'lab', password: 'secret' };
    const guarded = await startEmbeddedBroker({ host: HOST, port: 0, credentials });
    const { broker, observer } = await bench(t);
    const address = { host: HOST, port: guarded.port, tls: false };
    const connection = new Connection({ ...address, ...credentials }, BRIDGE, recordingLog(), {
      onReady: () => connection.sayOnline(),
      onLost: () => {},
    });
    atEnd(t, () => connection.close());
    await until('the first broker', () => connection.connected);
    connection.moveTo({ host: HOST, port: broker.port, tls: false });
    await guarded.close();
    await until('the other broker', () => observer.said(`${BRIDGE} online`));
  });
});

suite('embedded broker', () => {
  test('whose port is taken ends the start with a word on which, and how to take another', async (t) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    atEnd(t, () => server.close());
    const { port } = server.address() as { port: number };
    const main = path.join(import.meta.dirname, '../addon/src/main.ts');
    const { LABKEEPER_OPTIONS: _, SUPERVISOR_TOKEN: __, ...env } = process.env;
    const start = promisify(execFile)(process.execPath, [main], {
      env: { ...env, LABKEEPER_MQTT_PORT: `${port}` },
      timeout: 8_000,
    });
    await assert.rejects(start, (ended: Error & { code?: number; stderr?: string }) => {
      assert.equal(ended.code, 1);
      assert.match(ended.stderr ?? '', new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken`));
      assert.match(ended.stderr ?? '', /LABKEEPER_MQTT_PORT/);
      return true;
    });
  });

  test('gives its port back when it is closed, even with somebody connected', async (t) => {
    const first = await startEmbeddedBroker({ host: HOST, port: 0 });
    const observer = await observe(t, first.port);
    await first.close();
    await until('the end of the connection', () => !observer.client.connected);
    const second = await startEmbeddedBroker({ host: HOST, port: first.port });
    assert.equal(second.port, first.port);
    await second.close();
  });
});
