import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { Risk } from '../addon/src/contract/action.ts';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { publishedRows } from '../addon/src/entities/published-rows.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { MAC } from '../simulators/unifi/index.ts';
import { OWNER, type UnifiLab, type UnifiLabOptions, unifiLab } from './helpers/unifi-lab.ts';

let lab: UnifiLab;
const begin = async (options?: UnifiLabOptions): Promise<UnifiLab> => {
  lab = await unifiLab(options);
  await lab.known();
  await lab.until('configuration', () => lab.all('network').length > 0);
  return lab;
};
const CORE = `${OWNER}/switch/${MAC.core.replaceAll(':', '')}`;
const never = new AbortController().signal;
const control = (): Capabilities['network'] => {
  const found = lab.engine.for(CORE, 'network');
  assert.ok(found);
  return found;
};
const code = (expected: string) => (thrown: unknown) =>
  thrown instanceof LabError && thrown.code === expected;
const core = () => {
  const device = lab.site.device(MAC.core);
  assert.ok(device);
  return device;
};
const port = (index: number) =>
  lab.named('switch', 'Core')?.readings.ports?.find((one) => one.index === index);
const writes = () => lab.simulator.written.length;

suite('what is done to a UniFi network', () => {
  afterEach(() => lab.close());

  test('is as dangerous as it is', async () => {
    await begin();
    const risks: Record<string, Risk> = {
      ...{ poe_cycle: 'operate', set_poe: 'operate', set_wlan: 'operate' },
      ...{ network_restart: 'disrupt', set_port: 'provision', set_port_profile: 'provision' },
      ...{ set_port_vlan: 'provision', create_network: 'provision', delete_network: 'destroy' },
    };
    for (const [id, risk] of Object.entries(risks)) {
      assert.equal(ACTIONS.find((action) => action.id === id)?.risk, risk, id);
    }
  });

  for (const generation of ['legacy', 'os'] as const) {
    test(`PoE goes off and on, and leaves everything else of all ports as it was: ${generation}`, async () => {
      await begin({ generation });
      const before = structuredClone(core().overrides);
      await lab.during(control().setPoe(CORE, 'port_6', false, never));
      assert.equal(port(6)?.poe, false);
      assert.equal(port(6)?.poe_power, 0);
      assert.deepEqual(core().overrides, [before[0], { ...before[1], poe_mode: 'off' }]);
      await lab.during(control().setPoe(CORE, 'port_6', true, never));
      assert.equal(port(6)?.poe, true);
      assert.deepEqual(core().overrides, before);
    });
  }

  test('PoE of a port for which nothing was set gets just that, with its profile', async () => {
    await begin();
    const before = structuredClone(core().overrides);
    await lab.during(control().setPoe(CORE, 'port_7', false, never));
    const [added] = core().overrides.slice(before.length);
    assert.deepEqual(core().overrides.slice(0, before.length), before);
    assert.deepEqual([added?.port_idx, added?.poe_mode], [7, 'off']);
    assert.equal(typeof added?.portconf_id, 'string');
  });

  test('what somebody set meanwhile is not overwritten', async () => {
    await begin();
    const theirs = { port_idx: 12, name: 'Printer', portconf_id: 'theirs' };
    core().overrides.push(theirs);
    await lab.during(control().setPoe(CORE, 'port_6', false, never));
    assert.deepEqual(
      core().overrides.find(({ port_idx: index }) => index === 12),
      theirs,
    );
  });

  test('a port is power-cycled', async () => {
    await begin();
    await lab.during(control().cyclePort(CORE, 'port_5', never));
    assert.deepEqual(lab.site.cycled, [`${MAC.core}/5`]);
    assert.equal(writes(), 1);
  });

  test('a port is switched off, and on again exactly as it was', async () => {
    for (const [generation, index] of [
      ['legacy', 6],
      ['os', 6],
      ['legacy', 2],
    ] as const) {
      if (lab !== undefined) await lab.close();
      await begin({ generation });
      const before = structuredClone(core().overrides);
      await lab.during(control().setPort(CORE, `port_${index}`, false, never));
      assert.equal(port(index)?.enabled, false);
      assert.equal(port(index)?.link, false);
      await lab.during(control().setPort(CORE, `port_${index}`, true, never));
      assert.equal(port(index)?.enabled, true);
      assert.deepEqual(core().overrides, before);
    }
  });

  test('a port that was changed since, or switched off elsewhere, is left to who did that', async () => {
    await begin();
    await lab.during(control().setPort(CORE, 'port_6', false, never));
    core().overrides = core().overrides.map((one) => (one.port_idx === 6 ? { ...one, name: 'Other' } : one));
    await assert.rejects(lab.during(control().setPort(CORE, 'port_6', true, never)), code('target_changed'));
    core().overrides.push({ port_idx: 9, forward: 'disabled' });
    await assert.rejects(lab.during(control().setPort(CORE, 'port_9', true, never)), code('target_changed'));
    assert.equal(writes(), 1);
  });

  test('a change that does not arrive is taken back', async () => {
    await begin();
    const before = structuredClone(core().overrides);
    const { provision } = lab.site;
    // The switch never finishes what it was told.
    lab.site.provision = (device) => {
      device.state = 5;
    };
    await assert.rejects(
      lab.during(control().setPort(CORE, 'port_6', false, never)),
      (thrown) =>
        thrown instanceof LabError &&
        thrown.code === 'source_failed' &&
        /port 6 of Core is not off after 120 s/.test(thrown.message) &&
        /^it was taken back/.test(thrown.hint ?? ''),
    );
    assert.deepEqual(core().overrides, before);
    lab.site.provision = provision;
  });

  test('a change that cuts off its own device is taken back for when that is back', async () => {
    await begin();
    const before = structuredClone(core().overrides);
    const { provision } = lab.site;
    lab.site.provision = (device) => {
      device.state = 0;
    };
    await assert.rejects(
      lab.during(control().setPort(CORE, 'port_6', false, never)),
      (thrown) => thrown instanceof LabError && /^it was taken back/.test(thrown.hint ?? ''),
    );
    assert.deepEqual(core().overrides, before);
    lab.site.provision = provision;
  });

  test('a change that cuts off the controller is taken back when it answers again', async () => {
    await begin();
    const before = structuredClone(core().overrides);
    const { faults } = lab.simulator;
    const { provision } = lab.site;
    lab.site.provision = (device) => {
      provision.call(lab.site, device);
      faults.inject({}, { kind: 'reset' });
    };
    await assert.rejects(
      lab.during(control().setPort(CORE, 'port_6', false, never)),
      (thrown) =>
        thrown instanceof LabError &&
        thrown.code === 'deadline_passed' &&
        /taken back as soon as the controller answers; else set port 6 of Core there as it was: poe_mode auto/.test(
          thrown.hint ?? '',
        ),
    );
    assert.notDeepEqual(core().overrides, before);
    lab.site.provision = provision;
    faults.clear();
    await lab.until('it is as before', () => core().overrides.length === 2 && port(6)?.enabled === true, 180);
    assert.deepEqual(core().overrides, before);
    const written = writes();
    await lab.pass(100);
    assert.equal(writes(), written, 'once');
  });

  test('a change that was cut off with Labkeeper is taken back by its next run, unless somebody went on', async () => {
    for (const theirs of [false, true]) {
      const database = memoryDatabase();
      await begin({ database });
      const before = structuredClone(core().overrides);
      lab.site.provision = (device) => {
        device.state = 5;
      };
      const abort = new AbortController();
      const cut = control().setPort(CORE, 'port_6', false, abort.signal);
      cut.catch(() => {});
      await lab.until('it is sent', () => writes() === 1);
      // Whether this run still takes it back, or the next one, depends on how fast it is let go of.
      if (theirs) core().overrides = [{ port_idx: 6, name: 'Mine' }];
      abort.abort(new LabError('shutting_down', 'over'));
      await assert.rejects(lab.during(cut));
      core().state = 1;
      await lab.move('os');
      await lab.known();
      await lab.pass(40);
      assert.deepEqual(core().overrides, theirs ? [{ port_idx: 6, name: 'Mine' }] : before);
      await lab.close();
    }
    await begin();
  });

  for (const generation of ['legacy', 'os'] as const) {
    test(`a port gets another profile, and keeps what else is set for it: ${generation}`, async () => {
      await begin({ generation });
      const before = structuredClone(core().overrides);
      await lab.during(control().setProfile(CORE, 'port_6', 'IoT', never));
      assert.equal(port(6)?.profile, 'IoT');
      const [own] = core().overrides.filter(({ port_idx: index }) => index === 6);
      assert.deepEqual({ ...own, portconf_id: null }, { ...before[1], portconf_id: null });
      assert.deepEqual(core().overrides[0], before[0]);
      await lab.during(control().setProfile(CORE, 'port_6', 'IoT', never));
      assert.equal(writes(), 1, 'what is as wished is not asked for');
    });
  }

  test('a profile that is not there, or would switch the port off, is refused with those that are', async () => {
    await begin();
    for (const name of ['Nowhere', 'Disabled']) {
      await assert.rejects(
        lab.during(control().setProfile(CORE, 'port_6', name, never)),
        (thrown) =>
          thrown instanceof LabError &&
          /has “All”, “Server”, “IoT”, “Lab”, “Guests”, “Trunk”$/.test(thrown.hint ?? ''),
      );
    }
    await assert.rejects(lab.during(control().setProfile(CORE, 'port_1', 'IoT', never)), code('lifeline'));
    assert.equal(writes(), 0);
  });

  test('the uplink, and the port of the controller, are not taken away', async () => {
    const cloudkey = {
      ...{ mac: '80:2a:a8:5a:00:09', name: 'CloudKey', ip: '192.168.1.9', network: 'Management' },
      ...{ wired: { switch: MAC.core, port: 7 }, connected: true },
    };
    await begin({ seed: { clients: [cloudkey] } });
    await assert.rejects(lab.during(control().setPort(CORE, 'port_1', false, never)), code('lifeline'));
    for (const item of ['port_7']) {
      await assert.rejects(lab.during(control().cyclePort(CORE, item, never)), code('lifeline'));
      await assert.rejects(lab.during(control().setPoe(CORE, item, false, never)), code('lifeline'));
      await assert.rejects(lab.during(control().setPort(CORE, item, false, never)), code('lifeline'));
    }
    await assert.rejects(lab.during(control().cyclePort(CORE, 'port_99', never)), code('target_unknown'));
    assert.equal(writes(), 0);
  });

  test('the port of the controller is known before clients were shown, and where it was moved to', async () => {
    await begin();
    lab.site.clients.push({
      ...{ mac: '80:2a:a8:5a:00:09', name: 'CloudKey', ip: '192.168.1.9', network: 'Management' },
      ...{ wired: { switch: MAC.core, port: 6 }, connected: true },
    });
    await assert.rejects(lab.during(control().setPort(CORE, 'port_6', false, never)), code('lifeline'));
    await assert.rejects(lab.during(control().setPoe(CORE, 'port_6', false, never)), code('lifeline'));
    assert.equal(writes(), 0);
  });

  test('a switch is restarted, which takes until it is back', async () => {
    await begin();
    const before = lab.clock.elapsed();
    await lab.during(control().restart(CORE, never));
    assert.ok(lab.clock.elapsed() - before >= 40_000);
    assert.equal(lab.named('switch', 'Core')?.readings.connected, true);
    assert.equal(writes(), 1);
  });

  for (const generation of ['legacy', 'os'] as const) {
    test(`a WLAN goes off and on, and nothing else of it is sent: ${generation}`, async () => {
      await begin({ generation });
      const id = `${OWNER}/wlan/home-1`;
      await lab.during(control().setWlan(id, false, never));
      assert.equal(lab.named('wlan', 'home (WLAN)')?.readings.on, false);
      await lab.during(control().setWlan(id, true, never));
      assert.equal(lab.named('wlan', 'home (WLAN)')?.readings.enabled, true);
      assert.deepEqual(
        lab.simulator.written.map(({ body }) => body),
        [{ enabled: false }, { enabled: true }],
      );
      await lab.during(control().setWlan(id, true, never));
      assert.equal(writes(), 2, 'what is as wished is not asked for');
    });
  }

  test('is not offered to who may only look, and refused with a hint', async () => {
    await begin({
      before: ({ sessions }) => {
        sessions.role = 'readonly';
      },
    });
    const keys = [...lab.store.all()].flatMap((one) =>
      publishedRows(one, { level: 'all', levels: new Map() })
        .filter((row) => 'commands' in row)
        .map(({ key }) => key),
    );
    assert.deepEqual(keys, []);
    await assert.rejects(
      lab.during(control().setWlan(`${OWNER}/wlan/home-1`, false, never)),
      (thrown) =>
        thrown instanceof LabError &&
        thrown.code === 'privilege_missing' &&
        /administrator/.test(thrown.hint ?? ''),
    );
  });
});
