import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { discoveryOf } from '../addon/src/entities/discovery.ts';
import { defaultSettings } from '../addon/src/entities/settings.ts';
import { statesOf } from '../addon/src/entities/states.ts';
import { topicsOf } from '../addon/src/entities/topics.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { bench } from './helpers/executor.ts';
import { pathsOf, problems } from './helpers/options.ts';
import { type ScpiLab, scpiLab } from './helpers/scpi-lab.ts';

const signal = new AbortController().signal;
const LIMITS = { scpi_outputs: [{ instrument: 'supply', name: 'CH1', max_voltage: 6, max_current: 2 }] };

let lab: ScpiLab | undefined;
const open = async (...given: Parameters<typeof scpiLab>): Promise<ScpiLab> => {
  lab = await scpiLab(...given);
  return lab;
};
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

suite('a bench', () => {
  test('is read by what its instruments say that they are', async () => {
    const { known, value, at, output } = await open({}, LIMITS);
    await known();
    assert.equal(value('supply', 'voltages', 'ch1'), 5);
    assert.equal(value('supply', 'currents', 'ch1'), 0.5);
    assert.equal(value('meter', 'voltages', 'reading'), 1.2345);
    assert.equal(value('meter', 'resistances', 'reading'), null);
    assert.equal(value('scope', 'frequencies', 'ch1'), 1_000);
    assert.equal(value('scope', 'voltages', 'ch2_peak_to_peak'), null);
    assert.deepEqual(output('ch1'), {
      ...{ key: 'ch1', title: 'CH1', on: true, voltage: 5, current: 1, max_voltage: 6, max_current: 2 },
    });
    assert.equal(at('supply')?.facts.serial, 'DP8C1234567890');
  });

  test('one that hangs stalls no other, and goes unavailable', async () => {
    const { known, sims, until, at, meter, value } = await open();
    await known();
    sims.supply.fault = { to: /./, fault: { kind: 'hang' } };
    await until('unavailable', () => at('supply')?.available === false);
    meter.reading = '+9.90000000E+37 VDC';
    await until('overload', () => value('meter', 'voltages', 'reading') === null);
    meter.reading = '+4.70000000E+03 OHM';
    await until('another function', () => value('meter', 'resistances', 'reading') === 4_700);
    assert.equal(at('meter')?.available, true);
    sims.supply.fault = undefined;
    await until('back', () => at('supply')?.available === true);
  });

  test('answers in single bytes are whole ones', async () => {
    const { known, value } = await open({}, {}, (sims) => {
      sims.supply.fault = { to: /./, fault: { kind: 'pieces' } };
    });
    await known();
    assert.equal(value('supply', 'voltages', 'ch1'), 5);
  });

  test('a late answer is never taken for the next one’s', async () => {
    const { known, sims, until, value, output } = await open();
    await known();
    const { connections } = sims.supply;
    sims.supply.fault = { to: /ALL\? CH1/, fault: { kind: 'late' } };
    await until('it is missed', () => value('supply', 'voltages', 'ch1') === null);
    sims.supply.release();
    assert.ok(sims.supply.connections > connections);
    await until('the others', () => output('ch2')?.voltage === 12);
    assert.equal(value('supply', 'voltages', 'ch2'), 0);
  });

  test('what nobody asked for is never taken for an answer', async () => {
    const { known, sims, until, value, meter } = await open();
    await known();
    const { connections } = sims.meter;
    sims.meter.shout('+9.99000000E+00 VDC\n');
    await until('another connection', () => sims.meter.connections > connections);
    assert.equal(value('meter', 'voltages', 'reading'), 1.2345);
    meter.reading = '+2.00000000E+00 VDC';
    await until('the next value', () => value('meter', 'voltages', 'reading') === 2);
  });

  test('of a broken start the rest of an old answer does no harm', async () => {
    const { known, value } = await open({}, {}, (sims) => {
      sims.scope.fault = { to: /^:MEAS/, fault: { kind: 'say', bytes: '#0half\na block\n' } };
    });
    await known();
    assert.equal(value('scope', 'frequencies', 'ch1'), null);
  });

  test('garbage is told of, and the rest stays', async () => {
    const { known, sims, until, value, at, findings } = await open();
    const told = (): readonly string[] => (findings.get('scpi/supply') ?? []).map(({ message }) => message);
    await known();
    sims.supply.fault = { to: /ALL\? CH1/, fault: { kind: 'say', bytes: '\x00\xff(garbage\n' } };
    await until('it is unknown', () => value('supply', 'voltages', 'ch1') === null);
    assert.equal(value('supply', 'voltages', 'ch2'), 0);
    assert.equal(at('supply')?.available, true);
    assert.deepEqual(told(), ['“ÿ(garbage” is no voltage. It shows as unknown.']);
    assert.deepEqual(findings.get('scpi/meter'), []);
    sims.supply.fault = { to: /ALL\? CH1/, fault: { kind: 'say', bytes: '1,1,1\n2,2,2\n' } };
    await until('it answered too much', () => told()[0]?.includes('more than was asked'));
    assert.equal(value('supply', 'voltages', 'ch1'), null);
    assert.equal(at('supply')?.available, true);
  });

  test('whoever is no instrument is told of', async () => {
    const { until, log, at } = await open({}, {}, (sims) => {
      sims.meter.fault = { to: /IDN/, fault: { kind: 'say', bytes: 'HTTP/1.1 400 Bad Request\r\n' } };
    });
    await until('an error', () => log.lines.some((line) => line.includes('names no instrument')));
    assert.equal(at('meter'), undefined);
  });

  test('the wrong model is asked for nothing else', async () => {
    const { until, log, sims } = await open({ meter: { preset: 'rigol_dp800' } });
    await until('an error', () => log.lines.some((line) => line.includes('no rigol_dp800')));
    assert.ok(sims.meter.heard.every((line) => line === '*IDN?'));
  });

  test('its errors are events, once each', async () => {
    const { known, until, supply, events, at } = await open();
    supply.errors.push('-222,"Data out of range"');
    await known();
    await until('the error', () => at('supply')?.readings.last_error === '-222 Data out of range');
    assert.deepEqual(
      events.filter(([, key]) => key === 'error').map(([, , { code }]) => code),
      [-222],
    );
  });

  test('what its owner wants to know is asked, with a pattern', async () => {
    const { known, value } = await open(
      { supply: { preset: 'none', error_queue: false } },
      {
        scpi_measurements: [
          {
            instrument: 'supply',
            name: 'Rail',
            query: ':MEAS:ALL? CH1',
            measures: 'current',
            pattern: ',(.*),',
          },
        ],
      },
    );
    await known();
    assert.equal(value('supply', 'currents', 'rail'), 0.5);
  });

  test('who wants the instrument for himself can have it', async () => {
    const { known, sims, until } = await open({ supply: { close_after: 2 } });
    await known();
    await until('let go', () => sims.supply.open === 0);
    const { connections } = sims.supply;
    await until('again', () => sims.supply.connections > connections);
  });
});

suite('an output', () => {
  test('is switched, and seen to be', async () => {
    const { known, control, idOf, supply, during } = await open({}, LIMITS);
    await known();
    await during(control('supply').setOutput(idOf('supply'), 'ch1', false, signal));
    assert.equal(supply.outputs[0]?.on, false);
    await during(control('supply').setOutput(idOf('supply'), 'ch1', true, signal));
    assert.equal(supply.outputs[0]?.on, true);
  });

  test('is not set beyond its most: nothing is sent', async () => {
    const { known, control, idOf, supply, sims, during } = await open({}, LIMITS);
    await known();
    const set = (level: object, item = 'ch1') =>
      during(control('supply').setLevel(idOf('supply'), item, level, signal));
    for (const level of [{ voltage: 6.01 }, { voltage: -1 }, { voltage: Number.NaN }, { current: 2.5 }, {}])
      await assert.rejects(set(level), { code: 'input_invalid' });
    await assert.rejects(set({ voltage: 5, current: 9 }), { code: 'input_invalid' });
    await assert.rejects(set({ voltage: 1 }, 'ch2'), { code: 'target_unsuitable' });
    assert.ok(!sims.supply.heard.some((line) => /^:SOUR\d:(VOLT|CURR) /.test(line)));
    await set({ voltage: 4.5 });
    assert.equal(supply.outputs[0]?.voltage, 4.5);
  });

  test('whose knob was turned beyond its most shows as unknown where it is set', async () => {
    const { known, at, supply, until } = await open({}, LIMITS);
    await known();
    const shown = (): unknown => {
      const resource = at('supply');
      assert.ok(resource);
      const topics = topicsOf(resource.id, defaultSettings);
      return JSON.parse(statesOf(resource, defaultSettings).get(topics.state) ?? '{}').ch1_target_voltage;
    };
    const { components } = discoveryOf(
      at('supply') as LabResource,
      { name: 'Supply', parent: undefined },
      defaultSettings,
    );
    const { min, max, step, unit_of_measurement } = components.ch1_target_voltage ?? {};
    assert.deepEqual([min, max, step, unit_of_measurement], [0, 6, 0.001, 'V']);
    assert.equal(components.ch2_target_voltage, undefined);
    assert.equal(shown(), 5);
    (supply.outputs[0] as { voltage: number }).voltage = 7;
    await until('unknown', () => shown() === null);
  });

  test('is not switched on while it is set to more than its most; off always goes', async () => {
    const { known, control, idOf, supply, during } = await open({}, LIMITS);
    await known();
    (supply.outputs[0] as { voltage: number }).voltage = 24;
    await during(control('supply').setOutput(idOf('supply'), 'ch1', false, signal));
    await assert.rejects(during(control('supply').setOutput(idOf('supply'), 'ch1', true, signal)), {
      code: 'source_refused',
    });
    assert.equal(supply.outputs[0]?.on, false);
  });

  test('is told once, and looked at after that', async () => {
    const { known, control, idOf, supply, sims, during } = await open({}, LIMITS);
    await known();
    supply.obeys = false;
    await assert.rejects(during(control('supply').setOutput(idOf('supply'), 'ch1', false, signal)), {
      code: 'source_refused',
    });
    assert.equal(sims.supply.heard.filter((line) => line === ':OUTP CH1,OFF').length, 1);
  });

  test('whose connection breaks while it is told is told once, and looked at on another', async () => {
    const { known, control, idOf, supply, sims, during } = await open({}, LIMITS);
    await known();
    sims.supply.fault = { to: /OUTP CH1,OFF/, fault: { kind: 'cut' } };
    await during(control('supply').setOutput(idOf('supply'), 'ch1', false, signal));
    assert.equal(supply.outputs[0]?.on, false);
    assert.equal(sims.supply.heard.filter((line) => line === ':OUTP CH1,OFF').length, 1);
  });

  test('of which nobody hears any more may have been switched or not: nothing is told twice', async () => {
    const { known, control, idOf, sims, during } = await open({}, LIMITS);
    await known();
    sims.supply.fault = { to: /./, fault: { kind: 'hang' } };
    await assert.rejects(during(control('supply').setOutput(idOf('supply'), 'ch1', false, signal)), {
      code: 'deadline_passed',
    });
    assert.ok(sims.supply.heard.filter((line) => line === ':OUTP CH1,OFF').length <= 1);
  });

  test('is left alone where it shall only be looked at', async () => {
    const { known, control, idOf, output } = await open({ supply: { read_only: true } });
    await known();
    assert.equal(output('ch1')?.on, undefined);
    assert.equal(output('ch1')?.state, true);
    await assert.rejects(control('supply').setOutput(idOf('supply'), 'ch1', false, signal), {
      code: 'source_refused',
    });
  });
});

suite('what instruments share in the options', () => {
  const bench = { scpi: [{ id: 'supply', host: 'supply.lan' }] };
  const limit = { name: 'CH1', max_voltage: 5 };

  test('is for one that there is', () => {
    assert.deepEqual(problems({ ...bench, scpi_outputs: [{ ...limit, instrument: 'supply' }] }), []);
    assert.deepEqual(problems({ ...bench, scpi_outputs: [{ ...limit, instrument: 'suply' }] }), [
      'scpi_outputs[0].instrument: there is no “suply” in scpi',
    ]);
  });

  test('has patterns that are some, and nothing that ends a line', () => {
    const rail = { instrument: 'supply', name: 'Rail', query: 'MEAS?', measures: 'voltage' };
    const told = (change: object) =>
      pathsOf(problems({ ...bench, scpi_measurements: [{ ...rail, ...change }] }));
    assert.deepEqual(told({}), []);
    assert.deepEqual(told({ pattern: '(' }), ['scpi_measurements[0].pattern']);
    assert.deepEqual(told({ query: 'MEAS?\n*RST' }), ['scpi_measurements[0].query']);
  });
});

suite('a query by hand', () => {
  test('is answered; of binary data it tells how much', async () => {
    const { known, control, idOf, during, sims } = await open();
    await known();
    const ask = (query: string) => during(control('scope').query(idOf('scope'), query, signal));
    assert.equal(await ask(':MEAS:ITEM? VPP,CHAN1'), '3.040000e+00');
    assert.equal(await ask(':WAV:DATA?'), '(1200 bytes of binary data)');
    assert.equal(await ask(':WAV:DATA?'), '(1200 bytes of binary data)');
    assert.equal(await ask('*IDN?'), 'RIGOL TECHNOLOGIES,DS1054Z,DS1ZA123456789,00.04.04.SP4');
    await assert.rejects(ask('*RST'), { code: 'source_refused' });
    assert.ok(!sims.scope.heard.includes('*RST'));
  });

  test('is an action that provisions: nobody with less may ask it, and what is denied is not sent', async () => {
    const { known, control, idOf, at, during, sims } = await open();
    await known();
    const { executor, resources, outcome } = bench(
      {},
      { capabilities: { instrument: control('scope') }, allow: 'provision' },
    );
    resources.set(idOf('scope'), at('scope') ?? assert.fail());
    const ask = (query: string, more: Partial<Parameters<typeof executor.submit>[0]> = {}) =>
      during(
        outcome({
          ...{ action: 'instrument_query', target: idOf('scope'), input: { query } },
          ...{ door: 'http', ceiling: 'provision', ...more },
        }),
      );
    const { state, result } = await ask(':MEAS:ITEM? VPP,CHAN1');
    assert.deepEqual([state, result], ['succeeded', { answer: '3.040000e+00' }]);
    const heard = sims.scope.heard.length;
    for (const query of [
      '*RST',
      ':CALibration:DATE?',
      'SYST:COMM:LAN:ADDR?',
      ':CHAN1:SCAL 1',
      '*IDN?;*RST',
    ]) {
      const refused = await ask(query);
      assert.deepEqual([refused.state, refused.error?.code], ['failed', 'source_refused'], query);
    }
    for (const [more, code] of [
      [{ ceiling: 'operate' }, 'ceiling_exceeded'],
      [{ door: 'mqtt', ceiling: undefined }, 'door_closed'],
      [{ door: 'homeassistant', administrator: false, ceiling: 'destroy' }, 'administrator_required'],
    ] as const)
      await assert.rejects(async () => ask('*IDN?', more), { code });
    assert.equal(sims.scope.heard.length, heard, 'nothing of that was sent');
    await executor.close();
  });
});
