import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checked } from '../frontend-card/src/cards/config.ts';
import { dashboardFor } from '../frontend-card/src/cards/dashboard.ts';
import { suggestionFor } from '../frontend-card/src/cards/suggestion.ts';
import { HassDoer } from '../frontend-card/src/hass/hass-doer.ts';
import type { Hass } from '../frontend-card/src/hass/types.ts';
import { DEEDS, type Deed } from '../frontend-card/src/lab/actions.ts';
import { align } from '../frontend-card/src/lab/align.ts';
import { breakEven } from '../frontend-card/src/lab/break-even.ts';
import { ApiLab, type ApiResource } from '../frontend-card/src/lab/from-api.ts';
import { cardsOf } from '../frontend-card/src/lab/gpu.ts';
import { portsOf, residentsOf, wansOf } from '../frontend-card/src/lab/network.ts';
import { EMPTY, type LabView, type Thing } from '../frontend-card/src/lab/thing.ts';

describe('What graphs draw', () => {
  it('is the mean of each piece of time, weighed by how long each value was', () => {
    const series = { times: [0, 15, 20], values: [10, 30, null] };
    const [times, values] = align([series], 0, 40, 8);
    assert.deepEqual(times, [10, 20, 30, 40]);
    assert.deepEqual(values, [10, 20, null, null]);
  });

  it('begins with what was known before, and is empty for what nobody knows', () => {
    const [, known, unknown] = align([{ times: [-100], values: [7] }, undefined], 0, 20, 4);
    assert.deepEqual(known, [7, 7]);
    assert.deepEqual(unknown, [null, null]);
  });
});

describe('A network in the cards', () => {
  const lab = labOf([
    {
      ...resource('unifi/house/switch/core', 'switch', 'Core'),
      readings: {
        ports: [
          { key: 'port_10', title: 'Port 10', link: false, speed: 0, poe_power: 0 },
          { key: 'port_2', title: 'Rack', link: true, speed: 1_000, poe_power: 6.4 },
        ],
      },
      links: [{ type: 'carries', to: 'proxmox/home/guest/101', at: 'port_2' }],
    },
    resource('proxmox/home/guest/101', 'guest', 'web'),
    {
      ...resource('unifi/house/network/corporate-20', 'network', 'Server'),
      links: [{ type: 'carries', to: 'proxmox/home/guest/101' }],
    },
    { ...resource('unifi/house/client/1', 'client', 'Phone'), readings: { here: true, network: 'Server' } },
    {
      ...resource('unifi/house/wlan/home', 'wlan', 'home'),
      links: [{ type: 'member_of', to: 'unifi/house/network/corporate-20' }],
    },
    {
      ...resource('unifi/house/gateway/main', 'gateway', 'Gateway'),
      readings: { wans: [{ key: 'wan2', title: 'WAN2', up: false, ip: null, latency: null }] },
    },
  ]);

  it('has ports in the order of their numbers, with what hangs there', () => {
    assert.deepEqual(
      portsOf(lab, thingOf(lab, 'Core')).map(({ number, up, watts, things }) => [
        ...[number, up, watts],
        things.map(({ name }) => name),
      ]),
      [
        ['2', true, 6.4, ['web']],
        ['10', false, 0, []],
      ],
    );
  });

  it('knows who lives on a VLAN: by edges, and clients by the name that they tell', () => {
    const names = residentsOf(lab, thingOf(lab, 'Server')).map(({ name }) => name);
    assert.deepEqual(names.sort(), ['Phone', 'home', 'web']);
  });

  it('has the ways out, also those that are down', () => {
    assert.deepEqual(wansOf(thingOf(lab, 'Gateway')), [
      { title: 'WAN2', up: false, ip: undefined, latency: undefined },
    ]);
  });
});

describe('A graphics card in the cards', () => {
  const readings = {
    ...{ vram_total: 24, price: 350, cloud_price: 0.5, electricity_price: 0.25, currency: '£' },
    ...{ busy_hours: 100, energy: 20 },
    processes: [
      { key: 'a', title: '/usr/bin/python3', vram: 6, container: 'docker/lab/container/ai.chatterbox.1' },
      { key: 'b', title: 'Xorg', vram: 0.2 },
      { key: 'c', title: 'idle', vram: null },
    ],
    workloads: [{ key: 'x', title: 'LoRA', vram: 18, fits_card: true, fits_now: false, stop: 'chatterbox' }],
  };
  const [card] = cardsOf([{ ...resource('gpu/ai/gpu/1', 'gpu', 'RTX'), readings } as unknown as ApiResource]);
  assert.ok(card);

  it('names who has its memory as people do, the most first', () => {
    assert.deepEqual(card.owners, [
      { name: 'chatterbox', vram: 6 },
      { name: 'Xorg', vram: 0.2 },
    ]);
    assert.equal(card.workloads[0]?.stop, 'chatterbox');
  });

  it('has paid for itself when renting would have cost as much, with the electricity that it takes', () => {
    const plan = breakEven(card);
    // An hour of work took 0.2 kWh, so it costs 0.05; renting costs 0.45 more.
    assert.equal(plan?.hours?.toFixed(1), (350 / 0.45).toFixed(1));
    assert.equal(plan?.own(100), 355);
    assert.equal(plan?.rent(100), 50);
    assert.equal(breakEven({ ...card, cloudPrice: undefined }), undefined);
    assert.equal(breakEven({ ...card, cloudPrice: 0.01 })?.hours, undefined, 'never at that price');
  });
});

describe('The dashboard of the strategy', () => {
  const viewsOf = (config: { hours?: number }, hass: Hass): readonly string[] => {
    const { views } = dashboardFor(config, hass) as { views: readonly { path: string }[] };
    return views.map(({ path }) => path);
  };

  it('has views that the lab has something for, and those of the integration where that is', () => {
    assert.deepEqual(viewsOf({}, hassOf(['guest'])), ['topology', 'resources']);
    const all = viewsOf({}, hassOf(['gateway', 'pool', 'gpu'], { labkeeper: {} }));
    assert.deepEqual(all, ['topology', 'resources', 'network', 'storage', 'ai', 'build-out', 'jobs']);
  });
});

describe('The configuration of a card', () => {
  it('is refused in words where it is wrong', () => {
    assert.throws(() => checked({ view: 'attic' }), /there is no view “attic”; there are topology, /);
    assert.throws(() => checked({ hours: 0 }), /“hours” has to be a number from 1 to 744/);
    assert.throws(() => checked({ device: 7 }), /“device” has to be a text/);
    assert.throws(() => checked(null), /no configuration/);
    assert.deepEqual(checked({ type: 'custom:labkeeper-card' }), { type: 'custom:labkeeper-card' });
  });

  it('is proposed for an entity of a thing that has a card', () => {
    const hass = hassOf(['guest', 'pool']);
    const type = 'custom:labkeeper-guest-card';
    assert.deepEqual(suggestionFor(hass, 'sensor.guest', type), { config: { type, device: 'd0' } });
    assert.equal(suggestionFor(hass, 'sensor.guest', 'custom:labkeeper-gpu-card'), null);
    assert.equal(suggestionFor(hass, 'sensor.pool', type), null);
    assert.equal(suggestionFor(hass, 'light.kitchen', type), null);
  });
});

describe('What cards have done by Home Assistant', () => {
  const deed = (key: string): Deed => DEEDS.find((one) => one.key === key) as Deed;
  const guest = (entity?: string): Thing =>
    ({
      ...{ id: 'g', kind: 'guest', name: 'web', device: 'd0', links: [], health: 'ok', because: [] },
      readings: entity === undefined ? {} : { power: { key: 'power', value: true, entity } },
    }) as unknown as Thing;

  it('is an action of Labkeeper, with what was planned and confirmed', async () => {
    const { hass, called } = recording({ labkeeper: { set_power: {}, guest_force_stop: {} } });
    const doer = new HassDoer(() => hass);
    await doer.run(deed('stop'), guest(), { requestId: 'r1' });
    await doer.run(deed('force_stop'), guest(), { confirm: true });
    assert.deepEqual(called, [
      ['labkeeper', 'set_power', { device_id: ['d0'], power: 'off', wait: 0, request_id: 'r1' }, undefined],
      ['labkeeper', 'guest_force_stop', { device_id: ['d0'], wait: 0, confirm: true }, undefined],
    ]);
  });

  it('is asked of the Labkeeper that the thing is of', async () => {
    const asked: object[] = [];
    const callWS = (message: object): Promise<unknown> => {
      asked.push(message);
      return Promise.resolve({ plan: { steps: [] }, job: { id: 'j1' } });
    };
    const doer = new HassDoer(() => ({ callWS }) as unknown as Hass);
    const thing = { ...guest(), resource: 'proxmox/home/guest/1', app: 'attic' };
    await doer.plan(deed('snapshot'), thing, 'r1');
    await doer.job('j1', thing);
    const of = { config_entry_id: 'attic' };
    assert.deepEqual(asked, [
      {
        ...{ type: 'labkeeper/plan', action: 'snapshot', target: 'proxmox/home/guest/1', input: {} },
        ...{ request_id: 'r1', ...of },
      },
      { type: 'labkeeper/job', job: 'j1', ...of },
    ]);
  });

  it('is a switch or button of the device where there is no integration', async () => {
    const { hass, called } = recording({});
    const doer = new HassDoer(() => hass);
    await doer.run(deed('stop'), guest('switch.web'), {});
    assert.deepEqual(called, [['switch', 'turn_off', {}, { entity_id: 'switch.web' }]]);
    await assert.rejects(doer.run(deed('stop'), guest(), {}), /there is no entity “power” of web/);
  });

  it('is refused in the words of Home Assistant', async () => {
    const { hass } = recording({ labkeeper: { set_power: {} } }, { code: 'x', message: 'web is locked' });
    await assert.rejects(new HassDoer(() => hass).run(deed('stop'), guest(), {}), {
      message: 'web is locked',
    });
  });
});

function resource(id: string, kind: string, name: string): ApiResource {
  return { id, kind, name, available: true, readings: {} };
}

function labOf(resources: readonly ApiResource[]): LabView {
  return new ApiLab(EMPTY).take({ resources });
}

function thingOf(lab: LabView, name: string): Thing {
  return [...lab.things.values()].find((thing) => thing.name === name) as Thing;
}

function hassOf(kinds: readonly string[], services: Hass['services'] = {}): Hass {
  const devices = kinds.map((kind, index) => ({
    ...{ id: `d${index}`, identifiers: [['mqtt', `labkeeper_proxmox_home_${kind}_1`]] },
  }));
  const entities = kinds.map((kind, index) => ({ entity_id: `sensor.${kind}`, device_id: `d${index}` }));
  return {
    devices: Object.fromEntries(devices.map((device) => [device.id, device])),
    entities: Object.fromEntries(entities.map((entity) => [entity.entity_id, entity])),
    services,
  } as unknown as Hass;
}

/** A Home Assistant that notes what it is called with, or refuses. */
function recording(services: Hass['services'], refusal?: object): { hass: Hass; called: unknown[][] } {
  const called: unknown[][] = [];
  const callService = (domain: string, service: string, data: object, target?: object): Promise<unknown> => {
    called.push([domain, service, data, target]);
    return refusal === undefined ? Promise.resolve({ response: { jobs: [] } }) : Promise.reject(refusal);
  };
  return { hass: { services, callService, user: { is_admin: true } } as unknown as Hass, called };
}
