import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { ownFacts } from '../addon/src/app/own-facts.ts';
import { LabError } from '../addon/src/core/errors.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { type Guard, lifelineGuard } from '../addon/src/lab/lifeline.ts';
import { wiresOf } from '../addon/src/lab/wires.ts';
import { alias, linksOf } from '../addon/src/model/resource.ts';
import { gatewayOf, MAC } from '../simulators/unifi/index.ts';
import { OWNER, type UnifiLab, type UnifiLabOptions, unifiLab } from './helpers/unifi-lab.ts';

let lab: UnifiLab;
const GUEST = 'proxmox/home/guest/100';
const GUEST_MAC = 'bc:24:11:00:01:00';
const [CORE, DESK] = [MAC.core, MAC.desk].map((mac) => `${OWNER}/switch/${mac.replaceAll(':', '')}`);
const GATEWAY = `${OWNER}/gateway/main`;
const aClient = (port: number, at = MAC.desk) => ({
  ...{ mac: GUEST_MAC, name: '', ip: '192.168.20.50', network: 'Server' },
  ...{ wired: { switch: at, port }, connected: true },
});
const aGuest = {
  ...{ id: GUEST, kind: 'guest', name: 'homeassistant', available: true, facts: {}, readings: { on: true } },
  aliases: [alias('mac', GUEST_MAC)],
} as unknown as LabResource;

async function begin(options: UnifiLabOptions = { seed: { clients: [aClient(4)] } }): Promise<UnifiLab> {
  lab = await unifiLab(options);
  lab.store.replace('proxmox/home', [aGuest], true);
  await lab.known();
  return lab;
}

const carriersOf = (id: string) =>
  [...lab.store.all()].flatMap((one) =>
    linksOf(one).flatMap(({ type, to, at, via }) =>
      type === 'carries' && to === id ? [[one.id, at, ...(via === undefined ? [] : [via])]] : [],
    ),
  );

function refusal(target: string, item?: string, self = GUEST): string | undefined {
  const guard: Guard = lifelineGuard({ lab: lab.store, self, own: ownFacts });
  const resource = lab.store.get(target);
  assert.ok(resource);
  try {
    guard({ title: 'Restart' }, resource, item);
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof LabError && thrown.code === 'lifeline');
    return thrown.message;
  }
}

suite('what carries a guest', () => {
  afterEach(() => lab.close());

  test('is the port of the switch that its MAC is at, and its network', async () => {
    await begin();
    assert.deepEqual(carriersOf(GUEST).sort(), [
      [`${OWNER}/network/corporate-20`, undefined],
      [DESK, 'port_4'],
    ]);
    assert.deepEqual(carriersOf(DESK ?? ''), [[CORE, 'port_3']]);
  });

  test('is, where only an uplink hears it, said to be beyond that, and no wire of ours', async () => {
    await begin({ seed: { clients: [aClient(1)] } });
    assert.deepEqual(carriersOf(GUEST).sort(), [
      [`${OWNER}/network/corporate-20`, undefined],
      [DESK, 'port_1', 'uplink'],
    ]);
    assert.equal(wiresOf([GUEST], lab.store).has(DESK ?? ''), false);
  });

  test('is not guessed where two guests have one MAC', async () => {
    await begin();
    lab.store.replace('proxmox/home', [aGuest, { ...aGuest, id: 'proxmox/home/guest/101' }], true);
    assert.deepEqual(carriersOf(GUEST), []);
  });

  test('moves with it', async () => {
    await begin();
    const client = lab.site.clients.find(({ mac }) => mac === GUEST_MAC);
    assert.ok(client);
    lab.site.clients.splice(lab.site.clients.indexOf(client), 1, aClient(2, MAC.core));
    await lab.until('the other switch', () => carriersOf(GUEST).some(([id]) => id === CORE), 90);
    assert.ok(!carriersOf(GUEST).some(([id]) => id === DESK));
  });

  test('leads up to the gateway, by the ports that it takes', async () => {
    await begin();
    const wires = wiresOf([GUEST], lab.store);
    const shown = [...wires].map(([id, ports]) => [id, [...ports].sort()] as const).sort();
    assert.deepEqual(
      shown,
      [
        [GATEWAY, ['*']],
        [`${OWNER}/network/corporate-20`, []],
        [DESK, ['port_1', 'port_4']],
        [CORE, ['port_1', 'port_3']],
      ].sort(),
    );
  });

  test('is not restarted or cut by Labkeeper in it, while other ports are free', async () => {
    await begin();
    for (const id of [DESK, CORE, GATEWAY]) assert.match(refusal(id ?? '') ?? '', /own network goes through/);
    assert.match(refusal(CORE ?? '', 'port_3') ?? '', /Core, port 3/);
    assert.equal(refusal(CORE ?? '', 'port_5'), undefined);
    assert.equal(refusal(DESK ?? '', 'port_2'), undefined);
    const garage = lab.named('accesspoint', 'Garage')?.id ?? '';
    assert.equal(refusal(garage), undefined);
  });

  test('has its network left to it, while others may be deleted', async () => {
    await begin();
    assert.match(refusal(`${OWNER}/network/corporate-20`) ?? '', /own network goes through Server/);
    assert.equal(refusal(`${OWNER}/network/corporate-30`), undefined);
  });

  test('is left alone while it is not known where Labkeeper hangs, unless it runs on nothing here', async () => {
    await begin({});
    assert.match(refusal(CORE ?? '') ?? '', /may go through/);
    assert.match(refusal(CORE ?? '', 'port_5') ?? '', /may go through/);
    assert.match(refusal(`${OWNER}/network/vlan-only-40`) ?? '', /may go through/);
    assert.equal(refusal(CORE ?? '', undefined, 'none'), undefined);
  });

  test('may be any port of a switch that does not say at which one the next hangs', async () => {
    await begin();
    lab.site.devices = lab.site.devices.map((one) =>
      one.mac === MAC.desk ? { ...one, uplink: { mac: MAC.core } } : one,
    );
    await lab.until('it is not known', () => carriersOf(DESK ?? '').some(([, at]) => at === undefined), 60);
    assert.match(refusal(CORE ?? '', 'port_5') ?? '', /Core, port 5/);
    assert.equal(refusal(DESK ?? '', 'port_2'), undefined);
  });

  test('is known behind a Dream Machine, too', async () => {
    await begin({ generation: 'os', seed: { clients: [aClient(3, MAC.udm)] } });
    assert.equal(gatewayOf('os', lab.clock).mac, MAC.udm);
    assert.ok(carriersOf(GUEST).some(([id, at]) => id === GATEWAY && at === 'port_3'));
    assert.match(refusal(GATEWAY, 'port_3') ?? '', /goes through/);
    assert.equal(refusal(GATEWAY, 'port_4'), undefined);
    assert.equal(refusal(CORE ?? ''), undefined);
  });
});
