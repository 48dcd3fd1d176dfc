import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../addon/src/contract/source.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { lifelineOf } from '../addon/src/lab/lifeline.ts';
import { linksOf } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { proxmox } from '../addon/src/sources/proxmox/index.ts';
import { redfish } from '../addon/src/sources/redfish/index.ts';
import {
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  seededCluster,
  startProxmoxSimulator,
  threeNodeCluster,
} from '../simulators/proxmox/index.ts';
import { r640, startRedfishSimulator } from '../simulators/redfish/index.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { recordingLog } from './helpers/samples.ts';

const SERVER = 'redfish/r640/server/system';

suite('a node and the server that it runs on', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function lab(
    make: (options: { clock: FakeClock }) => ProxmoxCluster,
    server: object,
    options: object = {},
  ) {
    const clock = new FakeClock();
    const cluster = make({ clock });
    const pve = await startProxmoxSimulator({ cluster });
    const idrac = await startRedfishSimulator({ machine: r640({ clock, ...server }) });
    const store = new Store<LabResource>();
    const token = pve.tokens.find(({ id }) => id === OPERATOR_TOKEN);
    const fingerprint = [...pve.nodes.values()].map((node) => node.fingerprint).join(' ');
    const engine = new Engine(
      [
        {
          ...{ source: proxmox as unknown as Source, id: 'home', title: 'Home' },
          options: { urls: pve.urls, fingerprint, token_id: token?.id, token_secret: token?.secret },
        },
        {
          ...{ source: redfish as unknown as Source, id: 'r640', title: 'R640' },
          options: {
            ...{ url: idrac.url, fingerprint: idrac.fingerprint },
            ...{ username: idrac.username, password: idrac.password },
            ...options,
          },
        },
      ],
      {
        ...{ store, clock, log: recordingLog(), database: memoryDatabase(), random: () => 0.5 },
        intervals: { fast: 30, slow: 60, rare: 600 },
      },
    );
    engine.start();
    closing.push(async () => {
      await engine.close();
      await pve.close();
      await idrac.close();
    });
    const disks = (): number =>
      [...store.all()].filter(({ id }) => id.startsWith('redfish/r640/disk/')).length;
    for (
      let step = 0;
      step < 200 && (store.get('proxmox/home/node/pve1') === undefined || disks() === 0);
      step += 1
    ) {
      await clock.advance(500);
      await sleep(5);
    }
    assert.ok(disks() > 0);
    return { store, parent: (id: string) => store.get(id)?.parent };
  }

  test('are one above the other by the host name, where it is the only one', async () => {
    const { parent, store } = await lab(seededCluster, { hostName: 'pve1.home.arpa' });
    assert.equal(parent('proxmox/home/node/pve1'), SERVER);
    assert.equal(parent('proxmox/home/guest/101'), 'proxmox/home/node/pve1');
    assert.ok(
      lifelineOf('proxmox/home/guest/100', (id) => store.get(id)).has(SERVER),
      'what ends the server ends the guests on it',
    );
  });

  test('in a cluster, which the node stays a member of', async () => {
    const { parent, store } = await lab(threeNodeCluster, {});
    assert.equal(parent('proxmox/home/node/pve1'), SERVER);
    assert.equal(parent('proxmox/home/node/pve2'), 'proxmox/home/cluster/cluster');
    const node = store.get('proxmox/home/node/pve1');
    assert.ok(node);
    assert.deepEqual(linksOf(node), [{ type: 'member_of', to: 'proxmox/home/cluster/cluster' }]);
  });

  test('as a person says, whatever the host name', async () => {
    const options = { node: 'proxmox/home/node/pve3' };
    const { parent } = await lab(threeNodeCluster, {}, options);
    assert.equal(parent('proxmox/home/node/pve3'), SERVER);
    assert.equal(parent('proxmox/home/node/pve1'), 'proxmox/home/cluster/cluster');
  });

  test('by the names that drives have all over the world, where their serials are written differently', async () => {
    const names = seededCluster()
      .node('pve1')
      .hardware.disks.flatMap(({ wwn }) => wwn?.replace(/^0x/, '') ?? []);
    const serials = ['V0', 'V1', 'V2', 'V3'];
    const { parent, store } = await lab(seededCluster, {
      hostName: 'else',
      serials,
      wwns: names.slice(3, 6),
    });
    assert.equal(parent('proxmox/home/node/pve1'), SERVER);
    // One and the same drive, with its bay.
    const drive = store.get('redfish/r640/disk/V1');
    assert.equal(drive?.facts.slot, '1');
    const known = [...store.all()].filter(({ aliases }) => aliases?.includes(`serial:${names[4]}`));
    assert.deepEqual(known, [drive]);
    assert.ok(drive?.aliases?.includes('serial:v1') && names.length > 4);
  });

  test('have nothing to do with each other otherwise', async () => {
    const { parent, store } = await lab(seededCluster, { hostName: 'somewhere-else' });
    assert.equal(parent('proxmox/home/node/pve1'), undefined);
    assert.deepEqual(store.doubts(), []);
  });
});
