import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BuildOut, BuildOutView, ItemView } from '../addon/src/contract/build-out.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { BUILD_OUT } from '../addon/src/lab/build-out/shipped.ts';
import type { SightOf } from '../addon/src/lab/build-out/sight.ts';
import { buildOutView } from '../addon/src/lab/build-out/view.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { selfOf } from '../addon/src/lab/self.ts';
import { DOCKER, PROXMOX, seen, sight, thing, UNIFI } from './helpers/build-out.ts';

const viewOf = (things: readonly LabResource[], sights: readonly SightOf[]): BuildOutView =>
  buildOutView(BUILD_OUT, seen(things, sights), ACTIONS);
const itemsOf = ({ phases }: BuildOutView): readonly ItemView[] => phases.flatMap(({ items }) => items);
const item = (view: BuildOutView, id: string): ItemView => {
  const found = itemsOf(view).find((one) => one.id === id);
  assert.ok(found, id);
  return found;
};
const doneIn = (view: BuildOutView): readonly string[] =>
  itemsOf(view).flatMap(({ id, state }) => (state === 'done' ? [id] : []));
const readingsOf = (buildOut: BuildOutView) => {
  const known = { version: '1', started: 0, devices: 0, messages: null, memoryBytes: 0, findings: [] };
  return selfOf({ ...known, systems: [], buildOut }).readings;
};

const node = (owner: string, name: string, change: object = {}): LabResource =>
  thing(`proxmox/${owner}/node/${name}`, {
    facts: { model: 'Xeon' },
    readings: { version: '9.1', memory_total: 192, disk_total: 100, cards: [], links: [] },
    ...change,
  });
const server = (on: boolean): LabResource =>
  thing('redfish/r640/server/system', { name: 'R640', readings: { on, cpus: '2 × Xeon', memory: 192 } });
const HOME = sight('proxmox/home', PROXMOX);
const R640 = sight('redfish/r640', 'server disk');

suite('the build-out that comes with Labkeeper', () => {
  test('has the four phases, in their order', () => {
    assert.deepEqual(
      BUILD_OUT.phases.map(({ id, items }) => `${id}: ${items.map((one) => one.id).join(' ')}`),
      [
        'foundation: server hypervisor zfs network',
        'core: pulse docker_host portainer home_assistant',
        'ai: gpu passthrough chatterbox mcp',
        'integration: unifi_mcp scpi_mcp vlans dream_machine',
      ],
    );
  });

  test('says what to do first where no system is configured, and calls nothing false', () => {
    const view = viewOf([], []);
    assert.deepEqual([view.percent, view.done, view.open, view.unknown], [0, 0, 0, 16]);
    assert.equal(view.next?.id, 'server');
    assert.match(item(view, 'zfs').because.join(), /^no system that tells of the kind pool is configured$/);
    assert.deepEqual(
      [readingsOf(view).build_out, readingsOf(view).build_out_next],
      [0, 'Server up, its specs known'],
    );
  });

  test('of one node alone has what that tells', () => {
    const view = viewOf([node('home', 'pve1')], [HOME]);
    assert.deepEqual(doneIn(view), ['server', 'hypervisor']);
    assert.deepEqual([item(view, 'zfs').state, item(view, 'pulse').state], ['open', 'open']);
    assert.equal(item(view, 'portainer').state, 'unknown');
    assert.deepEqual([view.next?.id, view.percent], ['zfs', 12]);
  });

  test('finds a thing in any of three clusters', () => {
    const sights = ['home', 'barn', 'office'].map((id) => sight(`proxmox/${id}`, PROXMOX));
    const pool = thing('proxmox/office/pool/pve9/tank', { readings: { health: 'online' } });
    const things = ['home', 'barn', 'office'].map((id) => node(id, 'pve1'));
    const view = viewOf([...things, pool], sights);
    assert.match(item(view, 'zfs').because.join(), /^tank \(proxmox\/office/);
    assert.equal(item(view, 'hypervisor').because.length, 3);
    const [, barn = HOME] = sights;
    const away = viewOf(things, [HOME, { ...barn, reachable: false }]);
    assert.deepEqual(
      [item(away, 'zfs').state, away.percent],
      ['unknown', null],
      'it may be at the other one',
    );
    assert.equal(item(away, 'hypervisor').state, 'done');
  });

  test('has no percentage while a system is down, and goes on with what is sure', () => {
    const pool = thing('proxmox/home/pool/pve1/tank', { readings: { health: 'online' } });
    const things = [node('home', 'pve1'), pool, server(true)];
    const before = viewOf(things, [HOME, R640]);
    assert.deepEqual(doneIn(before), ['server', 'hypervisor', 'zfs']);
    const view = viewOf(things, [{ ...HOME, reachable: false }, R640]);
    assert.deepEqual([view.percent, doneIn(view)], [null, ['server']]);
    assert.deepEqual([item(view, 'zfs').state, item(view, 'zfs').in_doubt], ['unknown', true]);
    assert.match(item(view, 'zfs').because.join(), /cannot be seen at present/);
    assert.equal(view.phases[3]?.percent, 0, 'what other systems would tell is not in doubt');
    assert.equal(view.next?.id, 'docker_host', 'what may be done is not the next thing to do');
    assert.equal(readingsOf(view).build_out, null);
  });

  test('offers the action to the only thing that lacks something', () => {
    const view = viewOf([server(false)], [R640]);
    assert.deepEqual(
      [item(view, 'server').state, item(view, 'server').action],
      [
        'open',
        {
          id: 'server_on',
          title: 'Switch server on',
          risk: 'operate',
          input: {},
          target: 'redfish/r640/server/system',
        },
      ],
    );
    const two = viewOf([server(false), { ...server(false), id: 'redfish/r640/server/other' }], [R640]);
    assert.equal(item(two, 'server').action?.target, null);
    assert.equal(item(view, 'gpu').action, null);
  });

  test('offers a recipe on the only thing that it can be made on', () => {
    const target = (...nodes: readonly LabResource[]) =>
      item(viewOf([...nodes], [HOME]), 'docker_host').action;
    assert.deepEqual(target(node('home', 'pve1')), {
      ...{ id: 'deploy_recipe', title: 'Deploy recipe', risk: 'provision', input: { recipe: 'docker_host' } },
      target: 'proxmox/home/node/pve1',
    });
    assert.equal(target(node('home', 'pve1'), node('home', 'pve2'))?.target, null);
    assert.equal(target()?.target, null);
  });

  test('is whole in a lab that has all of it', () => {
    const vm = (id: number, name: string, more: object = {}) =>
      thing(`proxmox/home/guest/${id}`, {
        ...{ name, facts: { model: 'Virtual machine' }, readings: { on: true, os: 'Debian' } },
        ...more,
      });
    const box = (name: string, image: string) =>
      thing(`docker/lab/container/${name}`, {
        parent: 'docker/lab/host/engine',
        readings: { on: true, image },
      });
    const vlans = ['Management', 'Server', 'IoT', 'Lab'].map((name, at) =>
      thing(`unifi/house/network/corporate-${at}`, { name, readings: { vlan: at + 1 } }),
    );
    const things = [
      ...[server(true), node('home', 'pve1'), vm(100, 'haos'), ...vlans],
      thing('proxmox/home/pool/pve1/tank', { readings: { health: 'online' } }),
      thing('unifi/house/gateway/main', {
        ...{ facts: { model: 'UDMPRO' }, readings: { internet: true, connected: true } },
      }),
      vm(110, 'pulse', { facts: { model: 'Container (LXC)' } }),
      vm(101, 'docker-host', { links: [{ type: 'uses_gpu', to: 'gpu/ai/gpu/1' }] }),
      thing('docker/lab/host/engine', { parent: 'proxmox/home/guest/101' }),
      ...[box('portainer', 'portainer/portainer-ce:2'), box('tts', 'ghcr.io/x/chatterbox:1')],
      ...[box('mcp-unifi', 'x/mcp'), box('mcp-scpi', 'x/mcp')],
      thing('gpu/ai/gpu/1', { readings: {} }),
    ];
    const sights = [
      HOME,
      R640,
      sight('docker/lab', DOCKER),
      sight('unifi/house', UNIFI),
      sight('gpu/ai', 'gpu'),
    ];
    const view = viewOf(things, sights);
    assert.deepEqual(
      itemsOf(view).filter(({ state }) => state !== 'done'),
      [],
    );
    assert.deepEqual([view.percent, view.next, readingsOf(view).build_out_next], [100, null, 'none']);
    const old = things.map((one) => (one.kind === 'gateway' ? { ...one, facts: { model: 'UGW4' } } : one));
    const almost = viewOf(old as LabResource[], sights);
    assert.deepEqual([almost.percent, almost.next?.id], [93, 'dream_machine']);
    assert.match(item(almost, 'dream_machine').because.join(), /model is “UGW4”$/);
    const fewer = viewOf(
      things.filter(({ name }) => name !== 'IoT'),
      sights,
    );
    assert.deepEqual(item(fewer, 'vlans').because, [
      'none of 3 of the kind network is called “iot*” or “internet of things*”',
    ]);
  });
});

test('without items nothing is said of it in Home Assistant', () => {
  const nothing: BuildOut = { phases: [] };
  const view = buildOutView(nothing, seen([]), ACTIONS);
  assert.deepEqual([view.percent, view.total, view.next], [null, 0, null]);
  assert.ok(!('build_out' in readingsOf(view)) && !('build_out_next' in readingsOf(view)));
});
