import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import Type from 'typebox';
import { Executor } from '../addon/src/actions/executor.ts';
import { ownFacts } from '../addon/src/app/own-facts.ts';
import { type Action, type Door, defineAction } from '../addon/src/contract/action.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { ERRORS, LabError } from '../addon/src/core/errors.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { lifelineGuard, lifelineOf } from '../addon/src/lab/lifeline.ts';
import { type OwnFacts, placeOf } from '../addon/src/lab/place.ts';
import { type Alias, alias } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { aContainer, aHost, aStack, recordingLog } from './helpers/samples.ts';

const UUID = '4c4c4544-0042-3510-8052-b4c04f564d33';
const MAC = 'bc:24:11:01:02:03';
const ID = '0123456789ab';
const STARTED = Date.UTC(2026, 0, 1);

const OWN: OwnFacts = {
  ...{ macs: ['02:42:ac:11:00:02'], ips: ['172.30.33.5'], hostname: 'labkeeper', smbios: UUID },
  ...{ container: undefined, cpus: 2, memory: 3.8, started: STARTED },
};

/** A guest of 2 CPUs and 4 GiB. */
const aGuest = (
  vmid: number,
  change: { aliases?: Alias[]; parent?: string; links?: LabResource['links'] } = {},
) =>
  ({
    ...{ id: `proxmox/home/guest/${vmid}`, kind: 'guest', name: `vm${vmid}`, available: true, facts: {} },
    ...{ parent: 'proxmox/home/node/pve1', readings: { on: true, cpus: 2, memory_total: 4 } },
    ...change,
  }) as unknown as LabResourceOf<'guest'>;

const aNode = (name: string, parent?: string) =>
  ({
    ...{ id: `proxmox/home/node/${name}`, kind: 'node', name, available: true, facts: {}, readings: {} },
    ...(parent !== undefined && { parent }),
  }) as unknown as LabResourceOf<'node'>;

const uuid = alias('smbios', UUID);
const mac = alias('mac', MAC);

suite('what we run on', () => {
  const find = (own: Partial<OwnFacts>, ...resources: LabResource[]): string | undefined =>
    placeOf(resources, { ...OWN, ...own });

  test('is the guest that has our UUID or MAC, and something else of ours', () => {
    const other = aGuest(101, { aliases: [alias('smbios', '11111111-2222-4333-8444-555555555555')] });
    const ours = (...aliases: Alias[]) => aGuest(100, { aliases });
    const name = alias('hostname', 'labkeeper');
    assert.equal(find({}, other, ours(uuid)), 'proxmox/home/guest/100', 'of our size');
    assert.equal(find({ cpus: 8 }, other, ours(uuid)), undefined, 'the UUID alone');
    assert.equal(find({ memory: 2 }, other, ours(uuid)), undefined);
    assert.equal(find({ cpus: 8 }, other, ours(uuid, name)), 'proxmox/home/guest/100');
    const macs = [MAC.toUpperCase()];
    assert.equal(find({ cpus: 8, macs }, other, ours(uuid, mac)), 'proxmox/home/guest/100');
    assert.equal(find({ cpus: 8, macs }, other, ours(mac)), undefined);
    assert.equal(
      find({ cpus: 8, macs }, other, ours(mac, alias('ip', '172.30.33.5'))),
      'proxmox/home/guest/100',
    );
  });

  test('is not told by a host name, an address or a size, nor by what says nothing', () => {
    const name = alias('hostname', 'labkeeper');
    const ip = alias('ip', '172.30.33.5');
    assert.equal(find({}, aGuest(100, { aliases: [name, ip] })), undefined);
    const nothing = '00000000-0000-0000-0000-000000000000';
    assert.equal(
      find({ smbios: nothing }, aGuest(100, { aliases: [alias('smbios', nothing), name] })),
      undefined,
    );
    const made = '02:42:ac:11:00:02';
    assert.equal(
      find({}, aGuest(100, { aliases: [alias('mac', made), name, ip] })),
      undefined,
      'each Docker has it',
    );
    assert.equal(find({}), undefined);
  });

  test('is not known where two fit', () => {
    const aliases = [uuid];
    assert.equal(find({}, aGuest(100, { aliases }), aGuest(101, { aliases })), undefined);
  });

  test('is the container with our id that started with us, before the guest under it', () => {
    const container = `${ID}${'0'.repeat(52)}`;
    const us = aContainer({ facts: { container_id: ID } });
    const guest = aGuest(100, { aliases: [uuid] });
    assert.equal(find({ container }, guest, us), us.id);
    const later = aContainer({
      facts: { container_id: ID },
      readings: { started: '2026-01-02T00:00:00+00:00' },
    });
    assert.equal(find({ container }, later), undefined, 'its id alone');
    assert.equal(find({ container, hostname: ID }, later), later.id);
    assert.equal(find({ container: 'f'.repeat(64), hostname: ID }, guest, us), guest.id, 'another container');
    assert.equal(find({ container }, aContainer({ facts: {} })), undefined);
  });

  test('can be looked for on this machine', () => {
    assert.equal(ownFacts('an UUID').smbios, 'an UUID', 'whoever started us has read it');
    const own = ownFacts();
    assert.ok(own.hostname !== '' && own.cpus > 0 && own.memory > 0.1);
    assert.ok(Math.abs(own.started - Date.now()) < 600_000);
    assert.match(own.container ?? 'f'.repeat(64), /^[0-9a-f]{64}$/);
  });
});

const SERVER = 'redfish/r640/server/x';
const STORAGE = 'proxmox/home/storage/pve1/local';

/** Labkeeper in guest 100, beside a Docker host in guest 101. */
const LAB: readonly LabResource[] = [
  aNode('pve1', SERVER),
  aNode('pve2'),
  { ...aNode('x'), id: SERVER, kind: 'server', name: 'r640' } as unknown as LabResource,
  { ...aNode('x'), id: STORAGE, kind: 'storage', name: 'local' } as unknown as LabResource,
  aGuest(100, { aliases: [uuid], links: [{ type: 'uses_storage', to: STORAGE }] }),
  aGuest(101),
  aHost({ parent: 'proxmox/home/guest/101' }),
  aStack(),
  aContainer(),
];

/** Deletes, without saying that this interrupts. */
const remove = defineAction({
  ...{ id: 'remove', title: 'Remove', description: '', risk: 'destroy' },
  kinds: ['guest', 'node', 'storage', 'server', 'stack', 'app'],
  input: Type.Object({}),
  plan: () => [{ name: 'Remove', run: async () => {} }],
}) as unknown as Action;

function bench(self: string | undefined, own: OwnFacts = OWN) {
  const store = new Store<LabResource>();
  store.replace('lab', LAB);
  const done: string[] = [];
  const asked =
    (what: string) =>
    async (id: string): Promise<void> =>
      void done.push(`${what} ${id}`);
  const power = { start: asked('start'), stop: asked('stop'), restart: asked('restart') };
  const executor = new Executor({
    actions: [...ACTIONS, remove],
    resource: (id) => store.get(id),
    capabilities: { for: (_, capability) => ({ power })[capability as 'power'] as never },
    guard: lifelineGuard({ lab: store, self, own: () => own }),
    refresh: () => {},
    announce: () => {},
    redact: (text) => text,
    self: 'labkeeper/self/app/main',
    allow: 'destroy',
    database: memoryDatabase(),
    clock: new FakeClock(),
    log: recordingLog(),
  });
  const ask = async (
    action: string,
    target: string,
    input = {},
    door: Door = 'http',
  ): Promise<string | undefined> => {
    const confirm = store.get(target)?.name;
    const request = {
      action,
      target,
      input,
      door,
      user: 'x',
      administrator: true,
      confirm,
      ceiling: 'destroy',
    };
    const { id } = executor.submit(request as never);
    return (await executor.ended(id))?.state;
  };
  return { store, done, ask, executor };
}

const refused =
  (hint: RegExp, message = /refused/) =>
  (thrown: unknown) => {
    assert.ok(thrown instanceof LabError);
    assert.equal(thrown.code, 'lifeline');
    assert.match(thrown.hint ?? '', hint);
    assert.match(thrown.message, message);
    return true;
  };

suite('the lifeline', () => {
  test('is what we run on, what contains that, and its storage', () => {
    const { store } = bench(undefined);
    const get = (id: string) => store.get(id);
    assert.deepEqual(
      [...lifelineOf('proxmox/home/guest/100', get)],
      ['proxmox/home/guest/100', STORAGE, 'proxmox/home/node/pve1', SERVER],
    );
    assert.deepEqual(
      [...lifelineOf(aContainer().id, get)],
      [aContainer().id, aStack().id, aHost().id, 'proxmox/home/guest/101', 'proxmox/home/node/pve1', SERVER],
    );
    assert.deepEqual([...lifelineOf('proxmox/home/guest/999', get)], []);
  });

  test('is not ended, by no door, whatever the action', async () => {
    for (const self of [undefined, 'proxmox/home/guest/100']) {
      const { ask, done } = bench(self);
      const us = 'proxmox/home/guest/100';
      for (const door of ['mqtt', 'homeassistant', 'http', 'mcp'] as const) {
        await assert.rejects(
          () => ask('set_power', us, { power: 'off' }, door),
          refused(/interface/, /runs on vm100/),
          door,
        );
        await assert.rejects(() => ask('restart', us, {}, door), refused(/interface/));
      }
      for (const target of [us, 'proxmox/home/node/pve1', SERVER, STORAGE]) {
        await assert.rejects(() => ask('remove', target), refused(/interface/), target);
      }
      assert.deepEqual(done, []);
    }
  });

  test('is neither made anew nor changed nor removed where we are a container, and nor is its stack', async () => {
    const { ask } = bench(aContainer().id);
    for (const [action, target, input] of [
      ['recreate_container', aContainer().id, {}],
      ['update_stack', aStack().id, { previous: true }],
      ['remove_stack', aStack().id, { volumes: true }],
    ] as const)
      await assert.rejects(() => ask(action, target, input), refused(/interface/), action);
    // What has nothing to do with what runs is no matter of it: here nobody offers it.
    for (const [action, input] of [
      ['prune', {}],
      ['deploy_stack', { name: 'x', compose: 'x' }],
    ] as const)
      assert.equal(await ask(action, aHost().id, input), 'failed', action);
  });

  test('may lie on a server of which nobody knows what runs on it: that is not ended while ours is unknown', async () => {
    const { ask, store } = bench('proxmox/home/guest/100');
    const server = (id: string): LabResource =>
      ({ ...aNode('x'), id: `redfish/${id}/server/x`, kind: 'server', name: id }) as unknown as LabResource;
    // Nobody joined our node to a server; on one of the others there is another node.
    store.replace('proxmox/home', [
      ...[...store.all()].filter(({ id, kind }) => id.startsWith('proxmox/') && kind !== 'node'),
      aNode('pve1'),
      aNode('pve2', 'redfish/other/server/x'),
    ]);
    store.replace('redfish/other', [server('other')]);
    store.replace('redfish/lone', [server('lone')]);
    await assert.rejects(
      () => ask('remove', 'redfish/lone/server/x'),
      refused(/option “node” of lone/, /may lie on lone/),
    );
    assert.equal(await ask('remove', 'redfish/other/server/x'), 'succeeded');
  });

  test('leaves everything else alone, and lets what we run on be switched on', async () => {
    const { ask, done } = bench(undefined);
    assert.equal(await ask('set_power', 'proxmox/home/guest/100', { power: 'on' }), 'succeeded');
    assert.equal(await ask('set_power', 'proxmox/home/guest/101', { power: 'off' }), 'succeeded');
    assert.equal(await ask('restart', aContainer().id), 'succeeded');
    assert.equal(await ask('remove', 'proxmox/home/node/pve2'), 'succeeded');
    assert.deepEqual(done, [
      'start proxmox/home/guest/100',
      'stop proxmox/home/guest/101',
      `restart ${aContainer().id}`,
    ]);
  });

  test('is everything while it is not known, but for what ends nothing', async () => {
    const lost = { ...OWN, smbios: undefined };
    for (const [self, message] of [
      [undefined, /not known what Labkeeper itself runs on/],
      ['proxmox/home/guest/999', /“self” says .*guest\/999, which the lab does not have/],
    ] as const) {
      const { ask, done } = bench(self, lost);
      await assert.rejects(
        () => ask('set_power', aContainer().id, { power: 'off' }),
        refused(/option “self”.*none/, message),
      );
      await assert.rejects(() => ask('remove', 'proxmox/home/node/pve2'), refused(/option “self”/));
      assert.deepEqual(done, []);
      assert.equal(await ask('set_power', aContainer().id, { power: 'on' }), 'succeeded');
    }
    const { ask } = bench('none', lost);
    assert.equal(await ask('set_power', 'proxmox/home/guest/100', { power: 'off' }), 'succeeded');
    assert.equal(await ask('remove', 'proxmox/home/node/pve1'), 'succeeded');
  });

  test('is looked at again when a job begins: we may have moved there', async () => {
    const { executor, store } = bench(undefined);
    const target = 'proxmox/home/node/pve2';
    const request = {
      action: 'remove',
      target,
      input: {},
      door: 'http',
      user: 'x',
      confirm: 'pve2',
      ceiling: 'destroy',
    };
    const { id } = executor.submit(request as never);
    store.replace(
      'lab',
      LAB.map((one) => (one.id === 'proxmox/home/guest/100' ? { ...one, parent: target } : one)),
    );
    const job = await executor.ended(id);
    assert.deepEqual([job?.state, job?.error?.code], ['failed', 'lifeline']);
  });

  test('is refused in a dry run as well', async () => {
    const { executor } = bench(undefined);
    const request = {
      action: 'restart',
      target: 'proxmox/home/guest/100',
      input: {},
      door: 'http',
      user: 'x',
    };
    await assert.rejects(executor.plan({ ...request, ceiling: 'operate' } as never), refused(/interface/));
    assert.equal(ERRORS.lifeline.status, 409);
  });
});
