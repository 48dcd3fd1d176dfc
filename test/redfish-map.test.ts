import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import Value from 'typebox/value';
import { disk } from '../addon/src/kinds/disk.ts';
import { server as kind } from '../addon/src/kinds/server.ts';
import { disksOf } from '../addon/src/sources/redfish/drives.ts';
import { type Knowledge, serverOf, tagOf } from '../addon/src/sources/redfish/map.ts';
import { refusalOf } from '../addon/src/sources/redfish/refusal.ts';
import { fansOf, suppliesOf, temperaturesOf } from '../addon/src/sources/redfish/sensors.ts';
import type { Drive, System } from '../addon/src/sources/redfish/wire.ts';

const knowing = (system: System, more: Partial<Knowledge> = {}): Knowledge => ({
  ...{ owner: 'redfish/x', name: 'X', url: 'https://x', system, sensors: [] },
  ...{ manager: undefined, inventory: undefined, shelves: undefined, energy: undefined, node: undefined },
  ...more,
});
const shelf = (...drives: readonly Drive[]) => [{ storage: {}, controller: undefined, drives, volumes: [] }];

suite('a server', () => {
  test('of which nothing is told has nothing but what is unknown', () => {
    const server = serverOf(knowing({}));
    assert.deepEqual(server.readings, { on: null, health: null, problem: null, failing: null });
    assert.deepEqual([...Value.Errors(kind.readings, server.readings)], []);
    assert.deepEqual(server.content, { kind: 'node', parts: [], itself: [] });
  });

  test('is known by its service tag, its serials and its UUID', () => {
    const dell: System = {
      ...{ Manufacturer: 'Dell Inc.', SKU: '7QK1X42', SerialNumber: 'CNIVC007CV0803' },
      UUID: '4C4C4544-0051-4B10-8031-B7C04F583432',
    };
    assert.equal(tagOf(dell), '7QK1X42');
    assert.deepEqual(serverOf(knowing(dell)).aliases, [
      'serial:cnivc007cv0803',
      'serial:7qk1x42',
      'smbios:4c4c4544-0051-4b10-8031-b7c04f583432',
    ]);
    // At others the SKU is what everybody’s server of that model has.
    const hpe: System = { Manufacturer: 'HPE', SKU: '867959-B21', SerialNumber: 'CZ1234567A' };
    assert.equal(tagOf(hpe), 'CZ1234567A');
    assert.deepEqual(serverOf(knowing(hpe)).aliases, ['serial:cz1234567a']);
  });

  test('carries what has its host name, with its domain or without, or what a person stated', () => {
    const names = (host: string | null): unknown => serverOf(knowing({ HostName: host })).content?.itself;
    assert.deepEqual(names('pve1.lan'), ['hostname:pve1.lan', 'hostname:pve1']);
    assert.deepEqual(names(''), []);
    assert.deepEqual(names(null), []);
    assert.equal(
      serverOf(knowing({}, { node: 'proxmox/home/node/pve1' })).content?.id,
      'proxmox/home/node/pve1',
    );
  });

  test('is as bad as its worst part, and counts no part that is absent', () => {
    const sensors = [
      {
        fans: [
          { Name: 'Fan 1', Status: { State: 'Absent', Health: 'Critical' } },
          { Name: 'Fan 2', Status: { State: 'Enabled', Health: 'Warning' } },
        ],
      },
    ];
    const { readings } = serverOf(knowing({ Status: { Health: 'OK' } }, { sensors }));
    assert.equal(readings.health, 'warning');
    assert.equal(readings.failing, 'Fan 2');
    assert.equal(readings.fans?.length, 1);
  });

  test('adds up what several chassis take, and knows nothing while one does not tell', () => {
    const power = (...watts: (number | null)[]): unknown =>
      serverOf(knowing({}, { sensors: watts.map((each) => ({ watts: each })) })).readings.power;
    assert.equal(power(100, 50), 150);
    assert.equal(power(100, null), null);
    assert.equal(power(), undefined);
  });
});

suite('sensors', () => {
  test('of another maker are read, in percent or in revolutions', () => {
    const fans = fansOf([
      { FanName: 'Fan 1', Reading: 13, ReadingUnits: 'Percent', Status: { Health: 'OK' } },
      { Name: 'Fan 2', SpeedPercent: { Reading: 20 } },
      { Name: 'Fan 2', Reading: null, ReadingUnits: 'RPM' },
    ]);
    assert.deepEqual(fans, [
      { key: 'fan_fan_1', title: 'Fan 1', problem: false, share: 13 },
      { key: 'fan_fan_2', title: 'Fan 2', problem: null, share: 20 },
      { key: 'fan_fan_2_2', title: 'Fan 2', problem: null, speed: null },
    ]);
    assert.deepEqual(suppliesOf([{ MemberId: '0' }]), [{ key: 'supply_0', title: '0', problem: null }]);
  });

  test('are too many to show them all: those that say most come first', () => {
    const names = [
      '01-Inlet Ambient',
      '02-CPU 1',
      '03-CPU 2',
      '04-P1 DIMM 1-6',
      '05-HD Max',
      '06-Chipset',
      '07-VR',
    ];
    const { first, others } = temperaturesOf(names.map((Name) => ({ Name, ReadingCelsius: 30 })));
    assert.deepEqual(
      first.map(({ title }) => title),
      ['01-Inlet Ambient', '02-CPU 1', '03-CPU 2'],
    );
    assert.equal(others.length, 4);
  });

  test('of names that are nothing but signs, or all the same, have keys of their own', () => {
    const { first } = temperaturesOf([{ Name: '温度' }, { Name: '+++' }, { Name: '" onload="' }, {}]);
    const keys = first.map(({ key }) => key);
    assert.equal(new Set(keys).size, 4);
    for (const key of keys) assert.match(key, /^[a-z0-9_]+$/);
  });
});

suite('a drive', () => {
  const [parent, owner] = ['redfish/x/server/system', 'redfish/x'];
  const read = (drive: Drive) => {
    const [found] = disksOf(shelf(drive), owner, parent);
    assert.ok(found);
    assert.deepEqual([...Value.Errors(disk.readings, found.readings)], []);
    return found;
  };

  test('has only what it tells', () => {
    const { readings, aliases, id } = read({ Id: 'Drive0', Name: 'Secondary Storage Device' });
    assert.deepEqual(readings, { problem: null });
    assert.equal(aliases, undefined);
    assert.equal(id, 'redfish/x/disk/Drive0');
  });

  test('that turns has no life to lose, and one that does not say has an unknown one', () => {
    const left = (value: number | null, media = 'SSD'): unknown =>
      read({ Id: 'a', MediaType: media, PredictedMediaLifeLeftPercent: value }).readings.life_left;
    assert.equal(left(97), 97);
    assert.equal(left(null), null);
    assert.equal(left(255), null);
    assert.equal(left(100, 'HDD'), undefined);
  });

  test('that predicts its failure is a problem, however healthy it calls itself', () => {
    const { readings } = read({ Id: 'a', FailurePredicted: true, Status: { Health: 'OK' } });
    assert.equal(readings.problem, true);
  });

  test('is told where it sits by whatever says so', () => {
    const slot = (drive: object): unknown => read({ Id: 'a', ...drive }).readings.slot;
    const at = (place: object): object => ({ PhysicalLocation: { PartLocation: place } });
    assert.equal(slot({ Id: 'Disk.Bay.7:Enclosure.Internal.0-1:RAID.Integrated.1-1' }), '7');
    assert.equal(slot(at({ LocationOrdinalValue: 0 })), '0');
    assert.equal(slot(at({ ServiceLabel: 'Slot=12:Port=1I:Box=1:Bay=1' })), 'Slot=12:Port=1I:Box=1:Bay=1');
    assert.equal(slot({}), undefined);
  });

  test('with two ways in is one', () => {
    const drive = { Id: 'a', SerialNumber: ' S1 ' };
    assert.equal(disksOf([...shelf(drive), ...shelf(drive)], owner, parent).length, 1);
  });

  test('is known by its durable name as well, unless the backplane gives all the same one', () => {
    const named = (serial: string, name: string, format = 'NAA'): Drive => ({
      ...{ Id: serial, SerialNumber: serial },
      Identifiers: [{ DurableName: name, DurableNameFormat: format }],
    });
    assert.deepEqual(read(named('S1', '5000C500A1B2C3D4')).aliases, ['serial:s1', 'serial:5000c500a1b2c3d4']);
    const eui = read(named('S1', '5C-D2-E4-2A-81-00-01-02', 'EUI'));
    assert.deepEqual(eui.aliases?.[1], 'serial:5cd2e42a81000102');
    assert.deepEqual(read(named('S1', 'a/b', 'UUID')).aliases, ['serial:s1']);
    assert.deepEqual(read(named('S1', '', 'NAA')).aliases, ['serial:s1']);
    const same = shelf(named('S1', '500056B37789ABFF'), named('S2', '500056B37789ABFF'));
    const known = disksOf(same, owner, parent).map(({ aliases }) => aliases);
    assert.deepEqual(known, [['serial:s1'], ['serial:s2']]);
  });

  test('has what is measured of it, by whichever way it is told', () => {
    const of = (more: object) => read({ Id: 'a', MediaType: 'SSD', ...more } as Drive).readings;
    const { temperature, power_on_hours, life_left, power_cycles } = of({
      metrics: {
        NVMeSMART: {
          PercentageUsed: 103,
          PowerOnHours: 12_000,
          PowerCycles: 81,
          CompositeTemperatureCelsius: 41,
        },
      },
    });
    assert.deepEqual([temperature, power_on_hours, life_left, power_cycles], [41, 12_000, 0, 81]);
    const newer = of({
      PredictedMediaLifeLeftPercent: 96,
      metrics: { PowerOnHours: 31_000, NVMeSMART: { PercentageUsed: 7 } },
      environment: { TemperatureCelsius: { Reading: 28 } },
    });
    assert.deepEqual([newer.temperature, newer.power_on_hours, newer.life_left], [28, 31_000, 96]);
    const unknown = of({ environment: { TemperatureCelsius: { Reading: null } } });
    assert.deepEqual([unknown.temperature, 'power_on_hours' in unknown], [null, false]);
  });

  test('whose serial is a path does not leave its place', () => {
    assert.equal(read({ SerialNumber: '../../x/y' }).id, 'redfish/x/disk/..-..-x-y');
  });
});

suite('what a controller says instead of doing something', () => {
  const answer = (status: number, body: unknown) => ({
    ...{ status, statusText: '', headers: {} },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const info = (MessageId: string, Message: string, Resolution?: string) => ({
    error: { '@Message.ExtendedInfo': [{ MessageId, Message, ...(Resolution && { Resolution }) }] },
  });

  test('is told with what to do about it', () => {
    const busy = refusalOf('redfish/x', 'GET /a', answer(400, info('IDRAC.2.8.SYS1', 'No.', 'Try B.')));
    assert.equal(busy.code, 'source_refused');
    assert.equal(busy.message, 'redfish/x: GET /a failed (400): No.');
    assert.equal(busy.hint, 'Try B.');
  });

  test('of sessions is understood from every maker, whatever the status', () => {
    const full = ['IDRAC.2.8.RAC0218', 'Base.1.8.SessionLimitExceeded'];
    for (const id of full) {
      assert.equal(refusalOf('x', 'y', answer(503, info(id, 'Full.'))).code, 'sessions_exhausted');
      assert.equal(refusalOf('x', 'y', answer(400, info(id, 'Full.'))).code, 'sessions_exhausted');
    }
  });

  test('may be no JSON at all, or of another form', () => {
    for (const body of [
      '<html>',
      '',
      '{"error":"no"}',
      '{"error":{"@Message.ExtendedInfo":{"Message":"m"}}}',
    ]) {
      const { code } = refusalOf('x', 'y', answer(500, body));
      assert.equal(code, 'source_failed', body);
    }
  });
});
