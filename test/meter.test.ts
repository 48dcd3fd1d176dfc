import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LabError } from '../addon/src/core/errors.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { FakeClock } from './helpers/fake-clock.ts';

suite('a meter', () => {
  test('knows nothing before the first minute is over', () => {
    const meter = new Meter(new FakeClock());
    assert.deepEqual(meter.traffic(), { callsPerMinute: null, p95: null, errors: 0, lastError: null });
  });

  test('counts calls a minute over the minutes that are over, ten at most', async () => {
    const clock = new FakeClock();
    const meter = new Meter(clock);
    for (let minute = 0; minute < 4; minute += 1) {
      for (let call = 0; call < 6; call += 1) meter.record(10);
      await clock.advance(60_000);
    }
    assert.equal(meter.traffic().callsPerMinute, 6);
    await clock.advance(6 * 60_000);
    assert.equal(meter.traffic().callsPerMinute, 2.4, '24 in ten minutes');
    await clock.advance(600_000);
    assert.equal(meter.traffic().callsPerMinute, 0);
    assert.equal(meter.calls, 24);
  });

  test('tells the latency that nearly all calls keep, of the last 200', () => {
    const meter = new Meter(new FakeClock());
    for (let call = 0; call < 500; call += 1) meter.record(9_000);
    for (let call = 1; call <= 200; call += 1) meter.record(call);
    assert.equal(meter.traffic().p95, 190);
  });

  test('keeps the last error, and counts them all', () => {
    const meter = new Meter(new FakeClock());
    meter.record(1, new LabError('unreachable', 'first'));
    meter.fault(new LabError('unreachable', 'second'));
    meter.record(1);
    assert.equal(meter.traffic().errors, 2);
    assert.equal(meter.traffic().lastError, 'second');
    assert.equal(meter.calls, 2);
  });
});
