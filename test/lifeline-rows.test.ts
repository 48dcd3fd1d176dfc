import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Executor } from '../addon/src/actions/executor.ts';
import type { Door } from '../addon/src/contract/action.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { LabError } from '../addon/src/core/errors.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { lifelineGuard } from '../addon/src/lab/lifeline.ts';
import { alias } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { recordingLog } from './helpers/samples.ts';

const thing = (id: string, kind: LabResource['kind'], change: object = {}): LabResource =>
  ({
    ...{ id, kind, name: id.split('/').at(-1), available: true, facts: {}, readings: { on: true } },
    ...change,
  }) as unknown as LabResource;

const [SERVER, NODE, STORAGE] = [
  'redfish/r640/server/x',
  'proxmox/home/node/pve1',
  'proxmox/home/storage/pve1/local',
];
const [US, BROKER, OTHER] = [100, 105, 102].map((vmid) => `proxmox/home/guest/${vmid}`) as [
  string,
  string,
  string,
];
const [GATEWAY, SWITCH, NETWORK] = [
  'unifi/home/gateway/main',
  'unifi/home/switch/a',
  'unifi/home/network/corporate-20',
];

/** Labkeeper in a guest on a node of a server, its broker in another guest, and the wires to them. */
const LAB: readonly LabResource[] = [
  thing(SERVER, 'server'),
  thing(NODE, 'node', { parent: SERVER }),
  thing(STORAGE, 'storage'),
  thing(US, 'guest', { parent: NODE, links: [{ type: 'uses_storage', to: STORAGE }] }),
  thing(BROKER, 'guest', { parent: NODE, aliases: [alias('ip', '10.0.20.5')] }),
  thing(OTHER, 'guest'),
  thing(GATEWAY, 'gateway'),
  thing(SWITCH, 'switch', { parent: GATEWAY, links: [{ type: 'carries', to: US, at: 'port_5' }] }),
  thing(NETWORK, 'network', { parent: GATEWAY, links: [{ type: 'carries', to: US }] }),
];

/** What DESIGN names, and by which actions it could be done to which part: each has to be refused. */
const ROWS: readonly (readonly [what: string, action: string, target: string, input: object])[] = [
  ...[US, BROKER].flatMap((guest) => [
    ['power off', 'set_power', guest, { power: 'off' }] as const,
    ['power off', 'restart', guest, {}] as const,
    ['power off', 'guest_suspend', guest, {}] as const,
    ['power off', 'guest_hibernate', guest, {}] as const,
    ['power off', 'guest_force_stop', guest, {}] as const,
    ['power off', 'guest_reset', guest, {}] as const,
    ['roll back', 'rollback', guest, { snapshot: 'before' }] as const,
    ['migrate', 'migrate_guest', guest, { node: 'pve2' }] as const,
    ['restore over', 'restore_over', guest, {}] as const,
    ['restore in its place', 'restore_backup', guest, { start: true }] as const,
    ['delete', 'delete_guest', guest, {}] as const,
    ['detach', 'attach_gpu', guest, { mapping: 'gpu' }] as const,
    ['detach', 'detach_gpu', guest, { mapping: 'gpu' }] as const,
  ]),
  ['power off', 'node_reboot', NODE, {}],
  ['power off', 'node_shutdown', NODE, {}],
  ['power off', 'node_stop_all', NODE, {}],
  ['power off', 'node_maintenance', NODE, {}],
  ['power off', 'server_shutdown', SERVER, {}],
  ['power off', 'server_force_off', SERVER, {}],
  ['PoE cycle', 'poe_cycle', SWITCH, { item: 'port_5' }],
  ['disable', 'set_poe', SWITCH, { item: 'port_5', poe: 'off' }],
  ['disable', 'set_port', SWITCH, { item: 'port_5', port: 'off' }],
  ['re-VLAN', 'set_port_profile', SWITCH, { item: 'port_5', profile: 'IoT' }],
  ['re-VLAN', 'set_port_vlan', SWITCH, { item: 'port_5', vlan: 30 }],
  ['delete', 'delete_network', NETWORK, {}],
  ['power off', 'network_restart', SWITCH, {}],
  ['power off', 'network_restart', GATEWAY, {}],
];
const DOORS: readonly Door[] = ['mqtt', 'homeassistant', 'http', 'mcp'];

function bench(self = US) {
  const store = new Store<LabResource>();
  store.replace('lab', LAB);
  const sent: string[] = [];
  // Whoever is asked to do anything at all was asked too much.
  const anything = new Proxy({}, { get: (_, verb) => async () => void sent.push(String(verb)) });
  const executor = new Executor({
    ...{
      actions: ACTIONS,
      resource: (id: string) => store.get(id),
      self: 'labkeeper/self/app/main',
      allow: 'destroy',
    },
    capabilities: { for: () => anything as never },
    guard: lifelineGuard({
      ...{ lab: store, self, broker: { host: '10.0.20.5', port: 1_883 } },
      own: () => assert.fail('it is said where we run'),
    }),
    ...{ refresh: () => {}, database: memoryDatabase(), clock: new FakeClock(), log: recordingLog() },
  });
  const ask = (action: string, target: string, input: object, door: Door): LabError | undefined => {
    const confirm = store.get(target)?.name;
    const given = {
      ...{ action, target, door, confirm, user: 'x', administrator: true },
      input: { ...input },
    };
    try {
      executor.submit({ ...given, ceiling: 'destroy' });
      return undefined;
    } catch (thrown) {
      assert.ok(thrown instanceof LabError, String(thrown));
      return thrown;
    }
  };
  return { ask, sent, executor };
}

suite('of what Labkeeper needs', () => {
  for (const [what, action, target, input] of ROWS) {
    test(`nothing does “${what}” (${action} of ${target}), by no door`, async () => {
      const { ask, sent, executor } = bench();
      const { risk } = ACTIONS.find(({ id }) => id === action) ?? assert.fail(`there is no ${action}`);
      for (const door of DOORS) {
        const error = ask(action, target, input, door);
        // MQTT has no door for what provisions or destroys.
        const isShut = door === 'mqtt' && ['provision', 'destroy'].includes(risk);
        assert.equal(error?.code, isShut ? 'door_closed' : 'lifeline', `${door}: ${error?.message}`);
        assert.ok(error?.hint);
      }
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual([sent, executor.jobs({ limit: 9 })], [[], []]);
    });
  }

  test('a dry run is refused as well', async () => {
    const { executor } = bench();
    const request = {
      action: 'rollback',
      target: US,
      input: { snapshot: 'before' },
      door: 'http' as const,
      user: 'x',
    };
    await assert.rejects(executor.plan({ ...request, ceiling: 'observe' }), { code: 'lifeline' });
  });

  test('another guest, and another port, may be ended', () => {
    const { ask } = bench();
    assert.equal(ask('guest_force_stop', OTHER, {}, 'http'), undefined);
    assert.equal(ask('rollback', OTHER, { snapshot: 'before' }, 'http'), undefined);
    assert.equal(ask('set_poe', SWITCH, { item: 'port_6', poe: 'off' }, 'http'), undefined);
  });

  test('the broker is kept also where Labkeeper runs on nothing of the lab', () => {
    const { ask } = bench('none');
    assert.equal(ask('set_power', BROKER, { power: 'off' }, 'http')?.code, 'lifeline');
    assert.match(
      ask('set_power', BROKER, { power: 'off' }, 'http')?.message ?? '',
      /the broker that Labkeeper talks to/,
    );
    assert.equal(ask('node_reboot', NODE, {}, 'http')?.code, 'lifeline', 'it runs there');
    assert.equal(ask('set_power', US, { power: 'off' }, 'http'), undefined);
  });

  test('storage is what its guests lie on: whatever would interrupt it is refused', () => {
    const store = new Store<LabResource>();
    store.replace('lab', LAB);
    const guard = lifelineGuard({ lab: store, self: US, own: () => assert.fail() });
    const storage = store.get(STORAGE);
    assert.ok(storage);
    assert.throws(() => guard({ title: 'Remove' }, storage), { code: 'lifeline' });
  });
});
