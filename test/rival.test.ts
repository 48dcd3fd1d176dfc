import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Message } from '../addon/src/mqtt/connection.ts';
import { Rival } from '../addon/src/mqtt/rival.ts';

/** Apps on one broker, where everybody hears everything in order. */
class Broker {
  readonly apps = new Map<string, Rival>();
  readonly conflicts: string[] = [];
  readonly #queue: Message[] = [];
  said = 0;

  app(id: string, since: number): Rival {
    const rival = new Rival({
      base: 'labkeeper',
      id,
      since,
      publish: (message) => this.#queue.push(message),
      onConflict: (message) => {
        this.conflicts.push(id);
        assert.match(message, /another Labkeeper \(on ".+", since 1970-.*\) uses the topics “labkeeper\/…”/);
      },
    });
    this.apps.set(id, rival);
    return rival;
  }

  deliver(): void {
    for (let message = this.#queue.shift(); message !== undefined; message = this.#queue.shift()) {
      this.said += 1;
      assert.ok(this.said < 20, 'they go on and on');
      for (const rival of this.apps.values()) rival.take(message);
    }
  }
}

suite('two apps on one base topic', () => {
  test('alone nobody answers, and the question comes back', () => {
    const broker = new Broker();
    let echoes = 0;
    broker.app('a', 1).ask(() => {
      echoes += 1;
    });
    broker.deliver();
    assert.equal(echoes, 1);
    assert.deepEqual(broker.conflicts, []);
  });

  test('the one that runs stays, whatever the clocks say', () => {
    const broker = new Broker();
    broker.app('old', 1_000).settle();
    const fresh = broker.app('new', 1);
    fresh.ask(() => {});
    broker.deliver();
    assert.deepEqual(broker.conflicts, ['new']);
    assert.equal(fresh.lost, true);
  });

  test('of two that run the earlier one stays, whoever asks', () => {
    for (const asker of ['early', 'late']) {
      const broker = new Broker();
      broker.app('early', 1).settle();
      broker.app('late', 2).settle();
      broker.apps.get(asker)?.ask(() => {});
      broker.deliver();
      assert.deepEqual(broker.conflicts, ['late'], asker);
    }
  });

  test('of two that start in the same millisecond one stays', () => {
    const broker = new Broker();
    for (const id of ['a', 'b']) broker.app(id, 1).ask(() => {});
    broker.deliver();
    assert.deepEqual(broker.conflicts, ['b']);
  });

  test('is not taken for one by what makes no sense, or was kept', () => {
    const broker = new Broker();
    const app = broker.app('a', 5);
    const hello = JSON.stringify({ id: 'x', since: 1, running: true, host: 'h' });
    app.take({ topic: app.topic, payload: hello, retain: true, qos: 1 });
    for (const payload of ['', '{', 'null', '[]', '{"id":"x","since":"1"}', '{"id":"x","since":1e99}']) {
      app.take({ topic: app.topic, payload, retain: false, qos: 1 });
    }
    assert.deepEqual(broker.conflicts, []);
    app.take({ topic: app.topic, payload: hello, retain: false, qos: 1 });
    assert.deepEqual(broker.conflicts, ['a']);
  });
});
