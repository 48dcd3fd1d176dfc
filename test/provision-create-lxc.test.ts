import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const GIB = 1024 ** 3;
const NODE = 'proxmox/home/node/pve1';

suite('making a container', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(version?: { version: string; release: string; repoid: string }): Promise<void> {
    lab = await provisionLab((given) => {
      const made = threeNodeCluster({ ...given, ...(version && { version }) });
      grant(made, ...PROVISION_RIGHTS);
      return made;
    });
    await lab.until('the node', () => lab.find('node', 'pve1')?.available);
  }
  const make = (input: object) => lab.over(lab.submit('create_lxc', NODE, { name: 'dns', ...input }), 4_000);
  const plan = (input: object) => lab.plan('create_lxc', NODE, { name: 'dns', ...input });

  test('fetches the newest template of that name where it is missing, and answers with its address', async () => {
    await begin();
    const input = {
      template: 'debian-12-standard',
      cores: 1,
      memory: 0.5,
      disk: 4,
      vlan: 20,
      bridge: 'vmbr1',
    };
    const job = await make({ ...input, ip: '10.0.20.53/24', gateway: '10.0.20.1', dns: ['10.0.20.1'] });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.equal(job.result?.address, '10.0.20.53');
    const { spec, running } = lab.cluster.find(200);
    assert.deepEqual([spec.cores, spec.memory / GIB, spec.disk / GIB, spec.vlan], [1, 0.5, 4, 20]);
    assert.deepEqual(
      [spec.config?.unprivileged, spec.config?.features, spec.gateway, running],
      ['1', 'nesting=1', '10.0.20.1', true],
    );
    assert.deepEqual(
      lab.cluster.files.map(({ name }) => name),
      ['debian-12-standard_12.7-1_amd64.tar.zst'],
    );
    const next = await plan(input);
    assert.equal(next.steps[0]?.name, 'Make container 201');
  });

  test('pulls an OCI image where Proxmox VE can, and says from which version on where it cannot', async () => {
    await begin();
    const job = await make({ image: 'docker.io/rcourtman/pulse:5.1', memory: 1 });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.equal(lab.cluster.find(200).spec.oci?.entrypoint, '/app/server');
    assert.equal(lab.cluster.files[0]?.name, 'docker.io_rcourtman_pulse_5.1.tar');
    await lab.end();
    await begin({ version: '9.0.3', release: '9.0', repoid: 'abcdef' });
    const { checks = [] } = await plan({ image: 'docker.io/rcourtman/pulse:5.1' });
    assert.match(checks.find(({ ok }) => !ok)?.hint ?? '', /begins with 9\.1/);
  });

  test('never asks for what only root may have', async () => {
    await begin();
    const { steps } = await plan({
      template: 'debian-12-standard',
      ssh_keys: [`ssh-ed25519 ${'A'.repeat(60)} a`],
    });
    const sent = steps.flatMap(({ calls = [] }) => calls).join('\n');
    assert.match(sent, /unprivileged=1 features=nesting=1/);
    assert.doesNotMatch(sent, /mp\d|dev\d|hookscript|keyctl|fuse|args|skiplock/);
  });

  test('says which templates there are where there is none of that name', async () => {
    await begin();
    const { checks = [] } = await plan({ template: 'arch' });
    const wrong = checks.find(({ ok }) => !ok);
    assert.match(wrong?.message ?? '', /neither pve1 nor the list of appliances has a template “arch”/);
    assert.match(wrong?.hint ?? '', /debian-13-standard/);
  });

  test('that fails half-way leaves nothing, or says what it left and how to be rid of it', async () => {
    await begin();
    lab.cluster.makeError = 'command failed: exit code 2';
    const failed = await make({ template: 'debian-12-standard' });
    assert.equal(failed.error?.code, 'source_refused');
    assert.equal(failed.result?.left_behind, undefined);
    assert.equal(lab.cluster.guest(200), undefined);
    lab.cluster.makeError = undefined;
    const { clock } = lab;
    const job = lab.submit('create_lxc', NODE, { name: 'dns', template: 'debian-12-standard' });
    await lab.until('its lock', () => lab.cluster.guest(201)?.lock === 'create');
    lab.cluster.cut('pve1');
    await clock.advance(30_000);
    lab.cluster.restore('pve1');
    const over = await lab.over(job, 4_000);
    assert.notEqual(over.state, 'succeeded');
    assert.deepEqual(over.result?.left_behind, [
      { id: 'proxmox/home/guest/201', what: 'container 201 (dns) on pve1', remove: 'delete_guest' },
    ]);
    assert.match(over.error?.hint ?? '', /left behind: container 201/);
  });
});
