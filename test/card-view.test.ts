import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KINDS } from '../addon/src/kinds/index.ts';
import { HassLab } from '../frontend-card/src/hass/from-hass.ts';
import type { Hass, RegistryEntry } from '../frontend-card/src/hass/types.ts';
import { ApiLab, type ApiResource } from '../frontend-card/src/lab/from-api.ts';
import { KINDS as CARD_KINDS, kindOf } from '../frontend-card/src/lab/kinds.ts';
import { EMPTY } from '../frontend-card/src/lab/thing.ts';
import { troubles } from '../frontend-card/src/lab/tree.ts';

describe('The lab as the cards see it', () => {
  it('has a place for every kind that there is', () => {
    assert.deepEqual([...CARD_KINDS].sort(), Object.keys(KINDS).sort());
  });

  it('tells kinds by the identifiers of devices, with a site and without', () => {
    assert.equal(kindOf('labkeeper_proxmox_home_guest_101'), 'guest');
    assert.equal(kindOf('labkeeper_docker_guest_container_media-plex-1'), 'container');
    assert.equal(kindOf('labkeeper_attic_docker_guest_container_media-plex-1'), 'container');
    assert.equal(kindOf('labkeeper_proxmox_home_toaster_1'), undefined);
    assert.equal(kindOf('zigbee2mqtt_bridge'), undefined);
  });

  it('is a tree of Home Assistant’s devices, found by unique ids however entities are called', () => {
    const lab = new HassLab();
    lab.know(ENTRIES);
    const view = lab.update(home());
    const [node] = view.roots;
    assert.equal(node?.thing.name, 'pve1');
    assert.deepEqual(
      node?.children.map(({ thing }) => [thing.name, thing.health, thing.readings.cpu?.value]),
      [['web', 'ok', 12.5]],
    );
  });

  it('is the same object while nothing of it changes, and changes only what is above a change', () => {
    const lab = new HassLab();
    lab.know(ENTRIES);
    const first = lab.update(home());
    assert.equal(lab.update({ ...home(), states: { ...home().states } }), first, 'equal states');
    const same = home();
    lab.update(same);
    const other = { ...same.states, 'light.kitchen': state('on') };
    assert.equal(lab.update({ ...same, states: other }), first, 'somebody else’s state');
    const next = lab.update({ ...same, states: { ...same.states, 'sensor.my_cpu': state('99', PERCENT) } });
    assert.notEqual(next, first);
    assert.equal(next.branches.get(NAS), first.branches.get(NAS), 'another branch');
    assert.notEqual(next.branches.get(NODE), first.branches.get(NODE));
  });

  it('shows what is unavailable and unknown, and what has no states at all', () => {
    const lab = new HassLab();
    lab.know(ENTRIES);
    const states = {
      'sensor.my_cpu': state('unavailable'),
      'sensor.my_state': state('unavailable'),
      'binary_sensor.nas_connection': state('unknown'),
    };
    const view = lab.update({ ...home(), states });
    assert.equal(view.things.get(GUEST)?.health, 'away');
    assert.equal(view.things.get(NODE)?.health, 'unknown');
    assert.equal(view.things.get(NAS)?.health, 'away');
  });

  it('is the same lab by the app’s own interface, with a container’s parents above it', () => {
    const lab = new ApiLab(EMPTY);
    const view = lab.take({ resources: RESOURCES });
    assert.equal(lab.take({ resources: structuredClone(RESOURCES) }), view, 'nothing changed');
    const guest = view.branches.get('proxmox/home/guest/101');
    assert.equal(guest?.thing.readings.power?.value, true, 'as the entity is called');
    assert.equal(guest?.worst, 'problem');
    assert.deepEqual(
      troubles(view).map(({ name, because }) => [name, because[0]?.key]),
      [['db', 'health']],
    );
  });

  it('does not fall over things that contain each other', () => {
    const circle = RESOURCES.map((one) => ({ ...one, parent: 'proxmox/home/guest/101' }));
    const view = new ApiLab(EMPTY).take({ resources: circle });
    assert.equal(view.branches.size, 2);
  });
});

const NODE = 'labkeeper_proxmox_home_node_pve1';
const GUEST = 'labkeeper_proxmox_home_guest_101';
const NAS = 'labkeeper_docker_nas_host_engine';
const PERCENT = { unit_of_measurement: '%' };

const state = (value: string, attributes: Readonly<Record<string, unknown>> = {}) => ({
  state: value,
  attributes,
});

const entry = (entity_id: string, unique_id: string, device_id: string): RegistryEntry => ({
  ...{ entity_id, unique_id, device_id },
});

const ENTRIES = [
  entry('sensor.my_cpu', `${GUEST}_cpu`, 'd2'),
  entry('sensor.my_state', `${GUEST}_state`, 'd2'),
  entry('binary_sensor.nas_connection', `${NAS}_connection`, 'd3'),
  entry('light.kitchen', 'kitchen', 'd4'),
];

function home(): Pick<Hass, 'devices' | 'states'> {
  return {
    devices: DEVICES,
    states: {
      'sensor.my_cpu': state('12.5', PERCENT),
      'sensor.my_state': state('running', { options: ['running', 'stopped'] }),
      'binary_sensor.nas_connection': state('on'),
      'light.kitchen': state('off'),
    },
  };
}

const device = (id: string, identifier: string, name: string, via_device_id: string | null = null) => ({
  ...{ id, identifiers: [['mqtt', identifier] as const], name, via_device_id },
});

const DEVICES = {
  d1: device('d1', NODE, 'pve1'),
  d2: device('d2', GUEST, 'web', 'd1'),
  d3: device('d3', NAS, 'NAS'),
  d4: device('d4', 'hue_7', 'Kitchen'),
};

const RESOURCES: readonly ApiResource[] = [
  {
    ...{ id: 'proxmox/home/guest/101', kind: 'guest', name: 'docker-host', available: true },
    readings: { on: true, state: 'running' },
  },
  {
    ...{ id: 'docker/lab/container/db', kind: 'container', name: 'db', available: true },
    ...{ parent: 'proxmox/home/guest/101', readings: { on: true, state: 'running', health: 'unhealthy' } },
  },
];
