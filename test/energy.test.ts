import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { EnergyMeter } from '../addon/src/core/energy.ts';
import { MemoryBook } from '../addon/src/engine/memory.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { type RedfishLab, redfishLab } from './helpers/redfish-lab.ts';

const near = (actual: number | null | undefined, expected: number, within = 1e-9): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= within, `${actual} is not ${expected}`);

suite('energy that is summed up from power', () => {
  const clock = new FakeClock();
  const memory = new MemoryBook(memoryDatabase()).of(() => 'redfish/r640');
  const meter = new EnergyMeter(memory, clock);
  const after = async (seconds: number, watts: number | null, by = meter): Promise<number> => {
    await clock.advance(seconds * 1_000);
    return by.add(watts);
  };

  test('is what was taken between two reads, on average', async () => {
    assert.equal(meter.add(100), 0);
    near(await after(60, 200), (150 * 60) / 3_600_000);
    near(await after(60, 200), (150 * 60 + 200 * 60) / 3_600_000);
  });

  test('leaves out what nobody saw', async () => {
    const before = await after(60, null);
    near(await after(60, 200), before);
    near(await after(3_600, 200), before, 1e-9);
    near(await after(60, 200), before + (200 * 60) / 3_600_000);
  });

  test('goes on after a restart, without what was between', async () => {
    const before = await after(60, 200);
    const again = new EnergyMeter(memory, clock);
    near(await after(60, 300, again), before);
    near(await after(60, 300, again), before + (300 * 60) / 3_600_000);
  });

  test('begins anew with what makes no number', () => {
    memory.put('energy', 'so much');
    assert.equal(new EnergyMeter(memory, clock).add(100), 0);
  });
});

suite('the energy of a server', () => {
  let lab: RedfishLab;
  afterEach(() => lab.close());

  test('is summed up where the controller does not count, and goes on over a restart', async () => {
    lab = await redfishLab();
    await lab.known();
    await lab.pass(600);
    const sum = lab.server()?.readings.energy ?? 0;
    near(sum, (168 * 600) / 3_600_000, 0.006);
    await lab.reopen();
    await lab.until('the server', () => lab.server()?.readings.energy != null);
    near(lab.server()?.readings.energy, sum, 0.001);
  });

  test('is the controller’s own count where it counts', async () => {
    lab = await redfishLab({ seed: { countsEnergy: true } });
    await lab.until('the count', () => (lab.server()?.readings.energy ?? 0) > 1_204);
    const before = lab.server()?.readings.energy ?? 0;
    await lab.pass(300);
    near(lab.server()?.readings.energy, before + (168 * 300) / 3_600_000, 0.006);
  });

  test('is asked for no more where it is not counted', async () => {
    lab = await redfishLab();
    await lab.known();
    await lab.pass(300);
    assert.equal(lab.simulator.faults.count(/EnvironmentMetrics$/), 1);
  });
});
