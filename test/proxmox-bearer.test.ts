import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { fingerprintOf, isSameBearer } from '../addon/src/sources/proxmox/guest/bearer.ts';
import { seededCluster, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const container = (change: object = {}) =>
  fingerprintOf('lxc', {
    hostname: 'dns',
    rootfs: 'local-zfs:subvol-110-disk-0,size=8G',
    net0: 'name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,type=veth',
    ...change,
  });
const otherMac = { net0: 'name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,type=veth' };

suite('a container under a vmid', () => {
  const table: readonly (readonly [string, object, 'deleted' | 'paused' | 'none', boolean])[] = [
    ['with another MAC', otherMac, 'paused', true],
    ['with another name', { hostname: 'web' }, 'deleted', true],
    ['that grew', { rootfs: 'local-zfs:subvol-110-disk-0,size=16G' }, 'deleted', true],
    ['with other MAC and name while it lives', { ...otherMac, hostname: 'web' }, 'none', true],
    ['with other MAC and name, not watched', { ...otherMac, hostname: 'web' }, 'paused', false],
    ['with other MAC and disk', { ...otherMac, rootfs: 'fast:subvol-110-disk-0' }, 'paused', false],
    ['with another MAC after it was deleted', otherMac, 'deleted', false],
    ['without a card', { net0: undefined, hostname: 'web' }, 'deleted', true],
    ['with one card more', { net1: otherMac.net0, hostname: 'web' }, 'deleted', true],
  ];
  for (const [what, change, gap, same] of table) {
    test(`${what} is ${same ? 'the same' : 'another'}`, () => {
      assert.equal(isSameBearer(container(), container(change), gap), same);
    });
  }

  test('is never the same as a virtual machine, nor one with another UUID', () => {
    const vm = (uuid: string) => fingerprintOf('qemu', { smbios1: `uuid=${uuid}` });
    assert.equal(isSameBearer(container(), vm('a-1'), 'none'), false);
    assert.equal(isSameBearer(vm('a-1'), container(), 'none'), false);
    assert.equal(isSameBearer(vm('a-1'), vm('b-2'), 'none'), false);
  });
});

suite('guests that come and go in a Proxmox VE cluster', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  async function begin(make: Parameters<typeof proxmoxLab>[0], vmid: string): Promise<void> {
    lab = await proxmoxLab(make);
    await lab.until('the guests', () => lab.find('guest', vmid)?.available);
  }
  /** How often configurations were read. */
  const configs = (): number => lab.simulator.faults.count(/\/config$/);

  test('a container made anew between two lists is another one', async () => {
    await begin(seededCluster, '110');
    lab.cluster.recreate(110, { name: 'another' }).started(lab.clock.now(), 4_711);
    await lab.until('the second', () => lab.find('guest', '110.2')?.available);
    assert.equal(lab.find('guest', '110'), undefined);
    assert.equal(lab.find('guest', '110.2')?.name, 'another');
  });

  test('a container made anew with all its settings is another one, if it was seen to be gone', async () => {
    await begin(seededCluster, '110');
    const { mac: _, ...spec } = lab.cluster.find(110).spec;
    lab.cluster.remove(110);
    await lab.until('its end', () => lab.find('guest', '110') === undefined);
    lab.cluster.create(spec);
    await lab.until('the second', () => lab.find('guest', '110.2')?.available);
  });

  test('a container that gets another MAC and name while it lives stays who it is', async () => {
    await begin(seededCluster, '110');
    const guest = lab.cluster.find(110);
    guest.mac = 'BC:24:11:99:99:99';
    lab.cluster.configure(110, { name: 'renamed' });
    await lab.until('the name', () => lab.find('guest', '110')?.name === 'renamed');
    // And also after it was restarted: that was compared with what it had become.
    guest.stopped();
    await lab.until('its stop', () => lab.find('guest', '110')?.readings.on === false);
    guest.started(lab.clock.now(), 4_711);
    await lab.until('its start', () => lab.find('guest', '110')?.readings.on === true);
    await lab.pass(60);
    assert.equal(lab.find('guest', '110.2'), undefined);
    assert.ok(lab.find('guest', '110')?.aliases?.includes('mac:bc:24:11:99:99:99'));
  });

  test('one that is missing in a list is unavailable, and back as it was', async () => {
    await begin(seededCluster, '101');
    const { spec, uuid, mac, vmgenid } = lab.cluster.find(101);
    const seen: unknown[] = [];
    lab.store.subscribe(() => seen.push(lab.find('guest', '101')?.available));
    lab.cluster.remove(101);
    await lab.until('the doubt', () => lab.find('guest', '101')?.available === false, 40);
    assert.equal(lab.find('guest', '101')?.name, 'docker-host');
    lab.cluster.create({ ...spec, uuid, mac, vmgenid });
    lab.cluster.broadcast.tell();
    await lab.until('its return', () => lab.find('guest', '101')?.available, 40);
    await lab.pass(60);
    assert.ok(!seen.includes(undefined), seen.join());
  });

  test('one that was deleted is gone within a minute, but not at once', async () => {
    await begin(seededCluster, '102');
    await lab.pass(60);
    lab.cluster.remove(102);
    const from = lab.clock.elapsed();
    await lab.until('the doubt', () => lab.find('guest', '102')?.available === false, 40);
    const doubted = lab.clock.elapsed();
    await lab.until('its end', () => lab.find('guest', '102') === undefined, 40);
    const end = lab.clock.elapsed();
    assert.ok(end - doubted >= 20_000, `${end - doubted} ms after it was missing first`);
    assert.ok(end - from < 60_000, `${end - from} ms in all`);
  });

  test('one that is missing while its node is off is kept until the node is back', async () => {
    await begin(threeNodeCluster, '130');
    lab.cluster.cut('pve3');
    await lab.until('the loss', () => lab.find('node', 'pve3')?.available === false);
    lab.cluster.remove(130);
    await lab.pass(300);
    assert.equal(lab.find('guest', '130')?.available, false);
    lab.cluster.restore('pve3');
    await lab.until('its end', () => lab.find('guest', '130') === undefined);
  });

  test('those whose node runs but tells nothing are unknown, cost nothing, and are back as they were', async () => {
    await begin(threeNodeCluster, '130');
    await lab.pass(60);
    const started = lab.find('guest', '130')?.readings.started;
    const before = configs();
    const node = lab.cluster.node('pve3');
    node.silent = true;
    await lab.until('the silence', () => lab.find('guest', '130')?.available === false, 400);
    await lab.pass(120);
    assert.equal(configs(), before);
    assert.equal(lab.find('guest', '130')?.name, 'dns3');
    node.silent = false;
    await lab.until('the word', () => lab.find('guest', '130')?.available);
    await lab.pass(60);
    assert.equal(configs(), before);
    assert.equal(lab.find('guest', '130')?.readings.started, started);
  });
});
