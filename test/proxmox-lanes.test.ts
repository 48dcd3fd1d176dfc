import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { Lanes } from '../addon/src/sources/proxmox/lanes.ts';

suite('requests to a node', () => {
  test('are two at a time, in their order, and keep none to another node waiting', async () => {
    const lanes = new Lanes();
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const ask = (node: string, name: string): Promise<void> =>
      lanes.run(node, () => {
        begun.push(name);
        return new Promise((resolve) => ends.set(name, resolve));
      });
    const all = [ask('pve1', 'a'), ask('pve1', 'b'), ask('pve1', 'c'), ask('pve1', 'd'), ask('pve2', 'e')];
    await settled();
    assert.deepEqual(begun, ['a', 'b', 'e']);
    ends.get('b')?.();
    await settled();
    assert.deepEqual(begun, ['a', 'b', 'e', 'c']);
    for (const name of ['a', 'c', 'e']) ends.get(name)?.();
    await settled();
    assert.deepEqual(begun, ['a', 'b', 'e', 'c', 'd']);
    ends.get('d')?.();
    await Promise.all(all);
  });

  test('go on after one that failed', async () => {
    const lanes = new Lanes();
    const fail = (): Promise<never> => lanes.run('pve1', () => Promise.reject(new Error('no')));
    const outcomes = await Promise.allSettled([fail(), fail(), fail(), lanes.run('pve1', async () => 1)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected', 'fulfilled'],
    );
  });
});
