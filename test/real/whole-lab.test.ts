import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type DemoLab, startDemoLab } from '../../simulators/demo/lab.ts';
import { eventually } from '../parts/process.ts';
import { assertAsPublished } from '../parts/published.ts';
import { startWorld, type World } from '../parts/world.ts';

describe('the whole lab in a real Home Assistant, with everything that there is', {
  timeout: 600_000,
}, () => {
  let world: World;
  let lab: DemoLab;

  before(async () => {
    lab = await startDemoLab();
    world = await startWorld();
    await world.labkeeper({ entities: 'all', ...lab.systems });
  });

  after(async () => {
    await world?.stop();
    await lab?.stop();
  });

  it('shows every entity with the state, unit, class, category and device that we sent', async () => {
    const { entities, disabled } = await eventually(
      'entities as published',
      async () => {
        const kinds = new Set(world.broker.discoveries().map(({ device }) => kindOf(device.identifiers[0])));
        for (const kind of KINDS) assert.ok(kinds.has(kind), `there is no ${kind} yet`);
        return assertAsPublished(world);
      },
      120_000,
    );
    assert.ok(entities > 300, `only ${entities} entities were compared`);
    assert.ok(disabled > 0, 'what disrupts is disabled until somebody wants it');
  });

  it('has no complaint about the statistics of any', async () => {
    const { connection } = world.home;
    // What is kept is worked out every five minutes; what is wrong with a unit or class is known at once.
    const issues = await connection.sendMessagePromise<object>({ type: 'recorder/validate_statistics' });
    assert.deepEqual(issues, {});
    await eventually(
      'statistics of numbers',
      async () => {
        const known = await connection.sendMessagePromise<{ statistic_id: string }[]>({
          type: 'recorder/list_statistic_ids',
        });
        assert.ok(known.length > 100, `${known.length} have statistics`);
        return true;
      },
      60_000,
    );
  });

  it('left no word about itself in Home Assistant’s log', () => {
    const said = world.homeAssistant.log().split('\n');
    assert.deepEqual(
      said.filter((line) =>
        /labkeeper|components\.mqtt|components\.sensor|recorder|template|pve1|r640|vault|tank/i.test(line),
      ),
      [],
    );
  });
});

/** Kinds that the lab has. */
const KINDS = [
  'app',
  'node',
  'guest',
  'storage',
  'server',
  'host',
  'stack',
  'container',
  'backupserver',
  'datastore',
  'site',
  'gateway',
  'switch',
  'accesspoint',
  'wlan',
  'network',
  'client',
];

const kindOf = (identifier: string): string | undefined => identifier.split('_')[3];
