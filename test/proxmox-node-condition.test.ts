import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { samplesIn } from '../addon/src/net/prometheus.ts';
import { exportedIn } from '../addon/src/sources/proxmox/node/exporter-map.ts';
import { historyOf } from '../addon/src/sources/proxmox/node/history.ts';
import { compareKernels, newestKernel } from '../addon/src/sources/proxmox/node/kernels.ts';
import { linksOf } from '../addon/src/sources/proxmox/node/links.ts';
import { certificateOf } from '../addon/src/sources/proxmox/node/papers.ts';
import { servicesOf } from '../addon/src/sources/proxmox/node/services.ts';
import { updatesOf } from '../addon/src/sources/proxmox/node/updates.ts';
import { Parts } from '../addon/src/sources/proxmox/parts.ts';

const GIB = 1024 ** 3;
const NOW = Date.UTC(2026, 0, 1);

suite('the history of a node', () => {
  const at = (ago: number, more: object = {}) => ({ time: NOW / 1_000 - ago, ...more });

  test('tells by its last point that is full', () => {
    const full = {
      cpu: 0.1,
      netin: 3 * 1024 ** 2,
      netout: 1024 ** 2 / 2,
      arcsize: 12 * GIB,
      pressurecpusome: 2.5,
      pressureiosome: 0,
      pressurememorysome: 0,
    };
    const points = [at(120, { ...full, arcsize: 1 }), at(60, full), at(0)];
    const rates = { network_received: 3, network_sent: 0.5 };
    assert.deepEqual(historyOf(points, false, NOW), rates, 'before version 9');
    assert.deepEqual(historyOf(points, true, NOW), {
      ...rates,
      arc: 12,
      pressure_cpu: 2.5,
      pressure_io: 0,
      pressure_memory: 0,
    });
  });

  test('tells nothing once it is old, or empty', () => {
    const rates = { network_received: null, network_sent: null };
    const unknown = { ...rates, arc: null, pressure_cpu: null, pressure_io: null, pressure_memory: null };
    assert.deepEqual(historyOf([at(700, { cpu: 0.1, arcsize: 5 })], true, NOW), unknown);
    assert.deepEqual(historyOf([], true, NOW), unknown);
  });
});

suite('kernels', () => {
  test('are compared by their numbers, not by their letters', () => {
    assert.ok(compareKernels('6.8.12-9-pve', '6.8.12-10-pve') < 0);
    assert.ok(compareKernels('6.17.2-1-pve', '6.8.12-10-pve') > 0);
    assert.equal(compareKernels('6.8.12-9-pve', '6.8.12-9-pve'), 0);
  });

  test('are found among packages, of which many are none and some are not there any more', () => {
    const packages = [
      { Package: 'proxmox-kernel-6.8', CurrentState: 'Installed' },
      { Package: 'proxmox-kernel-6.8.12-9-pve-signed', CurrentState: 'Installed' },
      { Package: 'proxmox-kernel-6.8.12-10-pve-signed', CurrentState: 'Installed' },
      { Package: 'proxmox-kernel-6.17.2-1-pve-signed', CurrentState: 'ConfigFiles' },
      { Package: 'pve-kernel-5.15.102-1-pve', CurrentState: 'Installed' },
    ];
    assert.equal(newestKernel(packages), '6.8.12-10-pve');
    assert.equal(newestKernel([]), undefined);
  });
});

suite('services of a node', () => {
  test('have failed only where that is said, with the words of old and new versions', () => {
    const rows = [
      { service: 'pveproxy', state: 'running', 'active-state': 'active' },
      { service: 'corosync', state: 'dead', 'active-state': 'inactive' },
      { service: 'postfix', state: 'exited', 'active-state': 'failed' },
      { service: 'chrony', state: 'failed' },
    ];
    assert.deepEqual(servicesOf(rows), { services_problem: true, services_failed: 'postfix, chrony' });
    assert.deepEqual(servicesOf(rows.slice(0, 2)), { services_problem: false, services_failed: 'none' });
  });
});

suite('links of a node', () => {
  const rows = [
    { iface: 'eno1', type: 'eth' },
    { iface: 'eno2', type: 'eth', active: 1 },
    { iface: 'eno3', type: 'eth' },
    { iface: 'bond0', type: 'bond', active: 1, slaves: 'eno1 eno2' },
    { iface: 'vmbr0', type: 'bridge', active: 1, autostart: 1, bridge_ports: 'bond0', cidr: '10.0.10.11/24' },
    { iface: 'vmbr0.20', type: 'vlan', active: 1 },
  ];

  test('shall be up where what starts with the node hangs on them, over however many steps', () => {
    const { links_problem, links_down } = linksOf(rows);
    assert.deepEqual([links_problem, links_down], [true, 'eno1']);
    const whole = linksOf(rows.map((row) => (row.iface === 'eno1' ? { ...row, active: 1 } : row)));
    assert.deepEqual([whole.links_problem, whole.links_down], [false, 'none']);
  });

  test('are shown with their ports and addresses, VLANs not', () => {
    const { links = [] } = linksOf(rows);
    assert.deepEqual(
      links.map(({ key, title, up }) => [key, title, up]),
      [
        ['link_eno1', 'eno1', false],
        ['link_eno2', 'eno2', true],
        ['link_eno3', 'eno3', false],
        ['link_bond0', 'bond0', true],
        ['link_vmbr0', 'vmbr0', true],
      ],
    );
    assert.deepEqual(links.at(-1), {
      key: 'link_vmbr0',
      title: 'vmbr0',
      up: true,
      type: 'bridge',
      address: '10.0.10.11/24',
      ports: 'bond0',
    });
  });

  test('that hang on each other in a circle end all the same', () => {
    const circle = [
      { iface: 'a', type: 'bridge', autostart: 1, bridge_ports: 'b', active: 1 },
      { iface: 'b', type: 'bridge', bridge_ports: 'a' },
    ];
    assert.equal(linksOf(circle).links_down, 'b');
  });
});

suite('the certificate of a node', () => {
  const row = (filename: string, notafter: number) => ({ filename, notafter });

  test('is the one that its server shows', () => {
    const own = [row('pve-root-ca.pem', 3), row('pve-ssl.pem', 1_800_000_000)];
    assert.equal(certificateOf(own).certificate_expires, '2027-01-15T08:00:00+00:00');
    const uploaded = [...own, row('pveproxy-ssl.pem', 1_700_000_000)];
    assert.equal(certificateOf(uploaded).certificate_expires, '2023-11-14T22:13:20+00:00');
    assert.equal(certificateOf([]).certificate_expires, null);
  });
});

suite('updates of a node', () => {
  const manager = { Package: 'pve-manager', Version: '9.1.7', Origin: 'Proxmox' };
  const other = { Package: 'curl', Version: '8.14.1', Origin: 'Debian' };

  test('are none while nobody may know, and no version while there are none', () => {
    assert.deepEqual(updatesOf('9.1.1', undefined), {});
    assert.deepEqual(updatesOf('9.1.1', []), { updates: 0, update_version: '9.1.1', update_summary: '' });
  });

  test('are told by the version after them and how many there are, those of Proxmox first', () => {
    assert.deepEqual(updatesOf('9.1.1', [other, manager]), {
      updates: 2,
      update_version: '9.1.7 (2 packages)',
      update_summary: 'pve-manager 9.1.7, curl 8.14.1',
    });
    assert.equal(updatesOf('9.1.1', [other]).update_version, '9.1.1 (1 package)');
    assert.equal(updatesOf(null, [other]).update_version, null);
    assert.match(updatesOf('9', Array(20).fill(other)).update_summary ?? '', /, 8 more$/);
  });
});

suite("Prometheus's text format", () => {
  const read = (text: string) => samplesIn(text, new Set(['wanted', 'other_wanted']));

  test('is read with labels, escapes, times and what is no number', () => {
    const text = [
      '# HELP wanted it',
      '# TYPE wanted gauge',
      String.raw`wanted{a="x\"y\\z\n",b="},{"} 41.5 1700000000000`,
      'wanted 1e+06',
      'other_wanted{a="b"} NaN\r',
      'other_wanted +Inf',
      'unwanted{a="b"} 1',
      'wanted_too 5',
    ].join('\n');
    assert.deepEqual(read(text), [
      { name: 'wanted', labels: { a: 'x"y\\z\n', b: '},{' }, value: 41.5 },
      { name: 'wanted', labels: {}, value: 1_000_000 },
      { name: 'other_wanted', labels: { a: 'b' }, value: Number.NaN },
      { name: 'other_wanted', labels: {}, value: Number.POSITIVE_INFINITY },
    ]);
  });

  test('that is none gives nothing', () => {
    for (const text of ['', '<html>', 'wanted', 'wanted{', 'wanted{a="b" 3', '{}'])
      assert.deepEqual(read(text), []);
  });
});

suite('a node exporter', () => {
  const TEXT = `
node_hwmon_chip_names{chip="platform_coretemp_0",chip_name="coretemp"} 1
node_hwmon_chip_names{chip="pci0000:3b_3b_00_0",chip_name="nvme"} 1
node_hwmon_sensor_label{chip="platform_coretemp_0",label="package_id_0",sensor="temp1"} 1
node_hwmon_sensor_label{chip="platform_coretemp_0",label="Core 0",sensor="temp2"} 1
node_hwmon_temp_celsius{chip="platform_coretemp_0",sensor="temp1"} 47
node_hwmon_temp_celsius{chip="platform_coretemp_0",sensor="temp2"} 51
node_hwmon_temp_celsius{chip="pci0000:3b_3b_00_0",sensor="temp1"} -273.15
node_zfs_arc_size 8.589934592e+09
node_zfs_zpool_state{state="online",zpool="rpool"} 1
node_zfs_zpool_state{state="degraded",zpool="rpool"} 0
node_zfs_zpool_state{state="online",zpool="tank"} 0
node_zfs_zpool_state{state="degraded",zpool="tank"} 1
`;

  test('tells the hottest processor, sensors that can be believed, the cache and pools of ZFS', () => {
    const { readings, arc } = exportedIn(TEXT);
    assert.deepEqual(readings, {
      cpu_temperature: 51,
      temperatures: [
        { key: 'hwmon_platform_coretemp_0_temp1', title: 'coretemp package_id_0', temperature: 47 },
        { key: 'hwmon_pci0000_3b_3b_00_0_temp1', title: 'nvme temp1', temperature: null },
      ],
      zfs_problem: true,
      zfs_trouble: 'tank: degraded',
    });
    assert.equal(arc, 8);
  });

  test('without sensors and ZFS tells nothing of them', () => {
    assert.deepEqual(exportedIn('node_load1 0.5\n'), { readings: {}, arc: undefined });
  });
});

suite('what readers found out', () => {
  test('is put together, replaced as a whole, and unknown when its reader loses it', () => {
    const parts = new Parts<Record<string, unknown>>();
    parts.tell('one', { a: 1, list: [{ key: 'k', title: 't', value: 5 }] });
    parts.tell('two', { b: 2 });
    parts.tell('two', { c: 3 });
    assert.deepEqual(parts.all, { a: 1, list: [{ key: 'k', title: 't', value: 5 }], c: 3 });
    parts.fade('one');
    assert.deepEqual(parts.all, { a: null, list: [{ key: 'k', title: 't', value: null }], c: 3 });
  });
});

/** Answers of real clusters; not part of the project, so not everywhere. */
const RECORDED = fileURLToPath(new URL('../../shared/reference/recorded', import.meta.url));

suite('what real nodes answered', { skip: existsSync(RECORDED) ? false : 'no recordings here' }, () => {
  const recorded = (name: string) => {
    const value = JSON.parse(readFileSync(path.join(RECORDED, `proxmox__${name}.json`), 'utf8'));
    return Array.isArray(value) ? value : value.data;
  };

  test('has a cache of ZFS and pressure in version 9, and none in version 8', () => {
    const nine = recorded('pulse__rrd__pve9_node_rrddata');
    const { arc, pressure_cpu, network_received } = historyOf(nine, true, nine.at(-1).time * 1_000);
    assert.ok((network_received ?? 0) > 0);
    assert.ok(arc !== null && arc !== undefined && arc > 1 && arc < 2, `${arc}`);
    assert.ok((pressure_cpu ?? -1) > 2, `${pressure_cpu}`);
    const eight = recorded('pulse__rrd__pve8_node_rrddata');
    assert.equal(historyOf(eight, false, eight.at(-1).time * 1_000).arc, undefined);
  });

  test('has networks and updates that can be read', () => {
    const links = linksOf(recorded('go-proxmox__pve9x__nodes_node1_network')).links ?? [];
    assert.ok(links.some(({ type, up }) => type === 'bridge' && up));
    const updates = updatesOf('9.1.6', recorded('ha-core__nodes_apt_update'));
    assert.equal(updates.update_version, '9.1.7 (2 packages)');
    assert.match(updates.update_summary ?? '', /^pve-manager 9\.1\.7, bind9-host 1:9/);
  });
});
