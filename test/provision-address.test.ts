import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { Job } from '../addon/src/actions/job.ts';
import type { Source } from '../addon/src/contract/source.ts';
import { unifi } from '../addon/src/sources/unifi/index.ts';
import type { SimGuest } from '../simulators/proxmox/guest.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import {
  MAC,
  type Site,
  seededSite,
  startUnifiSimulator,
  type UnifiSimulator,
} from '../simulators/unifi/index.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const NODE = 'proxmox/home/node/pve3';
const IMAGE = {
  image_url: 'https://images.lan/debian.qcow2',
  image_checksum: 'ab'.repeat(32),
};

suite('the address of a new guest', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  let site: Site;
  let controller: UnifiSimulator;
  afterEach(async () => {
    await lab.end();
    await controller.close();
  });

  /**
   * A cluster beside a network.
   *
   * @param agent false: the template has none
   * @param has false: Labkeeper knows nothing of that network
   */
  async function begin({ agent = true, has = true } = {}): Promise<void> {
    site = seededSite({ clock: new FakeClock() });
    controller = await startUnifiSimulator({ site });
    const { url, fingerprint, username, password } = controller;
    const options = { url, fingerprint, username, password };
    const network = { source: unifi as unknown as Source, id: 'house', title: 'House', options };
    lab = await provisionLab(
      (given) => {
        const made = threeNodeCluster(given);
        grant(made, ...PROVISION_RIGHTS);
        made.setStorage('local', { content: 'iso,vztmpl,backup,import' });
        const { agent: _, ...bare } = made.find(900).spec;
        if (!agent) made.find(900).spec = bare;
        return made;
      },
      has ? { beside: [network] } : {},
    );
    await lab.until('the lab', () => {
      const isKnown = !has || lab.store.get('unifi/house/site/main')?.available;
      return isKnown && lab.find('node', 'pve3')?.available && lab.find('guest', '102');
    });
  }
  const make = (input: object, action = 'create_vm'): Job =>
    lab.submit(action, NODE, { name: 'web', ...input });
  /** Waits until the new guest runs, and has nothing within tell its address. */
  async function silenced(): Promise<SimGuest> {
    await lab.until('the guest', () => lab.cluster.guest(200), 2_000);
    const guest = lab.cluster.find(200);
    guest.agentSilent = true;
    guest.spec = { ...guest.spec, addresses: [] };
    await lab.until('that it runs', () => guest.running, 600);
    return guest;
  }
  const joins = (mac: string, ip: string): void => {
    site.clients.push({
      ...{ mac, name: '', ip, network: 'Server', connected: true },
      wired: { switch: MAC.core, port: 2 },
    });
  };
  const answered = ({ state, error, result }: Job) => [
    ...[state, error, result?.address, result?.address_from],
  ];
  const logged = ({ id }: Job): string => lab.executor.logOf(id).at(-1)?.text ?? '';

  test('is its agent’s word', async () => {
    await begin();
    const job = await lab.over(make({ template: 900 }), 4_000);
    assert.deepEqual(answered(job), ['succeeded', undefined, '10.0.20.150', 'agent']);
  });

  test('is what the network hears its MAC at, while its agent is silent', async () => {
    await begin();
    const job = make({ template: 900 });
    const { mac } = await silenced();
    joins('bc:24:11:99:99:99', '192.168.20.66');
    joins(mac.toUpperCase(), '192.168.20.77');
    assert.deepEqual(answered(await lab.over(job, 4_000)), [
      'succeeded',
      undefined,
      '192.168.20.77',
      'network',
    ]);
    assert.equal(logged(job), 'its address, as House hears it: 192.168.20.77');
    assert.ok(lab.cluster.find(200).agentSilent);
  });

  test('is waited for in the network where there is no agent at all', async () => {
    await begin({ agent: false });
    const job = make({ template: 900 });
    const { mac, spec } = await silenced();
    assert.equal(spec.agent, undefined);
    await lab.pass(60);
    assert.equal(lab.executor.job(job.id)?.state, 'running');
    joins(mac, '192.168.20.78');
    assert.deepEqual(answered(await lab.over(job, 4_000)), [
      'succeeded',
      undefined,
      '192.168.20.78',
      'network',
    ]);
  });

  test('of a container is its node’s word', async () => {
    await begin();
    const template = { template: 'debian-12-standard' };
    const first = await lab.over(make(template, 'create_lxc'), 4_000);
    assert.deepEqual(answered(first), ['succeeded', undefined, '10.0.20.150', 'node']);
  });

  test('of a container whose node does not know it is the network’s word', async () => {
    await begin();
    const job = make({ template: 'debian-12-standard' }, 'create_lxc');
    joins((await silenced()).mac, '192.168.20.79');
    assert.deepEqual(answered(await lab.over(job, 4_000)), [
      'succeeded',
      undefined,
      '192.168.20.79',
      'network',
    ]);
  });

  test('is unknown after a while where nobody tells it, and that is said', async () => {
    await begin();
    const job = make({ template: 900 });
    const { mac } = await silenced();
    // Neither is an address that others reach it at.
    joins(mac, '169.254.7.7');
    assert.deepEqual(answered(await lab.over(job, 4_000)), ['succeeded', undefined, null, 'unknown']);
    assert.match(
      logged(job),
      /^its address is unknown: it does not tell it, and no network of the lab hears (..:){5}..$/,
    );
  });

  test('is no text that a controller calls one', async () => {
    await begin();
    const job = make({ template: 900 });
    const { mac } = await silenced();
    joins(mac, '<img src=x>');
    assert.deepEqual(answered(await lab.over(job, 4_000)), ['succeeded', undefined, null, 'unknown']);
  });

  test('comes when the controller answers again', async () => {
    await begin();
    const job = make(IMAGE);
    const { mac } = await silenced();
    joins(mac, '192.168.20.80');
    controller.faults.inject({ path: /stat\/sta/ }, { kind: 'answer', status: 500 }, 3);
    assert.deepEqual(answered(await lab.over(job, 4_000)), [
      'succeeded',
      undefined,
      '192.168.20.80',
      'network',
    ]);
  });

  test('is the one that was asked for where nothing within tells another', async () => {
    await begin();
    const asked = await lab.over(make({ ...IMAGE, ip: '10.0.20.7/24', gateway: '10.0.20.1' }), 4_000);
    assert.deepEqual(answered(asked), ['succeeded', undefined, '10.0.20.7', 'input']);
  });

  test('is not waited for where nobody could tell it', async () => {
    await begin({ agent: false, has: false });
    const job = make({ template: 900 });
    await silenced();
    // Less than a network would be waited for.
    await lab.pass(60);
    assert.deepEqual(answered(lab.executor.job(job.id) as Job), ['succeeded', undefined, null, 'unknown']);
    assert.match(logged(job), /it has no agent/);
  });

  test('is found after a restart of Labkeeper, too', async () => {
    await begin();
    const job = make({ template: 900 });
    const { mac } = await silenced();
    await lab.until('the wait', () => lab.executor.job(job.id)?.step === 'Wait for its address', 600);
    await lab.kill();
    joins(mac, '192.168.20.81');
    assert.deepEqual(answered(await lab.over(job, 4_000)), [
      'succeeded',
      undefined,
      '192.168.20.81',
      'network',
    ]);
  });
});
