import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import Value from 'typebox/value';
import { publishedRows } from '../addon/src/entities/published-rows.ts';
import { server as kind } from '../addon/src/kinds/server.ts';
import { R640_SERIALS } from '../simulators/redfish/index.ts';
import { type RedfishLab, type RedfishLabOptions, redfishLab, SERVER } from './helpers/redfish-lab.ts';

let lab: RedfishLab;
const begin = async (options?: RedfishLabOptions): Promise<RedfishLab> => {
  lab = await redfishLab(options);
  return lab;
};
const never = new AbortController().signal;

suite('a server by its management controller', () => {
  afterEach(() => lab.close());

  test('is shown with what it is and what it is made of', async () => {
    await begin();
    await lab.known();
    const server = lab.server();
    assert.equal(server?.name, 'R640');
    assert.equal(server?.available, true);
    assert.deepEqual(server?.facts, {
      manufacturer: 'Dell Inc.',
      model: 'PowerEdge R640',
      serial: '7QK1X42',
      version: '7.00.00.172',
      hostname: 'pve1',
      power_restore: 'AlwaysOn',
      url: lab.simulator.url,
    });
    const { readings } = server;
    assert.equal(readings.on, true);
    assert.equal(readings.health, 'ok');
    assert.equal(readings.problem, false);
    assert.equal(readings.failing, 'none');
    assert.equal(readings.identify, false);
    assert.equal(readings.power, 168);
    assert.equal(readings.cpus, '2 × Intel Xeon Gold 6130, 32 cores');
    assert.equal(readings.memory, 192);
    assert.equal(readings.modules, '6 × 32 GiB DDR4 2666 MT/s');
    assert.equal(readings.slots_free, 18);
    assert.equal(readings.service_tag, '7QK1X42');
    assert.equal(readings.bios, '2.21.2');
    assert.deepEqual(
      readings.temperatures?.map(({ key, title, temperature }) => [key, title, temperature]),
      [
        ['temperature_cpu1_temp', 'CPU1 Temp', 46],
        ['temperature_cpu2_temp', 'CPU2 Temp', 49],
        ['temperature_system_board_inlet_temp', 'System Board Inlet Temp', 22],
        ['temperature_system_board_exhaust_temp', 'System Board Exhaust Temp', 35],
      ],
    );
    assert.equal(readings.fans?.length, 16);
    assert.deepEqual(readings.fans?.[0], {
      ...{ key: 'fan_system_board_fan1a', title: 'System Board Fan1A', problem: false, speed: 5_160 },
    });
    assert.deepEqual(readings.power_supplies, [
      { key: 'supply_ps1', title: 'PS1', problem: false, input: 84 },
      { key: 'supply_ps2', title: 'PS2', problem: false, input: 84 },
    ]);
    assert.deepEqual(readings.controllers, [
      { key: 'controller_raid_integrated_1_1', title: 'PERC H730P Mini', problem: false, mode: 'HBA' },
    ]);
    assert.equal(readings.virtual_disks, undefined);
    assert.deepEqual([...Value.Errors(kind.readings, readings)], []);
  });

  test('has drives with slot, life and what they predict', async () => {
    await begin();
    await lab.known();
    const disks = [...lab.store.all()].filter((one) => one.kind === 'disk');
    assert.equal(disks.length, 8);
    assert.deepEqual(lab.disk(R640_SERIALS[3] ?? ''), {
      id: 'redfish/r640/disk/S6NANG0WB09553',
      kind: 'disk',
      name: 'MZ7L3480HCHQAD3 (slot 3)',
      parent: SERVER,
      available: true,
      aliases: ['serial:s6nang0wb09553'],
      readings: {
        problem: false,
        failure_predicted: false,
        life_left: 96,
        size: 479_559_942_144 / 1024 ** 3,
        slot: '3',
      },
      facts: {
        ...{ manufacturer: 'SAMSUNG', model: 'MZ7L3480HCHQAD3', serial: 'S6NANG0WB09553', version: 'HJ53' },
        ...{ slot: '3', media: 'SSD', protocol: 'SATA' },
      },
    });
  });

  test('names the parts that fail', async () => {
    await begin();
    await lab.known();
    lab.machine.ailing.set('PS2', 'Critical').set('Fan3A', 'Warning');
    const drive = lab.machine.spec.drives[5];
    assert.ok(drive);
    drive.failurePredicted = true;
    await lab.until('the parts', () => /PS2.*slot 5/.test(lab.server()?.readings.failing ?? ''), 700);
    const readings = lab.server()?.readings;
    assert.equal(readings?.failing, 'System Board Fan3A, PS2, MZ7L3480HCHQAD3 (slot 5)');
    assert.equal(readings?.health, 'critical');
    assert.equal(readings?.problem, true);
    assert.equal(readings?.power_supplies?.[1]?.problem, true);
    assert.equal(readings?.power_supplies?.[1]?.input, 0);
    assert.equal(lab.disk(drive.serial)?.readings.problem, true);
    assert.equal(lab.disk(drive.serial)?.readings.failure_predicted, true);
  });

  test('names what an iDRAC sums up where no part says that it fails', async () => {
    await begin();
    await lab.known();
    lab.machine.rollup = 'Warning';
    lab.machine.rollups.set('BatteryRollupStatus', 'Degraded');
    await lab.until('the battery', () => lab.server()?.readings.failing === 'battery', 70);
    lab.machine.rollups.clear();
    await lab.until('a word for it', () => lab.server()?.readings.failing === 'not named', 70);
    assert.equal(lab.server()?.readings.health, 'warning');
  });

  test('shows the virtual disks of a controller that makes them', async () => {
    await begin({ seed: { raid: true } });
    await lab.known();
    const readings = lab.server()?.readings;
    assert.equal(readings?.controllers?.[0]?.mode, 'RAID');
    assert.deepEqual(
      readings?.virtual_disks?.map(({ title, layout, problem }) => [title, layout, problem]),
      [
        ['system', 'RAID1', false],
        ['tank', 'RAID10', false],
      ],
    );
  });

  test('is read the same where the newer resources took the place of the old', async () => {
    await begin({ seed: { modern: true, expands: false, locationIndicator: true } });
    await lab.known();
    const readings = lab.server()?.readings;
    assert.equal(readings?.power, 168);
    assert.equal(readings?.temperatures?.length, 4);
    assert.deepEqual(readings?.fans?.[0], {
      ...{
        key: 'fan_system_board_fan1a',
        title: 'System Board Fan1A',
        problem: false,
        speed: 5_160,
        share: 34,
      },
    });
    assert.deepEqual(
      readings?.power_supplies?.map(({ key, input }) => [key, input]),
      [
        ['supply_ps1', 84],
        ['supply_ps2', 84],
      ],
    );
    assert.equal(readings?.modules, '6 × 32 GiB DDR4 2666 MT/s');
    assert.equal(readings?.identify, false);
  });

  test('measures drives where its firmware does', async () => {
    await begin({ seed: { metrics: true } });
    const serial = R640_SERIALS[3] ?? '';
    await lab.until('the drives', () => lab.disk(serial)?.readings.power_on_hours !== undefined);
    const { power_on_hours, temperature, life_left } = lab.disk(serial)?.readings ?? {};
    assert.deepEqual([power_on_hours, temperature, life_left], [31_003, 30, 96]);
  });

  test('has nothing of what the licence withholds', async () => {
    await begin({ seed: { licence: 'Basic' } });
    await lab.known();
    const readings = lab.server()?.readings ?? {};
    for (const absent of ['power', 'energy', 'power_supplies']) assert.ok(!(absent in readings), absent);
    assert.ok('temperatures' in readings && 'fans' in readings);
    assert.deepEqual(
      lab.log.lines.filter((line) => !line.startsWith('info')),
      [],
    );
  });

  test('is off: what is measured then is not known, and what is built in stays', async () => {
    await begin();
    await lab.known();
    lab.machine.forceOff();
    await lab.until('it is off', () => lab.server()?.readings.on === false, 70);
    await lab.pass(5);
    const readings = lab.server()?.readings;
    assert.equal(readings?.power, 14);
    assert.deepEqual(
      readings?.temperatures?.map(({ temperature }) => temperature),
      // An iDRAC says that it switched the others off.
      [22],
    );
    assert.equal(readings?.fans?.[0]?.speed, null);
    assert.equal(readings?.fans?.[0]?.problem, null);
    assert.equal(readings?.memory, 192);
  });

  test('stays shown, unknown, while its sensors do not answer', async () => {
    await begin();
    await lab.known();
    const before = lab.server()?.readings;
    const mend = lab.simulator.faults.inject(
      { path: /\/Thermal$/ },
      { kind: 'answer', status: 500, body: '{"error":{"message":"busy"}}' },
    );
    await lab.until('unknown', () => lab.server()?.readings.power === null, 70);
    const readings = lab.server()?.readings;
    assert.deepEqual(Object.keys(readings ?? {}).sort(), Object.keys(before ?? {}).sort());
    assert.equal(readings?.on, true);
    assert.equal(readings?.temperatures?.[0]?.temperature, null);
    assert.equal(lab.log.lines.filter((line) => line.includes('its sensors')).length, 1);
    // Whatever was counted until then stays, and nothing is added to it.
    assert.ok(readings?.energy !== null && (readings?.energy ?? -1) >= (before?.energy ?? 0));
    await lab.pass(70);
    assert.equal(lab.server()?.readings.energy, readings?.energy);
    mend();
    await lab.until('known again', () => lab.server()?.readings.power === 168, 70);
  });

  test('reads what it is made of again after it was changed', async () => {
    await begin();
    await lab.known();
    lab.simulator.faults.resetCounts();
    await lab.pass(200);
    assert.equal(lab.simulator.faults.count(/\/Memory$/), 0);
    lab.machine.biosVersion = '2.22.0';
    await lab.until('the new BIOS', () => lab.server()?.readings.bios === '2.22.0', 70);
    await lab.until('another look', () => lab.simulator.faults.count(/\/Memory$/) === 1, 70);
  });
});

suite('the session with a management controller', () => {
  afterEach(() => lab.close());

  test('is one, asks one thing at a time, and ends when Labkeeper does', async () => {
    await begin();
    await lab.known();
    await Promise.all([
      lab.pass(650),
      ...[0, 1, 2].map(() => lab.engine.for(SERVER, 'server')?.identify(SERVER, true, never)),
    ]);
    assert.equal(lab.simulator.sessions.made, 1);
    assert.equal(lab.simulator.mostAtOnce, 1);
    assert.equal(lab.simulator.sessions.open, 1);
    await lab.engine.close();
    assert.equal(lab.simulator.sessions.open, 0);
  });

  test('is made again when the controller forgot it, without anything being unavailable', async () => {
    await begin();
    await lab.known();
    const seen: boolean[] = [];
    lab.store.subscribe((diff) => {
      for (const { after } of diff) if (after?.id === SERVER) seen.push(after.available);
    });
    lab.simulator.sessions.clear();
    lab.machine.watts = 222;
    await lab.until('new numbers', () => lab.server()?.readings.power === 222, 70);
    assert.equal(lab.simulator.sessions.made, 2);
    assert.ok(!seen.includes(false));
  });

  test('does not knock again for minutes when the password is wrong', async () => {
    await begin({ options: () => ({ password: 'wrong' }) });
    await lab.pass(240);
    const logins = (): number => lab.simulator.faults.count(/^POST .*Sessions$/);
    assert.equal(logins(), 1);
    assert.match(lab.log.lines.join('\n'), /login was refused.*check username and password/);
    assert.equal(lab.server(), undefined);
    await lab.pass(700);
    assert.ok(logins() >= 2 && logins() <= 3, `${logins()} logins in a quarter of an hour`);
  });

  test('says what to do when all sessions are taken, and goes on when one is free', async () => {
    await begin({ before: ({ sessions }) => sessions.fill() });
    await lab.until('the reason', () => /sessions are taken; end sessions/.test(lab.log.lines.join('\n')));
    lab.simulator.sessions.clear();
    await lab.until('the server', () => lab.server()?.available);
  });

  test('waits for a controller that starts', async () => {
    await begin({
      before: (simulator) => {
        simulator.booting = true;
      },
    });
    await lab.until('the reason', () =>
      /\(503\).*the controller is starting or busy/.test(lab.log.lines.join('\n')),
    );
    lab.simulator.booting = false;
    await lab.until('the server', () => lab.server()?.available);
  });

  test('sends no password to a certificate other than the pinned one', async () => {
    await begin({ options: () => ({ fingerprint: 'AB:'.repeat(31).concat('AB') }) });
    await lab.until('the reason', () =>
      /shows another certificate than the pinned one/.test(lab.log.lines.join('\n')),
    );
    assert.equal(lab.simulator.faults.count(), 0);
  });

  test('does without where a controller has no sessions', async () => {
    await begin({
      before: ({ faults }) =>
        faults.inject({ method: 'POST', path: /Sessions$/ }, { kind: 'answer', status: 405 }),
    });
    await lab.known();
    assert.equal(lab.server()?.readings.power, 168);
    assert.equal(lab.simulator.sessions.made, 0);
  });

  test('shows nothing as new while the controller is gone', async () => {
    await begin();
    await lab.known();
    lab.simulator.faults.inject({}, { kind: 'reset' });
    await lab.until('unavailable', () => lab.server()?.available === false, 400);
    assert.equal(lab.disk(R640_SERIALS[0] ?? '')?.available, false);
    lab.simulator.faults.clear();
    await lab.until('available', () => lab.server()?.available === true, 400);
  });

  test('follows no path to another place, and takes no web page for an answer', async () => {
    await begin({
      before: ({ faults }) => {
        const body = JSON.stringify({ Systems: { '@odata.id': 'https://evil.example/redfish/v1/Systems' } });
        faults.inject({ path: '/redfish/v1/' }, { kind: 'answer', status: 200, body }, 1);
      },
    });
    await lab.until('a word', () => /leads to another place/.test(lab.log.lines.join('\n')));
    await lab.close();
    await begin({
      before: ({ faults }) =>
        faults.inject({}, { kind: 'answer', status: 200, type: 'text/html', body: '<html></html>' }, 1),
    });
    await lab.until('a word', () => /not in Redfish’s JSON/.test(lab.log.lines.join('\n')));
    await lab.until('the server', () => lab.server()?.available);
  });
});

suite('what is published of a server', () => {
  afterEach(() => lab.close());

  test('is at most 25 entities by default, also of one in RAID mode', async () => {
    await begin({ seed: { raid: true, countsEnergy: true } });
    await lab.known();
    const server = lab.server();
    assert.ok(server);
    const keys = publishedRows(server, { level: 'standard', levels: new Map() }).map(({ key }) => key);
    assert.ok(keys.length <= 25, `${keys.length}: ${keys.join(', ')}`);
    assert.deepEqual([...new Set(keys)], keys);
    const all = publishedRows(server, { level: 'all', levels: new Map() }).map(({ key }) => key);
    assert.deepEqual([...new Set(all)], all);
    assert.ok(all.includes('fan_system_board_fan3a_speed'));
  });
});
