import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type DemoLab, startDemoLab } from '../../simulators/demo/lab.ts';
import {
  bringToLife,
  type ProxmoxCluster,
  type ProxmoxSimulator,
  startProxmoxSimulator,
  threeNodeCluster,
} from '../../simulators/proxmox/index.ts';
import { eventually } from '../parts/process.ts';
import { assertAsPublished } from '../parts/published.ts';
import { proxmoxOptions, startWorld, type World } from '../parts/world.ts';

describe('the whole lab in a real Home Assistant, with everything that there is', {
  timeout: 600_000,
}, () => {
  let world: World;
  let lab: DemoLab;
  let pve: ProxmoxSimulator;
  let endLife = (): void => {};

  before(async () => {
    lab = await startDemoLab();
    const cluster = everythingCluster();
    endLife = bringToLife(cluster);
    pve = await startProxmoxSimulator({ cluster });
    world = await startWorld();
    await world.labkeeper({ entities: 'all', ...lab.systems, proxmox: [proxmoxOptions(pve)] });
  });

  after(async () => {
    endLife();
    await world?.stop();
    await pve?.close();
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

  it('has statistics worked out of all numbers that are known', async () => {
    const { connection, states } = world.home;
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const numbers = world.broker
      .discoveries()
      .flatMap(({ components }) => Object.values(components))
      .filter(({ state_class }) => state_class !== undefined)
      .map(({ default_entity_id: id }) => id as string)
      .filter((id) => Number.isFinite(Number.parseFloat(states[id]?.state ?? '')));
    assert.ok(numbers.length > 100, `${numbers.length} numbers`);
    // Once in five minutes, ten seconds later.
    await eventually(
      'the statistics of five minutes',
      async () => {
        const rows = await connection.sendMessagePromise<Record<string, readonly object[]>>({
          ...{ type: 'recorder/statistics_during_period', start_time: from, period: '5minute' },
          statistic_ids: numbers,
        });
        assert.deepEqual(
          numbers.filter((id) => (rows[id]?.length ?? 0) === 0),
          [],
        );
        return true;
      },
      330_000,
    );
    const issues = await connection.sendMessagePromise<object>({ type: 'recorder/validate_statistics' });
    assert.deepEqual(issues, {});
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

/** Three nodes with all that a cluster may have, and some things wrong. */
function everythingCluster(): ProxmoxCluster {
  const cluster = threeNodeCluster();
  const now = Math.floor(cluster.clock.now() / 1_000);
  cluster.ceph = { health: 'HEALTH_WARN', checks: { OSD_DOWN: '1 osds down' }, used: 1e12, total: 6e12 };
  cluster.replications = [
    { guest: 120, jobnum: 0, target: 'pve3', lastSync: now - 600 },
    { guest: 121, jobnum: 0, target: 'pve1', lastSync: now - 9_000, failCount: 2, error: 'no route to host' },
  ];
  cluster.node('pve1').hardware.breakDevice('/dev/disk/by-id/wwn-0x5000c500a7665310-part1');
  cluster.find(102).agentSilent = true;
  return cluster;
}

/** Kinds that the lab has. */
const KINDS = [
  'app',
  'cluster',
  'node',
  'guest',
  'storage',
  'pool',
  'disk',
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
  'instrument',
  'mcpserver',
  'monitor',
];

const kindOf = (identifier: string): string | undefined => identifier.split('_')[3];
