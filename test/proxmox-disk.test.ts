import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, suite, test } from 'node:test';
import { Value } from 'typebox/value';
import { KINDS } from '../addon/src/kinds/index.ts';
import { linksOf } from '../addon/src/model/resource.ts';
import { Disks } from '../addon/src/sources/proxmox/disk/disks.ts';
import { identified, isPathOf } from '../addon/src/sources/proxmox/disk/identity.ts';
import { diskOf, isVirtual } from '../addon/src/sources/proxmox/disk/map.ts';
import { smartOf } from '../addon/src/sources/proxmox/disk/smart.ts';
import type { DiskRow, SmartAnswer } from '../addon/src/sources/proxmox/disk/wire.ts';
import { seededCluster, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const RECORDED = new URL('../../shared/reference/recorded/', import.meta.url);
const skip = existsSync(RECORDED) ? false : 'no recordings here';

const disk = (device: string, change: Partial<DiskRow> = {}): DiskRow => ({
  devpath: `/dev/${device}`,
  size: 4_000_787_030_016,
  type: 'hdd',
  model: 'ST4000DM000-1F2168',
  vendor: 'ATA     ',
  serial: 'unknown',
  wwn: 'unknown',
  health: 'UNKNOWN',
  wearout: 'N/A',
  ...change,
});

const pathsOf = (lists: Readonly<Record<string, readonly DiskRow[]>>, holders = new Map<string, string>()) =>
  identified(new Map(Object.entries(lists)), holders).map(({ path, serial }) => [path, serial]);

suite('which disk it is', () => {
  test('its serial says, and one on two cables is one', () => {
    const twice = { serial: '5000c500a1b2c3d4', wwn: '0x5000c500a1b2c3d4' };
    assert.deepEqual(
      pathsOf({ pve1: [disk('sda', twice), disk('sdb', twice), disk('sdc', { serial: 'Z30' })] }),
      [
        ['5000c500a1b2c3d4', '5000c500a1b2c3d4'],
        ['Z30', 'Z30'],
      ],
    );
  });

  test('a serial does not say that several have: bridges of USB cases, and what nobody filled in', () => {
    const bridge = { serial: '0000000123ADF', by_id_link: '/dev/disk/by-id/usb-JMicron_0123-0:0' };
    const lists = {
      pve1: [
        disk('sda', bridge),
        disk('sdb', { ...bridge, by_id_link: '/dev/disk/by-id/usb-JMicron_0123-0:1' }),
      ],
      pve2: [
        disk('sda'),
        disk('sdb', { serial: '00000000' }),
        disk('sdc', { serial: 'drive-scsi0' }),
        disk('sdd', { serial: '' }),
      ],
    };
    assert.deepEqual(pathsOf(lists), [
      ['0000000123ADF', '0000000123ADF'],
      ['pve1/usb-JMicron_0123-0:1', undefined],
      ['pve2/sda', undefined],
      ['pve2/sdb', undefined],
      ['pve2/sdc', undefined],
      ['pve2/sdd', undefined],
    ]);
    // Whoever had it first goes on having it, in whichever order they come.
    const held = new Map([['0000000123ADF', 'pve1/usb-JMicron_0123-0:1']]);
    assert.deepEqual(pathsOf({ pve1: lists.pve1 }, held), [
      ['pve1/usb-JMicron_0123-0:0', undefined],
      ['0000000123ADF', '0000000123ADF'],
    ]);
  });

  test('paths in pools say, by every name that a device has', () => {
    const sas = disk('sde', {
      serial: '5000c500a1b2c3d4',
      wwn: '0x5000c500a1b2c3d4',
      by_id_link: '/dev/disk/by-id/scsi-SSEAGATE_ST18000NM019J_ZR5A0001',
    });
    const nvme = disk('nvme0n1', {
      type: 'nvme',
      serial: 'S4EVNF0M123456',
      wwn: 'eui.0025385b71b11234',
      by_id_link: '/dev/disk/by-id/nvme-Samsung_SSD_970_EVO_S4EVNF0M123456',
    });
    const table: readonly (readonly [string, DiskRow, boolean])[] = [
      ['/dev/sde', sas, true],
      ['/dev/sde1', sas, true],
      ['/dev/sdea1', sas, false],
      ['/dev/disk/by-id/wwn-0x5000c500a1b2c3d4-part1', sas, true],
      ['/dev/disk/by-id/scsi-35000c500a1b2c3d4-part9', sas, true],
      ['/dev/disk/by-id/scsi-SSEAGATE_ST18000NM019J_ZR5A0001-part1', sas, true],
      ['/dev/disk/by-id/wwn-0x5000c500a1b2c3d5', sas, false],
      ['/dev/nvme0n1p3', nvme, true],
      ['/dev/nvme0n2p3', nvme, false],
      ['/dev/disk/by-id/nvme-eui.0025385b71b11234-part3', nvme, true],
      ['/dev/disk/by-id/nvme-Samsung_SSD_970_EVO_S4EVNF0M123456_1-part3', nvme, true],
      ['/dev/disk/by-id/ata-Other_S4EVNF0M12345', nvme, false],
      ['9876543210123456789', nvme, false],
      ['', nvme, false],
    ];
    for (const [path, row, expected] of table) assert.equal(isPathOf(path, row), expected, path);
  });

  test('behind a RAID controller nobody sees, and others know it by the serial of its vendor', () => {
    for (const model of ['PERC_H730P_Mini', 'PERC H730P', 'LOGICAL_VOLUME', 'MegaRAID', 'Virtual_Disk'])
      assert.equal(isVirtual(disk('sda', { model })), true, model);
    assert.equal(isVirtual(disk('sda', { model: 'QEMU_HARDDISK', vendor: 'QEMU' })), true);
    assert.equal(isVirtual(disk('sda')), false);
    const row = disk('sde', {
      serial: '5000c500a1b2c3d4',
      by_id_link: '/dev/disk/by-id/scsi-SSEAGATE_ST18000NM019J_ZR5A0001',
    });
    const known = { owner: 'proxmox/home', available: true, smart: undefined, pool: undefined };
    const seen = { node: 'pve1', row, path: '5000c500a1b2c3d4', serial: '5000c500a1b2c3d4' };
    assert.deepEqual(diskOf(seen, known).aliases, ['serial:5000c500a1b2c3d4', 'serial:zr5a0001']);
    assert.equal(diskOf(seen, known).name, 'ST4000DM000-1F2168 (c3d4)');
  });
});

suite('what a disk says of itself', () => {
  const attribute = (id: number, name: string, normalized: number, raw: string) => ({
    id: String(id).padStart(3),
    name,
    normalized,
    raw,
  });

  test('is read from attributes of SATA disks', () => {
    const answer: SmartAnswer = {
      health: 'PASSED',
      type: 'ata',
      attributes: [
        attribute(9, 'Power_On_Hours', 95, '8412h+23m+10.210s'),
        attribute(12, 'Power_Cycle_Count', 99, '57'),
        attribute(174, 'Unexpect_Power_Loss_Ct', 100, '12'),
        attribute(192, 'Power-Off_Retract_Count', 100, '55'),
        attribute(177, 'Wear_Leveling_Count', 97, '54'),
        attribute(190, 'Airflow_Temperature_Cel', 66, '34'),
        attribute(194, 'Temperature_Celsius', 68, '32 (Min/Max 22/46)'),
      ],
    };
    assert.deepEqual(smartOf(answer), {
      health: 'PASSED',
      failing: false,
      lifeLeft: 97,
      temperature: 32,
      hours: 8_412,
      cycles: 57,
      losses: 12,
    });
    const minutes = { health: 'PASSED', attributes: [attribute(9, 'Power_On_Minutes', 95, '600')] };
    assert.equal(smartOf(minutes).hours, 10);
    const others = [
      'Media_Wearout_Indicator',
      'Percent_Lifetime_Remain',
      'SSD_Life_Left',
      'Remaining_Lifetime_Perc',
    ];
    for (const name of others)
      assert.equal(smartOf({ attributes: [attribute(202, name, 88, '12')] }).lifeLeft, 88, name);
    assert.equal(
      smartOf({ attributes: [attribute(5, 'Reallocated_Sector_Ct', 100, '0')] }).lifeLeft,
      undefined,
    );
  });

  test('is read from text of NVMe and SAS disks', () => {
    const nvme =
      '\nSMART/Health Information (NVMe Log 0x02)\nCritical Warning: 0x00\nTemperature:                        41 Celsius\n' +
      'Percentage Used:                    131%\nPower Cycles:                       1,081\nUnsafe Shutdowns:                   29\nPower On Hours:                     12,687\nTemperature Sensor 1: 55 Celsius\n';
    assert.deepEqual(smartOf({ health: 'PASSED', type: 'text', text: nvme, wearout: -31 }), {
      health: 'PASSED',
      failing: false,
      lifeLeft: 0,
      temperature: 41,
      hours: 12_687,
      cycles: 1_081,
      losses: 29,
    });
    const sas =
      '\nCurrent Drive Temperature:     34 C\nDrive Trip Temperature:        85 C\n\n' +
      'Accumulated power on time, hours:minutes 458:25\nElements in grown defect list: 0\n';
    assert.deepEqual(smartOf({ health: 'OK', type: 'text', text: sas }), {
      health: 'OK',
      failing: false,
      lifeLeft: undefined,
      temperature: 34,
      hours: 458,
      cycles: undefined,
      losses: undefined,
    });
    const seagate = '\nPercentage used endurance indicator: 7%\n  number of hours powered up = 7127.12\n';
    assert.deepEqual([smartOf({ text: seagate }).lifeLeft, smartOf({ text: seagate }).hours], [93, 7_127]);
  });

  test('is healthy as PASSED and as OK, ailing with any other word, and unknown where it does not judge', () => {
    const failing = (health?: string): boolean | null =>
      smartOf(health === undefined ? {} : { health }).failing;
    assert.deepEqual(['PASSED', 'OK', 'ok '].map(failing), [false, false, false]);
    assert.deepEqual(['FAILED!', 'FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=10]'].map(failing), [
      true,
      true,
    ]);
    assert.deepEqual(['UNKNOWN', 'SMART Disabled', '', undefined].map(failing), [null, null, null, null]);
  });
});

test('recorded disks become readings as their kind says', { skip }, () => {
  const recorded = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, RECORDED), 'utf8'));
  const rows = recorded('proxmox__go-proxmox__pve9x__nodes_node1_disks_list').data as readonly DiskRow[];
  const smart = smartOf(recorded('proxmox__go-proxmox__pve9x__nodes_node1_disks_smart').data);
  const seen = identified(new Map([['node1', rows]]), new Map());
  assert.equal(seen.length, rows.length);
  for (const each of seen) {
    const known = { owner: 'proxmox/home', available: true, smart, pool: undefined };
    const { readings, id } = diskOf(each, known);
    assert.deepEqual([...Value.Errors(KINDS.disk.readings, readings)], [], id);
    assert.equal(readings.problem, false);
  }
});

test('24 disks of one model are 24 disks, whichever serial is told', { skip }, () => {
  const { controllers, model, sizeBytes } = JSON.parse(
    readFileSync(new URL('proxmox-disks__pulse__issue1595_sas_topology.json', RECORDED), 'utf8'),
  ) as {
    controllers: readonly { disks: readonly { device: string; providerSerial: string }[] }[];
    model: string;
    sizeBytes: number;
  };
  const rows = controllers.flatMap(({ disks }) =>
    disks.map(({ device, providerSerial }) =>
      disk(device, {
        model,
        size: sizeBytes,
        type: 'unknown',
        serial: providerSerial,
        wwn: `0x${providerSerial}`,
      }),
    ),
  );
  const seen = identified(new Map([['nuclear', rows]]), new Map());
  assert.equal(new Set(seen.map(({ path }) => path)).size, 24);
});

suite('the disks of nodes', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());
  const known = (model: RegExp) =>
    [...lab.store.all()].flatMap((thing) => (thing.kind === 'disk' && model.test(thing.name) ? [thing] : []));

  test('are there with their pool, health and life, and nobody is woken who lies in none', async () => {
    lab = await proxmoxLab(seededCluster);
    await lab.until('their health', () => known(/ST18000/)[1]?.readings.temperature, 900);
    const [ssd] = known(/SAMSUNG/);
    assert.deepEqual(
      [ssd?.readings.life_left, ssd?.readings.problem, ssd?.readings.pool, ssd?.facts.media],
      [93, false, 'rpool', 'SSD'],
    );
    assert.deepEqual(linksOf(ssd as never), [{ type: 'member_of', to: 'proxmox/home/pool/pve1/rpool' }]);
    const [sas] = known(/ST18000/);
    assert.deepEqual(
      [sas?.readings.health, sas?.readings.temperature, sas?.readings.power_on_hours, sas?.readings.pool],
      ['OK', 33, 9_120, 'tank'],
    );
    assert.equal('life_left' in (sas?.readings ?? {}), false);
    await lab.until('NVMe', () => known(/INTEL/)[0]?.readings.life_left === 98, 900);
    assert.equal(known(/INTEL/)[0]?.readings.power_on_hours, 12_687);
    const [idle] = known(/ST4000/);
    assert.deepEqual([idle?.readings.problem, idle?.readings.pool], [null, 'none']);
    assert.deepEqual([idle?.facts.rpm, ssd?.facts.rpm, sas?.facts.rpm], [5_900, undefined, undefined]);
    assert.deepEqual([ssd?.readings.power_cycles, known(/INTEL/)[0]?.readings.power_losses], [57, 29]);
    const { woken } = lab.cluster.node('pve1').hardware;
    assert.ok(!woken.includes('sdg'), woken.join());
    assert.equal(new Set(woken).size, woken.length, 'each once in six hours');
    assert.equal(
      lab.log.lines.filter((line) => /^(warn|error)/.test(line)).length,
      0,
      lab.log.lines.join('\n'),
    );
    for (const { kind, readings, id } of lab.store.all())
      assert.deepEqual([...Value.Errors(KINDS[kind].readings, readings)], [], id);
  });

  test('are asked again at once where the node could not be reached', async () => {
    lab = await proxmoxLab(seededCluster);
    const heal = lab.simulator.faults.inject({ path: /\/disks\/smart$/ }, { kind: 'reset' });
    await lab.until('the try', () => lab.simulator.faults.count(/disks\/smart/) > 0, 600);
    await lab.pass(300);
    heal();
    await lab.until('their health', () => known(/SAMSUNG/)[0]?.readings.life_left === 93, 300);
  });

  test('are asked again after an hour where they had nothing to say, after six where they had', () => {
    const disks = new Disks();
    disks.saw('pve1', [
      disk('sda', { type: 'ssd', serial: 'S1' }),
      disk('sdb', { type: 'ssd', serial: 'S2' }),
    ]);
    disks.checked('S1', undefined, 0);
    disks.checked('S2', smartOf({ health: 'PASSED' }), 0);
    const due = (hours: number): readonly string[] => {
      const known = { online: new Set(['pve1']), pools: () => new Map(), wakes: false };
      return disks.due('pve1', known, hours * 3_600_000).map(({ path }) => path);
    };
    assert.deepEqual([due(0.9), due(1), due(6)], [[], ['S1'], ['S1', 'S2']]);
  });

  test('behind a RAID controller are one that nobody asks, and a disk that moves stays itself', async () => {
    lab = await proxmoxLab(threeNodeCluster);
    await lab.until('all', () => known(/PERC/).length === 2);
    const [perc] = known(/PERC/);
    assert.deepEqual([perc?.facts.media, perc?.readings.problem], ['virtual disk', null]);
    await lab.pass(300);
    assert.deepEqual(lab.cluster.node('pve2').hardware.woken, []);
    const [nvme] = known(/INTEL/);
    assert.equal(nvme?.parent, 'proxmox/home/node/pve1');
    const [one, other] = [lab.cluster.node('pve1').hardware, lab.cluster.node('pve2').hardware];
    const moved = one.disks.filter(({ type }) => type === 'nvme');
    one.disks = one.disks.filter(({ type }) => type !== 'nvme');
    other.disks = [...other.disks, ...moved];
    await lab.until(
      'its move',
      () => lab.store.get(nvme?.id ?? '')?.parent === 'proxmox/home/node/pve2',
      3_000,
    );
    assert.equal(known(/INTEL/).length, 1);
  });

  test('that turn and are in no pool are woken only where that was asked for', async () => {
    lab = await proxmoxLab(seededCluster, { options: () => ({ wake_disks: true }) });
    await lab.until('its health', () => known(/ST4000/)[0]?.readings.health === 'PASSED', 900);
    assert.deepEqual(
      [known(/ST4000/)[0]?.readings.temperature, known(/ST4000/)[0]?.readings.problem],
      [31, false],
    );
  });

  test('that fail say so in their own words', async () => {
    lab = await proxmoxLab(({ clock }) => {
      const cluster = seededCluster({ clock });
      const { hardware } = cluster.node('pve1');
      const [first] = hardware.disks;
      if (first?.smart !== undefined)
        hardware.setDisk(first.device, { smart: { ...first.smart, health: 'FAILED!' } });
      return cluster;
    });
    await lab.until('the failure', () => known(/SAMSUNG/).some(({ readings }) => readings.problem), 600);
    const failing = known(/SAMSUNG/).filter(({ readings }) => readings.problem);
    assert.deepEqual(
      failing.map(({ readings }) => readings.health),
      ['FAILED!'],
    );
  });
});
