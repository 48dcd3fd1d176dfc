import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { rankOf, sourcesFor, systemsOf } from '../addon/src/app/systems.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { SOURCES } from '../addon/src/sources/registry.ts';
import { aHost } from './helpers/samples.ts';

suite('systems of the options', () => {
  test('are put together with their sources, of which only those are loaded', async () => {
    const options = {
      docker: [{ id: 'nas', title: 'NAS', url: 'unix:///x', area: 'Rack', entities: 'all' }, { id: 'b' }],
      toaster: [{ id: 'c' }],
    } as const;
    const sources = await sourcesFor(options);
    assert.deepEqual(Object.keys(sources), ['docker']);
    assert.deepEqual(
      systemsOf(options, sources).map(({ source, ...rest }) => ({ ...rest, source: source.id })),
      [
        { source: 'docker', id: 'nas', title: 'NAS', options: { url: 'unix:///x' } },
        { source: 'docker', id: 'b', title: 'b', options: {} },
      ],
    );
    assert.deepEqual(await sourcesFor(undefined), {});
  });

  test('own what two report in the order of the registry, whoever comes first', () => {
    const [first, ...others] = Object.keys(SOURCES).map((name) => `${name}/home`);
    assert.ok(first !== undefined && others.length > 0);
    const owners = [...others.toReversed(), first];
    for (const order of [owners, owners.toReversed()]) {
      const store = new Store<LabResource>({ rank: rankOf });
      for (const owner of order) {
        store.replace(owner, [aHost({ id: `${owner}/host/x`, name: owner, aliases: ['serial:abc123'] })]);
      }
      assert.deepEqual(
        [...store.all()].map(({ name }) => name),
        [first],
      );
    }
    assert.ok(rankOf('labkeeper/self') > rankOf(others.at(-1) as string));
  });
});
