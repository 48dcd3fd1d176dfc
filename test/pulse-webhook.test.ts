import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { alertOf } from '../addon/src/sources/pulse/alert.ts';
import { AlertBook } from '../addon/src/sources/pulse/book.ts';
import { bodyOf } from '../simulators/pulse/webhook.ts';
import { withServer } from './helpers/http.ts';
import { type PulseLab, type PulseLabOptions, pulseLab, SECRET } from './helpers/pulse-lab.ts';

const cleanups: (() => Promise<unknown>)[] = [];
const CPU = { name: 'web-01', vmid: 120, type: 'cpu' };
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Pulse, Labkeeper's page before the source, and a webhook of the one to the other. */
async function wired(
  work: (lab: PulseLab, port: number) => Promise<void>,
  options: PulseLabOptions = {},
  path = `/hooks/pulse/home/${SECRET}`,
): Promise<void> {
  const lab = await pulseLab(options);
  cleanups.push(() => lab.close());
  await lab.known();
  await withServer({ hookOf: (owner) => lab.engine.hookOf(owner) }, async ({ port }) => {
    lab.simulator.webhook = { url: `http://127.0.0.1:${port}${path}` };
    await work(lab, port);
  });
}

suite('a webhook of Pulse', () => {
  test('tells of starts and ends at once, and the counts follow without waiting for the next look', async () => {
    await wired(async (lab) => {
      const { id } = lab.monitor.raise(CPU);
      await lab.simulator.settled();
      assert.deepEqual(lab.told(), ['started cpu'], 'no time has passed');
      await lab.pass(3);
      assert.equal(lab.at()?.readings.alerts, 1);
      lab.monitor.escalate(id);
      lab.monitor.resolve(id);
      await lab.simulator.settled();
      assert.deepEqual(lab.told(), ['started cpu', 'changed cpu', 'ended cpu']);
      assert.ok(Date.parse(String(lab.events[2]?.ended)) >= Date.parse(String(lab.events[2]?.since)));
      await lab.pass(65);
      assert.equal(lab.events.length, 3, 'looking finds nothing that was not told');
      assert.deepEqual(
        lab.simulator.attempts.map(({ eventId, status }) => [eventId, status]),
        [
          [`${id}:alert`, 204],
          [`${id}:alert`, 204],
          [`${id}:resolved`, 204],
        ],
      );
    });
  });

  test('that comes again, or late, is no news; the next time of the same alert is', async () => {
    await wired(async (lab) => {
      const first = structuredClone(lab.monitor.raise(CPU));
      await lab.simulator.settled();
      const again = (event: 'alert' | 'resolved') =>
        lab.hook().take({
          headers: { 'x-pulse-event-id': `${first.id}:${event}` },
          body: JSON.parse(bodyOf(lab.monitor, event, [first])),
        });
      again('alert');
      lab.monitor.resolve(first.id);
      await lab.simulator.settled();
      again('resolved');
      again('alert');
      assert.deepEqual(lab.told(), ['started cpu', 'ended cpu']);
      await lab.clock.advance(1_000);
      lab.monitor.raise(CPU);
      await lab.simulator.settled();
      again('resolved');
      assert.deepEqual(lab.told(), ['started cpu', 'ended cpu', 'started cpu']);
      await lab.pass(40);
      assert.equal(lab.events.length, 3);
    });
  });

  test('that is late over a restart is no news either', async () => {
    await wired(async (lab) => {
      const first = structuredClone(lab.monitor.raise(CPU));
      lab.monitor.resolve(first.id);
      await lab.simulator.settled();
      await lab.reopen();
      await lab.known();
      await lab.pass(2);
      for (const event of ['alert', 'resolved'] as const)
        lab.hook().take({ headers: {}, body: JSON.parse(bodyOf(lab.monitor, event, [first])) });
      assert.deepEqual(lab.told(), ['started cpu', 'ended cpu']);
    });
  });

  test('of many alerts tells of each', async () => {
    await wired(async (lab) => {
      const { webhook } = lab.simulator;
      lab.simulator.webhook = undefined;
      const both = [lab.monitor.raise(CPU), lab.monitor.raise({ name: 'nas', vmid: 121, type: 'disk' })];
      lab.simulator.webhook = webhook;
      lab.monitor.onEvent('alert', both);
      await lab.simulator.settled();
      assert.deepEqual(lab.told(), ['started cpu', 'started disk']);
    });
  });

  test('that is lost does no harm: looking finds it', async () => {
    await wired(
      async (lab) => {
        lab.monitor.raise(CPU);
        await lab.simulator.settled();
        assert.deepEqual(
          lab.simulator.attempts.map(({ status }) => status),
          [404, 404, 404],
        );
        assert.deepEqual(lab.told(), []);
        await lab.pass(31);
        assert.deepEqual(lab.told(), ['started cpu']);
      },
      {},
      '/hooks/pulse/home/somebody-elses-secret',
    );
  });

  test('with a template of the user’s has it looked at, and says so', async () => {
    await wired(async (lab) => {
      const url = lab.simulator.webhook?.url ?? '';
      lab.simulator.webhook = { url, template: ({ message }) => JSON.stringify({ text: message }) };
      lab.monitor.raise(CPU);
      await lab.simulator.settled();
      assert.deepEqual(lab.told(), []);
      await lab.pass(3);
      assert.deepEqual(lab.told(), ['started cpu']);
      await lab.said('template of its own');
    });
  });

  test('may say anything', async () => {
    await wired(async (lab) => {
      const bodies: readonly unknown[] = [
        ...[null, 7, 'text', [], {}, { alerts: null }, { alerts: {} }, { alerts: [null, 1, 'x', {}] }],
        { alerts: [{ id: 'x' }, { id: '', startTime: '2026-11-30T10:00:00Z' }] },
        { alerts: [{ id: 'x'.repeat(501), startTime: '2026-11-30T10:00:00Z' }] },
        { alerts: [{ id: 'x', startTime: 'soon' }], event: { a: 1 }, resolvedAtIso: 5 },
        JSON.parse('{"__proto__": {"alerts": [1]}, "constructor": 5}'),
      ];
      for (const body of bodies) lab.hook().take({ headers: {}, body });
      assert.deepEqual(lab.told(), []);
      await lab.pass(31);
      assert.equal(lab.at()?.available, true);
      // Even what is no alert of its own is taken back by the next list.
      lab.hook().take({
        headers: {},
        body: { alerts: [{ id: 'made up', startTime: '2026-11-30T10:00:00Z', value: -1 }] },
      });
      await lab.pass(3);
      assert.deepEqual(
        lab.events.map(({ event_type, alert, value }) => [event_type, alert, value]),
        [
          ['started', 'made up', null],
          ['ended', 'made up', null],
        ],
      );
    });
  });

  test('is nowhere to be sent without a secret in the options', async () => {
    const lab = await pulseLab({ options: () => ({ webhook_secret: undefined }) });
    cleanups.push(() => lab.close());
    assert.equal(lab.engine.hookOf('pulse/home'), undefined);
    assert.equal(lab.engine.hookOf('pulse/other'), undefined);
  });
});

suite('a list that was asked for before a webhook came', () => {
  const at = (minute: number, level = 'warning') =>
    alertOf({ id: 'a', level, startTime: `2026-11-30T10:0${minute}:00Z` }) ?? assert.fail();
  const types = (news: readonly { readonly type: string }[]) => news.map(({ type }) => type);
  const begun = (): AlertBook => {
    const book = new AlertBook();
    book.list([], book.mark());
    return book;
  };

  test('does not end what the webhook began', () => {
    const book = begun();
    const mark = book.mark();
    assert.deepEqual(types(book.deliver([at(1)], false)), ['started']);
    assert.deepEqual(book.list([], mark), []);
    assert.deepEqual(types(book.list([], book.mark())), ['ended']);
  });

  test('does not begin again what the webhook ended', () => {
    const book = begun();
    book.list([at(1)], book.mark());
    const mark = book.mark();
    assert.deepEqual(types(book.deliver([at(1)], true)), ['ended']);
    assert.deepEqual(book.list([at(1)], mark), []);
    // A later one that has it again knows better.
    assert.deepEqual(types(book.list([at(1)], book.mark())), ['started']);
  });

  test('does not make better again what the webhook made worse', () => {
    const book = begun();
    book.list([at(1)], book.mark());
    const mark = book.mark();
    assert.deepEqual(types(book.deliver([at(1, 'critical')], false)), ['changed']);
    assert.deepEqual(book.list([at(1)], mark), []);
    assert.deepEqual(types(book.list([at(1)], book.mark())), ['changed']);
    assert.deepEqual(book.deliver([at(1)], false), [], 'an older webhook that comes late is no change');
  });

  test('knows no end of ends', () => {
    const book = begun();
    for (let count = 0; count < 1_000; count += 1) {
      const alert = alertOf({ id: `a${count}`, startTime: '2026-11-30T10:00:00Z' }) ?? assert.fail();
      book.deliver([alert], false);
      book.deliver([alert], true);
    }
    assert.ok(book.written().length < 20_000);
  });
});
