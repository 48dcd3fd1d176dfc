import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { lightOf } from '../addon/src/sources/redfish/map.ts';
import { type RedfishLab, type RedfishLabOptions, redfishLab, SERVER } from './helpers/redfish-lab.ts';

let lab: RedfishLab;
const begin = async (options?: RedfishLabOptions): Promise<RedfishLab> => {
  lab = await redfishLab(options);
  await lab.known();
  lab.simulator.faults.resetCounts();
  return lab;
};
const never = new AbortController().signal;
const control = (): Capabilities['server'] => {
  const found = lab.engine.for(SERVER, 'server');
  assert.ok(found);
  return found;
};
const resets = (): number => lab.simulator.faults.count(/Reset$/);
const code = (expected: string) => (thrown: unknown) =>
  thrown instanceof LabError && thrown.code === expected;

suite('a server', () => {
  afterEach(() => lab.close());

  test('is shut down gracefully, which takes until it is off', async () => {
    await begin();
    const before = lab.clock.elapsed();
    await lab.during(control().shutDown(SERVER, never));
    assert.equal(lab.machine.power, 'Off');
    assert.ok(lab.clock.elapsed() - before >= 12_000);
    assert.equal(lab.server()?.readings.on, false);
    assert.equal(resets(), 1);
  });

  test('is switched on', async () => {
    await begin();
    lab.machine.forceOff();
    await lab.during(control().switchOn(SERVER, never));
    assert.equal(lab.machine.power, 'On');
    assert.equal(lab.server()?.readings.on, true);
  });

  test('is forced off at once', async () => {
    await begin({ seed: { shutdownMs: 'never' } });
    await lab.during(control().forceOff(SERVER, never));
    assert.equal(lab.machine.power, 'Off');
  });

  test('that ignores its power button is left on, and said so', async () => {
    await begin({ seed: { shutdownMs: 'never' } });
    await assert.rejects(lab.during(control().shutDown(SERVER, never)), code('deadline_passed'));
    assert.equal(lab.machine.power, 'On');
    assert.equal(resets(), 1, 'asked once');
  });

  test('that is as wished is not asked', async () => {
    await begin();
    await lab.during(control().switchOn(SERVER, never));
    assert.equal(resets(), 0);
  });

  test('to which nothing could be sent has certainly not been switched', async () => {
    await begin();
    lab.simulator.faults.inject({ path: /System\.Embedded\.1$/ }, { kind: 'reset' });
    await assert.rejects(lab.during(control().forceOff(SERVER, never)), code('source_failed'));
    assert.equal(resets(), 0);
    assert.equal(lab.machine.power, 'On');
  });

  test('whose answer was cut off is not switched twice, and it is open whether it was', async () => {
    await begin();
    lab.simulator.faults.inject({ path: /Reset$/ }, { kind: 'hang' });
    await assert.rejects(lab.during(control().forceOff(SERVER, never)), code('deadline_passed'));
    assert.equal(resets(), 1);
  });

  test('whose user may only look is not switched', async () => {
    await begin();
    const body = JSON.stringify({
      error: { '@Message.ExtendedInfo': [{ Message: 'Insufficient privilege' }] },
    });
    lab.simulator.faults.inject({ path: /Reset$/ }, { kind: 'answer', status: 403, body });
    await assert.rejects(lab.during(control().forceOff(SERVER, never)), code('privilege_missing'));
  });
});

suite('the identify light', () => {
  afterEach(() => lab.close());

  test('blinks and stops, where “off” is a steady light', async () => {
    await begin();
    await lab.during(control().identify(SERVER, true, never));
    assert.equal(lab.machine.identify, true);
    assert.equal(lab.server()?.readings.identify, true);
    await lab.during(control().identify(SERVER, false, never));
    assert.equal(lab.machine.identify, false);
    assert.equal(lab.server()?.readings.identify, false);
  });

  test('is switched by the newer property where there is one', async () => {
    await begin({ seed: { locationIndicator: true } });
    await lab.during(control().identify(SERVER, true, never));
    assert.equal(lab.machine.identify, true);
    assert.equal(lab.server()?.readings.identify, true);
  });

  test('is asked for again when somebody changed the system meanwhile, once', async () => {
    await begin();
    lab.simulator.faults.inject({ method: 'PATCH' }, { kind: 'answer', status: 412, body: '{}' }, 1);
    await lab.during(control().identify(SERVER, true, never));
    assert.equal(lab.machine.identify, true);
    assert.equal(lab.simulator.faults.count(/^PATCH/), 2);
    lab.simulator.faults.inject({ method: 'PATCH' }, { kind: 'answer', status: 412, body: '{}' });
    await assert.rejects(lab.during(control().identify(SERVER, true, never)), code('source_refused'));
    assert.equal(lab.simulator.faults.count(/^PATCH/), 4);
  });

  test('is read by what its maker means', () => {
    assert.equal(lightOf({ IndicatorLED: 'Lit', Manufacturer: 'Dell Inc.' }), false);
    assert.equal(lightOf({ IndicatorLED: 'Lit', Manufacturer: 'HPE' }), true);
    assert.equal(lightOf({ IndicatorLED: 'Blinking', Manufacturer: 'Dell Inc.' }), true);
    assert.equal(lightOf({ IndicatorLED: 'Off', Manufacturer: 'HPE' }), false);
    assert.equal(lightOf({ IndicatorLED: 'Unknown' }), null);
    assert.equal(lightOf({ IndicatorLED: null }), null);
    assert.equal(lightOf({ LocationIndicatorActive: true, IndicatorLED: 'Off' }), true);
    assert.equal(lightOf({}), undefined);
  });
});
