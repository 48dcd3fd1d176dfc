import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import Type from 'typebox';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import type { PortSeen } from '../addon/src/contract/network.ts';
import { defineSource, type Source } from '../addon/src/contract/source.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { LabError } from '../addon/src/core/errors.ts';
import type { Configured } from '../addon/src/engine/engine.ts';
import { isWithin, overlaps, subnetOf } from '../addon/src/sources/unifi/subnets.ts';
import { MAC } from '../simulators/unifi/index.ts';
import { OWNER, type UnifiLab, type UnifiLabOptions, unifiLab } from './helpers/unifi-lab.ts';

let lab: UnifiLab;
/** The broker's machine, say: a system that answers or does not. */
let isThere = true;
const other: Configured = {
  ...{ id: 'box', title: 'Box', options: {} },
  source: defineSource({
    ...{ id: 'box', title: 'Box', options: Type.Object({}), budget: 60, kinds: [] },
    open: () => ({
      tasks: [
        {
          ...{ name: 'it', tier: 'slow', vital: true },
          run: async () => {
            if (!isThere) throw new LabError('unreachable', 'box/box: no answer');
          },
        },
      ],
      ...{ watches: [], capabilities: {}, refresh: () => {}, close: async () => {} },
    }),
  }) as unknown as Source,
};
const begin = async (options?: UnifiLabOptions): Promise<UnifiLab> => {
  isThere = true;
  lab = await unifiLab({ others: [other], ...options });
  await lab.known();
  await lab.until('configuration', () => lab.all('network').length > 0);
  await lab.until('the other system', () => lab.engine.health().every(({ reachable }) => reachable));
  return lab;
};
const CORE = `${OWNER}/switch/${MAC.core.replaceAll(':', '')}`;
const SITE = `${OWNER}/site/main`;
const network = (key: string): string => `${OWNER}/network/${key}`;
const never = new AbortController().signal;
const control = (): Capabilities['network'] => {
  const found = lab.engine.for(CORE, 'network');
  assert.ok(found);
  return found;
};
const core = () => {
  const device = lab.site.device(MAC.core);
  assert.ok(device);
  return device;
};
const port = (index: number) =>
  lab.named('switch', 'Core')?.readings.ports?.find((one) => one.index === index);
const seenOf = (index: number): PortSeen => {
  const { enabled = null, profile = null, vlan = null } = port(index) ?? {};
  return { enabled, profile, vlan };
};
const refused = (expected: string, words: RegExp) => (thrown: unknown) => {
  assert.ok(thrown instanceof LabError);
  assert.match(`${thrown.message}; ${thrown.hint}`, words);
  assert.equal(thrown.code, expected);
  return true;
};
const written = () =>
  lab.simulator.written.map(({ method, path }) => `${method} ${path.replace(/\/\w{24}$/, '')}`);
/** A change reaches the devices, and with it something goes wrong that nobody foresaw. */
const surprise = (what: () => void): void => {
  const { provision } = lab.site;
  lab.site.provision = (device) => {
    provision.call(lab.site, device);
    what();
  };
};
const lab70 = { name: 'Lab 2', vlan: 70, subnet: '192.168.70.1/24' };
const vlans = () => lab.site.networks.map(({ vlan }) => vlan ?? 0).sort((one, two) => one - two);

suite('subnets', () => {
  test('are read with the address of their gateway, and compared', () => {
    const [one, inIt, other] = ['192.168.20.1/24', '192.168.20.200/29', '192.168.21.1/24'].map(subnetOf);
    assert.ok(one && inIt && other);
    assert.ok(overlaps(one, inIt) && overlaps(inIt, one) && !overlaps(one, other));
    assert.ok(isWithin('192.168.20.255', one) && !isWithin('192.168.21.0', one) && !isWithin('x', one));
    for (const text of ['192.168.20.1', '192.168.20.256/24', '1.2.3.4/33', 'a/24', '1.2.3/24', '']) {
      assert.equal(subnetOf(text), undefined, text);
    }
  });
});

suite('a port in a VLAN', () => {
  afterEach(() => lab.close());

  test('of an old controller gets the profile of that network, and keeps what else is set for it', async () => {
    await begin();
    const before = structuredClone(core().overrides);
    await lab.during(control().setVlan(CORE, 'port_6', 20, never, seenOf(6)));
    assert.deepEqual([port(6)?.vlan, port(6)?.profile], [20, 'Server']);
    const [first, second] = core().overrides;
    assert.ok(second);
    const { portconf_id: profile, ...rest } = second;
    assert.equal(typeof profile, 'string');
    assert.deepEqual([first, rest], before);
    assert.ok(core().overrides.every((set) => !('native_networkconf_id' in set)));
  });

  test('of a new controller gets the id of that network, and no profile', async () => {
    await begin({ generation: 'os' });
    const before = structuredClone(core().overrides);
    await lab.during(control().setProfile(CORE, 'port_6', 'IoT', never, seenOf(6)));
    assert.deepEqual([port(6)?.vlan, port(6)?.profile], [30, 'IoT']);
    await lab.during(control().setVlan(CORE, 'port_6', 20, never, seenOf(6)));
    assert.deepEqual([port(6)?.vlan, port(6)?.profile], [20, null]);
    const [first, second] = core().overrides;
    assert.ok(second);
    const { native_networkconf_id: id, ...rest } = second;
    assert.equal(typeof id, 'string');
    assert.deepEqual(
      [first, rest],
      [
        before[0],
        { ...before[1], forward: 'native', tagged_vlan_mgmt: 'block_all', setting_preference: 'manual' },
      ],
    );
    assert.ok(
      core()
        .overrides.slice(1)
        .every((set) => !('portconf_id' in set)),
    );
  });

  for (const generation of ['legacy', 'os'] as const) {
    test(`is left as it is where nothing differs, or no network has that VLAN: ${generation}`, async () => {
      await begin({ generation });
      await lab.during(control().setVlan(CORE, 'port_6', 20, never));
      await lab.during(control().setVlan(CORE, 'port_6', 20, never));
      assert.equal(written().length, 1);
      await assert.rejects(
        lab.during(control().setVlan(CORE, 'port_6', 99, never)),
        refused('target_unsuitable', /no one network with VLAN 99.*1 \(Management\), 20 \(Server\)/),
      );
      assert.equal(written().length, 1);
    });

    test(`is refused where it changed since that was planned: ${generation}`, async () => {
      await begin({ generation });
      const seen = seenOf(6);
      await lab.during(control().setVlan(CORE, 'port_6', 20, never));
      for (const late of [
        control().setVlan(CORE, 'port_6', 30, never, seen),
        control().setProfile(CORE, 'port_6', 'IoT', never, seen),
        control().setPort(CORE, 'port_6', false, never, seen),
      ]) {
        await assert.rejects(lab.during(late), refused('target_changed', /vlan 1 is now 20/));
      }
      assert.equal(written().length, 1);
    });

    test(`keeps its native one where it is a trunk, an uplink, or the controller’s: ${generation}`, async () => {
      const cloudkey = {
        ...{ mac: '80:2a:a8:5a:00:09', name: 'CloudKey', ip: '192.168.1.9', network: 'Management' },
        ...{ wired: { switch: MAC.core, port: 7 }, connected: true },
      };
      await begin({ generation, seed: { clients: [cloudkey] } });
      const to = (index: number) => lab.during(control().setVlan(CORE, `port_${index}`, 20, never));
      await assert.rejects(to(1), refused('lifeline', /its uplink/));
      await assert.rejects(to(7), refused('lifeline', /the controller hangs there/));
      await assert.rejects(to(3), refused('target_unsuitable', /keeps its native VLAN: Desk hangs there/));
      await assert.rejects(to(5), refused('target_unsuitable', /Ceiling hangs there/));
      await assert.rejects(
        lab.during(control().setProfile(CORE, 'port_3', 'IoT', never)),
        refused('target_unsuitable', /Desk hangs there/),
      );
      // Its native VLAN stays as it was with this one.
      await lab.during(control().setProfile(CORE, 'port_3', 'Trunk', never));
      assert.equal(port(3)?.vlan, 1);
      await lab.during(control().setProfile(CORE, 'port_12', 'Trunk', never));
      await assert.rejects(to(12), refused('target_unsuitable', /somebody made it a trunk/));
      assert.equal(written().length, 2);
    });
  }

  test('is taken back where a system does not answer since, and not where all do', async () => {
    for (const generation of ['legacy', 'os'] as const) {
      if (generation === 'os') await lab.close();
      await begin({ generation });
      const before = structuredClone(core().overrides);
      surprise(() => {
        isThere = isDeepStrictEqual(core().overrides, before);
      });
      await assert.rejects(
        lab.during(control().setVlan(CORE, 'port_6', 30, never)),
        refused('lifeline', /since then Box did not answer for 120 s; it was taken back/),
      );
      assert.deepEqual(core().overrides, before);
      assert.ok(isThere);
      assert.match(lab.log.lines.join('\n'), /taken back: port 6 of Core/);
    }
  });
});

suite('PoE and WLANs', () => {
  afterEach(() => lab.close());

  test('come back where a system does not answer since', async () => {
    await begin();
    const before = structuredClone(core().overrides);
    surprise(() => {
      isThere =
        isDeepStrictEqual(core().overrides, before) &&
        lab.site.wlans.every(({ ssid, enabled }) => enabled === (ssid !== 'guests'));
    });
    await assert.rejects(
      lab.during(control().setPoe(CORE, 'port_6', false, never)),
      refused('lifeline', /Box did not answer for 120 s; it was taken back/),
    );
    assert.deepEqual(core().overrides, before);
    // Who did not answer before is not waited for after.
    await lab.until('it is back', () => lab.engine.health().every(({ reachable }) => reachable), 180);
    await assert.rejects(
      lab.during(control().setWlan(`${OWNER}/wlan/home-1`, false, never)),
      refused('lifeline', /Box did not answer for 120 s; it was taken back/),
    );
    assert.equal(lab.named('wlan', 'home (WLAN)')?.readings.on, true);
  });

  test('are taken back by a later run where they cut off the controller', async () => {
    const database = memoryDatabase();
    await begin({ database });
    surprise(() => lab.simulator.faults.inject({}, { kind: 'reset' }));
    await assert.rejects(
      lab.during(control().setWlan(`${OWNER}/wlan/home-1`, false, never)),
      refused('deadline_passed', /else switch the WLAN “home” on there/),
    );
    assert.equal(lab.site.wlans[0]?.enabled, false);
    await lab.move('os');
    await lab.until('it is sent again', () => lab.site.wlans[0]?.enabled === true, 90);
  });
});

suite('a network with a VLAN', () => {
  afterEach(() => lab.close());

  for (const generation of ['legacy', 'os'] as const) {
    test(`is made with its gateway and DHCP, and deleted again: ${generation}`, async () => {
      await begin({ generation });
      const before = vlans();
      await lab.during(control().createNetwork(SITE, lab70, never));
      const made = lab.named('network', 'Lab 2');
      assert.equal(made?.id, network('corporate-70'));
      assert.deepEqual(made.readings, {
        ...{ vlan: 70, subnet: '192.168.70.1/24', clients: 0, dhcp_use: 0 },
        dhcp_range: '192.168.70.6 – 192.168.70.254',
      });
      const [{ body }] = lab.simulator.written as unknown as [{ body: Record<string, unknown> }];
      assert.equal(body.vlan, generation === 'legacy' ? '70' : 70, 'as this controller writes them itself');
      assert.deepEqual([body.vlan_enabled, body.dhcpd_leasetime], [true, 86_400]);
      const seen = { name: 'Lab 2', subnet: '192.168.70.1/24' };
      await lab.during(control().deleteNetwork(network('corporate-70'), never, seen));
      assert.equal(lab.named('network', 'Lab 2'), undefined);
      assert.deepEqual(vlans(), before);
      assert.deepEqual(written(), ['POST rest/networkconf', 'DELETE rest/networkconf']);
    });
  }

  test('is there when each device knows of it that could be told', async () => {
    await begin();
    const desk = lab.site.device(MAC.desk);
    assert.ok(desk);
    // It is upgraded, which takes longer than anybody waits here.
    desk.state = 4;
    const { provision } = lab.site;
    lab.site.provision = (device) => {
      if (device !== desk) provision.call(lab.site, device);
    };
    const from = lab.clock.elapsed();
    await lab.during(control().createNetwork(SITE, lab70, never));
    assert.ok(lab.clock.elapsed() - from < 60_000);
    lab.site.provision = (device) => {
      device.state = device.mac === MAC.core ? 5 : 1;
    };
    await assert.rejects(
      lab.during(control().createNetwork(SITE, { name: 'Y', vlan: 71 }, never)),
      refused('source_failed', /“Y” is not there after 120 s; it was taken back/),
    );
  });

  test('is made without a way out, without DHCP, or with a range of one’s own', async () => {
    await begin();
    await lab.during(control().createNetwork(SITE, { name: 'Bench', vlan: 71 }, never));
    assert.equal(lab.named('network', 'Bench')?.id, network('vlan-only-71'));
    await lab.during(control().createNetwork(SITE, { ...lab70, dhcp: false }, never));
    assert.equal('dhcp_range' in (lab.named('network', 'Lab 2')?.readings ?? {}), false);
    const range = { dhcp_start: '10.9.0.100', dhcp_stop: '10.9.0.120' };
    await lab.during(
      control().createNetwork(SITE, { name: 'X', vlan: 72, subnet: '10.9.3.254/22', ...range }, never),
    );
    assert.equal(lab.named('network', 'X')?.readings.dhcp_range, '10.9.0.100 – 10.9.0.120');
  });

  test('is not made where VLAN, name or addresses are somebody’s, or make no sense', async () => {
    await begin();
    for (const [wish, code, words] of [
      [{ ...lab70, vlan: 20 }, 'target_unsuitable', /“Server” has that VLAN/],
      [{ ...lab70, name: 'server' }, 'target_unsuitable', /one of that name/],
      [{ ...lab70, subnet: '192.168.30.129/25' }, 'target_unsuitable', /some of “IoT”/],
      [{ ...lab70, subnet: '192.168.0.1/16' }, 'target_unsuitable', /some of “Management”/],
      [{ ...lab70, subnet: '192.168.60.1/28' }, 'target_unsuitable', /some of “On the road”/],
      [{ ...lab70, subnet: '203.0.113.1/24' }, 'target_unsuitable', /own address outside/],
      [{ ...lab70, subnet: '192.168.70.0/24' }, 'input_invalid', /no subnet with the address of its gateway/],
      [{ ...lab70, subnet: '192.168.70.1/31' }, 'input_invalid', /no subnet/],
      [{ ...lab70, dhcp_start: '192.168.71.5' }, 'input_invalid', /no range/],
      [{ ...lab70, dhcp_start: '192.168.70.1' }, 'input_invalid', /no range/],
      [{ ...lab70, dhcp_start: '192.168.70.9', dhcp_stop: '192.168.70.8' }, 'input_invalid', /no range/],
    ] as const) {
      await assert.rejects(lab.during(control().createNetwork(SITE, wish, never)), refused(code, words));
    }
    assert.deepEqual(written(), []);
  });

  test('without a gateway is for switches alone', async () => {
    await begin();
    lab.site.devices = lab.site.devices.filter(({ role }) => role !== 'gateway');
    await assert.rejects(
      lab.during(control().createNetwork(SITE, lab70, never)),
      refused('target_unsuitable', /no gateway.*leave subnet out/),
    );
  });

  test('that others hang on is not deleted', async () => {
    const printer = {
      ...{ mac: '00:0c:29:5a:00:10', name: 'Printer', hostname: 'printer', connected: true },
      ...{ network: 'Guests', ip: '192.168.50.20' },
      wired: { switch: MAC.core, port: 12 },
    };
    await begin({ generation: 'os', seed: { clients: [printer] } });
    const del = (key: string) => lab.during(control().deleteNetwork(network(key), never));
    await assert.rejects(del('corporate-1'), refused('lifeline', /it is the default network/));
    await assert.rejects(
      del('remote-user-vpn-l2tp-server-On%20the%20road'),
      refused('target_unsuitable', /no VLAN/),
    );
    await assert.rejects(del('corporate-30'), refused('target_unsuitable', /in use: the WLAN “things”/));
    await assert.rejects(del('corporate-20'), refused('target_unsuitable', /in use: NAS/));
    await assert.rejects(del('guest-50'), refused('target_unsuitable', /in use: the WLAN “guests”/));
    await assert.rejects(del('corporate-99'), refused('target_unknown', /no such network/));
    await lab.during(control().setVlan(CORE, 'port_6', 40, never));
    await assert.rejects(del('vlan-only-40'), refused('target_unsuitable', /in use: port 6 of Core/));
    assert.deepEqual(written(), ['PUT rest/device']);
  });

  test('that manages devices, holds the controller, or has an address kept in it, is not deleted', async () => {
    await begin();
    const del = () => lab.during(control().deleteNetwork(network('corporate-70'), never));
    await lab.during(control().createNetwork(SITE, lab70, never));
    lab.site.controller = '192.168.70.9';
    await assert.rejects(del(), refused('lifeline', /the controller is in it \(192.168.70.9\)/));
    lab.site.controller = '192.168.1.9';
    lab.site.devices = lab.site.devices.map((one) =>
      one.name === 'Desk' ? { ...one, ip: '192.168.70.3' } : one,
    );
    await assert.rejects(del(), refused('lifeline', /Desk is managed by it/));
    lab.site.devices = lab.site.devices.map((one) =>
      one.name === 'Desk' ? { ...one, ip: '192.168.1.3' } : one,
    );
    lab.site.clients.push({
      ...{ mac: '00:0c:29:5a:00:11', name: 'Scope', ip: '192.168.70.40', network: 'Lab 2' },
      ...{ connected: false, isFixed: true },
    });
    await assert.rejects(del(), refused('target_unsuitable', /the fixed address of Scope/));
    lab.site.clients.pop();
    await del();
  });

  test('that the controller knows a use for which we do not is left to it', async () => {
    await begin();
    await lab.during(control().createNetwork(SITE, lab70, never));
    lab.simulator.faults.inject(
      { method: 'DELETE' },
      {
        ...{ kind: 'answer', status: 400 },
        body: '{"meta":{"rc":"error","msg":"api.err.ObjectReferredBy","type":"Routing"},"data":[]}',
      },
    );
    await assert.rejects(
      lab.during(control().deleteNetwork(network('corporate-70'), never)),
      refused('target_unsuitable', /ObjectReferredBy; the controller itself says/),
    );
    assert.ok(vlans().includes(70));
  });

  test('that was changed since its deletion was planned is not deleted', async () => {
    await begin();
    await lab.during(control().createNetwork(SITE, lab70, never));
    const planned = { name: 'Lab 2', subnet: '192.168.71.1/24' };
    await assert.rejects(
      lab.during(control().deleteNetwork(network('corporate-70'), never, planned)),
      refused('target_changed', /changed meanwhile/),
    );
  });

  test('is taken back where a system does not answer since', async () => {
    await begin();
    const before = vlans();
    surprise(() => {
      isThere = !vlans().includes(70);
    });
    await assert.rejects(
      lab.during(control().createNetwork(SITE, lab70, never)),
      refused('lifeline', /Box did not answer for 120 s; it was taken back/),
    );
    assert.deepEqual(vlans(), before);
    isThere = true;
  });

  test('that was deleted is made again, with all that was set for it, where a system does not answer since', async () => {
    await begin();
    await lab.during(control().createNetwork(SITE, { ...lab70, dhcp_stop: '192.168.70.99' }, never));
    const before = structuredClone(lab.site.networks.at(-1));
    surprise(() => {
      isThere = vlans().includes(70);
    });
    await assert.rejects(
      lab.during(control().deleteNetwork(network('corporate-70'), never)),
      refused('lifeline', /it was taken back/),
    );
    const { made, ...again } = lab.site.networks.at(-1) ?? {};
    const { made: first, ...was } = before ?? {};
    assert.deepEqual(again, was);
    assert.equal(made?.sent.dhcpd_leasetime, first?.sent.dhcpd_leasetime);
    assert.equal(made?.sent._id, undefined);
  });

  for (const what of ['made', 'deleted'] as const) {
    test(`that was ${what}, and cut off the controller, is taken back by a later run`, async () => {
      const database = memoryDatabase();
      await begin({ database });
      if (what === 'deleted') await lab.during(control().createNetwork(SITE, lab70, never));
      const before = vlans();
      const { faults } = lab.simulator;
      surprise(() => faults.inject({}, { kind: 'reset' }));
      const byHand =
        what === 'made'
          ? /as soon as the controller answers; else delete the network “Lab 2” \(VLAN 70\) there/
          : /else make the network “Lab 2” there again: VLAN 70, 192.168.70.1\/24, DHCP 192.168.70.6/;
      await assert.rejects(
        lab.during(
          what === 'made'
            ? control().createNetwork(SITE, lab70, never)
            : control().deleteNetwork(network('corporate-70'), never),
        ),
        refused('deadline_passed', byHand),
      );
      assert.notDeepEqual(vlans(), before);
      await lab.move('os');
      await lab.until('it is as before', () => String(vlans()) === String(before), 90);
      const count = lab.simulator.written.length;
      await lab.pass(100);
      assert.equal(lab.simulator.written.length, count, 'once');
    });
  }

  test('is there, too, where only the controller’s answer to its making was lost', async () => {
    await begin();
    const { faults } = lab.simulator;
    faults.inject({ method: 'POST', path: /networkconf/ }, { kind: 'truncate', bytes: 9 }, 1);
    await lab.during(control().createNetwork(SITE, lab70, never));
    assert.ok(vlans().includes(70));
    assert.equal(written().length, 1, 'it is not sent twice');
  });

  test('that the controller would not take back is left to a person, and keeps nothing else waiting', async () => {
    await begin();
    surprise(() => {
      isThere = false;
    });
    lab.simulator.faults.inject(
      { method: 'DELETE' },
      { kind: 'answer', status: 400, body: '{"meta":{"rc":"error","msg":"api.err.Whatever"},"data":[]}' },
    );
    await assert.rejects(
      lab.during(control().createNetwork(SITE, lab70, never)),
      refused('lifeline', /it could not be taken back: delete the network “Lab 2” \(VLAN 70\) there/),
    );
    assert.match(
      lab.log.lines.join('\n'),
      /error.*could not be taken back.*api.err.Whatever.*delete the network “Lab 2”/,
    );
    isThere = true;
    await lab.during(control().setPoe(CORE, 'port_6', false, never));
    assert.equal(port(6)?.poe, false);
  });

  test('that the controller refuses leaves nothing to be taken back', async () => {
    await begin();
    lab.simulator.faults.inject(
      { method: 'POST', path: /networkconf/ },
      {
        kind: 'answer',
        status: 400,
        body: '{"meta":{"rc":"error","msg":"api.err.InvalidPayload"},"data":[]}',
      },
    );
    await assert.rejects(
      lab.during(control().createNetwork(SITE, lab70, never)),
      refused('source_refused', /InvalidPayload/),
    );
    lab.simulator.faults.clear();
    await lab.pass(40);
    assert.deepEqual(written(), []);
  });
});
