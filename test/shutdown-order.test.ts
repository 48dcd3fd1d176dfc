import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { shutdownOrder, wavesOf } from '../addon/src/lab/whole/order.ts';
import { reportOf, secondsOf } from '../addon/src/lab/whole/report.ts';
import type { Facts, Link } from '../addon/src/model/resource.ts';

interface Given {
  readonly on?: boolean;
  readonly facts?: Facts;
  readonly aliases?: readonly string[];
  readonly links?: readonly Link[];
  readonly available?: boolean;
  readonly readings?: object;
}

const one = (
  id: string,
  { on = true, facts = {}, available = true, readings = {}, ...more }: Given = {},
): LabResource =>
  ({
    ...{ id, kind: id.split('/')[0], name: id, available, facts },
    readings: { on, running: on ? 1 : 0, ...readings },
    ...more,
  }) as unknown as LabResource;

suite('the order in which a lab is switched off', () => {
  test('is stacks, guests, nodes, and what Labkeeper runs on last', () => {
    const all = [
      one('node/pve1'),
      one('node/pve2'),
      one('node/gone', { available: false }),
      one('guest/ha'),
      one('guest/docker'),
      one('guest/off', { on: false }),
      one('stack/media'),
      one('stack/off', { on: false }),
    ];
    assert.deepEqual(shutdownOrder(all, new Set(['guest/ha', 'node/pve1'])), {
      stacks: ['stack/media'],
      guests: [['guest/docker']],
      nodes: ['node/pve2'],
      own: 'node/pve1',
    });
  });

  test('leaves the stack alone that Labkeeper is in', () => {
    const all = [one('stack/labkeeper'), one('stack/media')];
    assert.deepEqual(shutdownOrder(all, new Set(['container/x', 'stack/labkeeper'])).stacks, ['stack/media']);
  });

  test('ends guests in the reverse of the order in which they start, those without one first', () => {
    const all = ['1', '3', '3', '2', ''].map((order, index) =>
      one(`guest/${index}`, order === '' ? {} : { facts: { startup_order: Number(order) } }),
    );
    assert.deepEqual(shutdownOrder(all, new Set()).guests, [
      ['guest/4'],
      ['guest/1', 'guest/2'],
      ['guest/3'],
      ['guest/0'],
    ]);
  });

  test('ends guests on which disks of others lie after those, whatever their order says', () => {
    const nas = one('guest/nas', { aliases: ['ip:10.0.20.5', 'hostname:nas'] });
    const user = one('guest/user', {
      facts: { startup_order: 1 },
      links: [{ type: 'uses_storage', to: 'storage/nfs' }],
    });
    for (const server of ['10.0.20.5', 'NAS', 'nas:8007']) {
      const all = [nas, user, one('storage/nfs', { facts: { server } })];
      assert.deepEqual(shutdownOrder(all, new Set()).guests, [['guest/user'], ['guest/nas']], server);
      assert.deepEqual(
        wavesOf([user, nas] as never, all),
        [['guest/nas'], ['guest/user']],
        'starts them first',
      );
    }
  });
});

suite('before the lab is shut down', () => {
  const order = {
    stacks: ['stack/a'],
    guests: [['guest/slow', 'guest/quick'], ['guest/quick']],
    nodes: [],
    own: 'node/1',
  };
  const slow = one('guest/slow', { facts: { shutdown_timeout: 300 } });

  test('it is said how long that takes at most, and that a battery does not last', () => {
    const all = [slow, one('guest/quick')];
    assert.equal(secondsOf(all, order), 30 + 300 + 60 + 180);
    const told = (runtime?: number): string => reportOf(all, order, new Set(), runtime).join();
    assert.match(told(), /may take 570 s/);
    assert.match(told(569), /570 s, and the battery lasts 569 s/);
    assert.equal(told(570), '');
  });

  test('it is said what would not come back by itself', () => {
    const ha = (on_boot: boolean | null) => one('guest/ha', { readings: { on_boot } });
    const server = (power_restore?: string) =>
      one('server/r640', power_restore === undefined ? {} : { facts: { power_restore } });
    const told = (...all: LabResource[]): readonly string[] =>
      reportOf(all, order, new Set(['guest/ha']), 9_999);
    assert.deepEqual(told(ha(true), server('AlwaysOn')), []);
    assert.match(
      told(ha(false))[0] ?? '',
      /guest\/ha, which Labkeeper runs in, does not start with its node/,
    );
    assert.equal(told(ha(null)).length, 1);
    assert.match(told(ha(true), server('LastState'))[0] ?? '', /does not always switch on .*LastState/);
    assert.match(told(ha(true), server())[0] ?? '', /is not told by its controller/);
  });
});
