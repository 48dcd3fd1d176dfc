import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, suite, test } from 'node:test';
import { AUDITOR_TOKEN, seededCluster, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { VERSIONS } from '../simulators/proxmox/seed.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

suite('a node of Proxmox VE', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  let exporter: Server | undefined;
  afterEach(async () => {
    await lab.close();
    exporter?.closeAllConnections();
    exporter?.close();
    exporter = undefined;
  });
  const readings = (name = 'pve1') => lab.find('node', name)?.readings;

  test('tells its condition: cache, pressure, services, links, papers, kernels and updates', async () => {
    lab = await proxmoxLab(seededCluster);
    const { condition } = lab.cluster.node('pve1');
    condition.pending = [{ name: 'pve-manager', title: 'x', from: '9.1.1', to: '9.1.7' }];
    await lab.until('the updates', () => readings()?.updates);
    await lab.until('the cache of ZFS', () => readings()?.arc);
    await lab.until('the services', () => readings()?.services_failed);
    await lab.until('the kernels', () => readings()?.reboot_pending !== null);
    await lab.until('the papers', () => readings()?.subscription);
    await lab.until('the links', () => readings()?.links_down);
    const now = readings();
    assert.ok(now);
    assert.equal(now.arc?.toFixed(2), '11.52');
    assert.ok((now.memory_without_arc ?? 0) > 0 && (now.memory_without_arc ?? 0) < (now.memory ?? 0));
    assert.ok((now.pressure_cpu ?? -1) >= 0);
    assert.deepEqual([now.services_problem, now.services_failed], [false, 'none']);
    assert.deepEqual([now.links_problem, now.links_down], [false, 'none']);
    assert.ok(
      now.links?.some(({ title, up, address }) => title === 'vmbr0' && up && address === '10.0.10.11/24'),
    );
    assert.equal(now.subscription, 'none');
    assert.ok(Date.parse(now.certificate_expires ?? '') > 0);
    assert.equal(now.reboot_pending, false);
    assert.equal(now.update_version, '9.1.7 (1 package)');
    assert.equal('peers' in now, false, 'it is in no cluster');
    assert.deepEqual(
      lab.log.lines.filter((line) => /^(warn|error)/.test(line)),
      [],
    );
  });

  test('shows what goes wrong with it, and a reboot that a new kernel waits for', async () => {
    lab = await proxmoxLab(seededCluster);
    const { condition } = lab.cluster.node('pve1');
    condition.failedServices.add('pvestatd');
    condition.linksDown.add('eno2');
    condition.kernels = [...condition.kernels, '6.17.4-1-pve'];
    condition.subscription = 'expired';
    await lab.until('the services', () => readings()?.services_problem);
    await lab.until('the links', () => readings()?.links_problem);
    await lab.until('the kernels', () => readings()?.reboot_pending);
    assert.equal(readings()?.services_failed, 'pvestatd');
    assert.equal(readings()?.links_down, 'eno2');
    await lab.until('the subscription', () => readings()?.subscription === 'expired');
    condition.booted();
    await lab.until('the new kernel', () => readings()?.reboot_pending === false);
    condition.failedServices.clear();
    await lab.until('the services are well', () => readings()?.services_problem === false, 1_800);
  });

  test('is shown without updates to whoever may not know, and nothing else suffers', async () => {
    lab = await proxmoxLab(seededCluster, {
      options: ({ tokens }) => ({
        token_id: AUDITOR_TOKEN,
        token_secret: tokens.find(({ id }) => id === AUDITOR_TOKEN)?.secret,
      }),
    });
    await lab.until('the services', () => readings()?.services_failed);
    await lab.pass(60);
    assert.equal('updates' in (readings() ?? {}), false);
    assert.equal('update_version' in (readings() ?? {}), false);
    assert.deepEqual(
      lab.log.lines.filter((line) => /^(warn|error)/.test(line)),
      [],
    );
  });

  for (const version of [VERSIONS[8], VERSIONS[7]]) {
    test(`of version ${version.version} has neither pressure nor a cache that is known`, async () => {
      lab = await proxmoxLab((options) => seededCluster({ ...options, version }));
      await lab.until('the services', () => readings()?.services_failed);
      await lab.until('the version', () => readings()?.version === version.version);
      await lab.pass(150);
      assert.equal(readings()?.arc, null);
      assert.equal('pressure_cpu' in (readings() ?? {}), false);
      assert.equal(readings()?.services_problem, false);
      assert.equal(readings()?.reboot_pending, false);
      assert.equal(typeof readings()?.network_received, 'number');
      assert.deepEqual(
        lab.log.lines.filter((line) => /^(warn|error)/.test(line)),
        [],
      );
    });
  }

  test('has temperatures, pools and the cache of ZFS by its exporter, unknown while that is gone', async () => {
    const text = [
      'node_hwmon_chip_names{chip="platform_coretemp_0",chip_name="coretemp"} 1',
      'node_hwmon_temp_celsius{chip="platform_coretemp_0",sensor="temp1"} 47',
      'node_zfs_arc_size 1.2884901888e+10',
      'node_zfs_zpool_state{state="degraded",zpool="tank"} 1',
    ].join('\n');
    let status = 200;
    const paths: string[] = [];
    exporter = createServer(({ url = '' }, response) => {
      paths.push(url);
      response.writeHead(status).end(text);
    });
    await new Promise<void>((done) => exporter?.listen(0, '127.0.0.1', done));
    const { port } = exporter.address() as AddressInfo;
    lab = await proxmoxLab((made) => seededCluster({ ...made, version: VERSIONS[8] }), {
      options: () => ({ node_exporter: [`pve1=http://127.0.0.1:${port}`, 'gone=http://127.0.0.1:1/'] }),
    });
    await lab.until('the cache of ZFS', () => readings()?.arc);
    assert.equal(paths[0], '/metrics');
    assert.equal(readings()?.arc, 12);
    assert.equal(readings()?.cpu_temperature, 47);
    assert.deepEqual(readings()?.temperatures, [
      { key: 'hwmon_platform_coretemp_0_temp1', title: 'coretemp temp1', temperature: 47 },
    ]);
    assert.deepEqual([readings()?.zfs_problem, readings()?.zfs_trouble], [true, 'tank: degraded']);
    status = 503;
    await lab.until('its loss', () => readings()?.cpu_temperature === null, 200);
    assert.deepEqual([readings()?.arc, readings()?.zfs_problem], [null, null]);
    assert.match(
      lab.log.lines.join('\n'),
      /the exporter of pve1 at .*\/metrics answered 503; check the address/,
    );
    status = 200;
    await lab.until('its return', () => readings()?.cpu_temperature === 47, 200);
  });

  test('of a cluster knows how many others run', async () => {
    lab = await proxmoxLab(threeNodeCluster);
    await lab.until('the nodes', () => readings('pve3')?.peers === 2);
    lab.cluster.cut('pve3');
    await lab.until('the loss', () => readings('pve3')?.peers === 2 && readings('pve1')?.peers === 1, 400);
    assert.equal(lab.find('node', 'pve3')?.available, false);
  });
});
