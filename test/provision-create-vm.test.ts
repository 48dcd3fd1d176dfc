import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { SELF_ID } from '../addon/src/lab/self.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { type StoredFile, volidOf } from '../simulators/proxmox/views/volumes.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const GIB = 1024 ** 3;
const NODE = 'proxmox/home/node/pve3';
const IMAGE = 'https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2';
const CHECKSUM = 'ab'.repeat(64);
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIbXp0EJFmyqMtRgwuoJGuLm4YzqyN8F5e2V3Jg8xq1k anna';

suite('making a virtual machine', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(rights: readonly string[] = PROVISION_RIGHTS, options: object = {}): Promise<void> {
    lab = await provisionLab((given) => {
      const made = threeNodeCluster(given);
      grant(made, ...rights);
      made.setStorage('local', { content: 'iso,vztmpl,backup,import' });
      return made;
    }, options);
    await lab.until('the node', () => lab.find('node', 'pve3')?.available);
  }
  const make = (input: object, node = NODE) =>
    lab.over(lab.submit('create_vm', node, { name: 'web', ...input }), 4_000);
  const plan = (input: object, node = NODE) => lab.plan('create_vm', node, { name: 'web', ...input });
  const changes = (): number => lab.simulator.faults.count(/^(POST|PUT|DELETE)/);
  const wrongOf = (checks: Awaited<ReturnType<typeof plan>>['checks']): readonly string[] =>
    (checks ?? []).filter(({ ok }) => !ok).map(({ name, message }) => `${name}: ${message}`);

  test('from a template copies, sets up and starts it, and answers with where it is', async () => {
    await begin();
    const job = await make({ template: 900, cores: 4, memory: 4, disk: 40, tags: ['web', 'lab'] });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    const { spec, running, node } = lab.cluster.find(200);
    assert.deepEqual(
      [spec.name, spec.cores, spec.memory / GIB, spec.disk / GIB, spec.tags],
      ['web', 4, 4, 40, ['lab', 'web']],
    );
    assert.deepEqual([running, node], [true, 'pve3']);
    assert.deepEqual(job.result, {
      ...{ id: 'proxmox/home/guest/200', vmid: 200, node: 'pve3', name: 'web', address: '10.0.20.150' },
      address_from: 'agent',
    });
    await lab.until('its name', () => lab.find('guest', '200')?.name === 'web');
  });

  test('stops its download, or its copying, when it is cancelled, and leaves nothing behind', async () => {
    const ways = [
      [{ image_url: IMAGE, image_checksum: CHECKSUM }, /^Download /],
      [{ template: 900 }, /^Copy |^Make /],
    ] as const;
    for (const [input, step] of ways) {
      await begin();
      const job = lab.submit('create_vm', NODE, { name: 'web', ...input });
      await lab.until('that', () => step.test(lab.executor.job(job.id)?.step ?? ''), 600);
      await lab.until('its task', () => lab.executor.job(job.id)?.vendor_ref, 600);
      const cancelled = await lab.over(lab.submit('cancel_job', SELF_ID, { job: job.id }));
      assert.equal(cancelled.state, 'succeeded');
      const { state, error, result } = await lab.over(job);
      assert.deepEqual([state, error?.code], ['cancelled', 'cancelled']);
      assert.match(error?.message ?? '', /received interrupt/);
      assert.deepEqual(
        [result?.left_behind, lab.cluster.guest(200), lab.cluster.files],
        [undefined, undefined, []],
      );
      if (input !== ways.at(-1)?.[0]) await lab.end();
    }
  });

  test('from an image has it downloaded by its checksum, and the next one finds it there', async () => {
    await begin();
    const input = { image_url: IMAGE, image_checksum: CHECKSUM, ssh_keys: [KEY], user: 'anna', disk: 20 };
    const job = await make({ ...input, ip: '10.0.20.7/24', gateway: '10.0.20.1', firmware: 'uefi' });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    const [file] = lab.cluster.files;
    assert.match(file?.name ?? '', /^debian-12-genericcloud-amd64-[0-9a-f]{10}\.qcow2$/);
    assert.equal(file?.checksum, CHECKSUM);
    const { spec } = lab.cluster.find(200);
    const { config = {} } = spec;
    assert.deepEqual([spec.machine, spec.bios, spec.disk / GIB], ['q35', 'ovmf', 20]);
    assert.deepEqual([config.ciuser, config.ipconfig0], ['anna', 'ip=10.0.20.7/24,gw=10.0.20.1']);
    assert.equal(decodeURIComponent(String(config.sshkeys)), KEY);
    assert.match(String(config.efidisk0), /pre-enrolled-keys=0/);
    // Nobody installed its agent.
    assert.equal(job.result?.address, '10.0.20.7');
    const next = await plan({ ...input, name: 'web2' });
    assert.deepEqual(
      next.steps.map(({ name }) => name),
      ['Make VM 201', 'Grow scsi0 to 20 GiB', 'Start it', 'See that it runs', 'Wait for its address'],
    );
  });

  test('gives user data at the first boot, and takes it away again', async () => {
    await begin([...PROVISION_RIGHTS, 'Datastore.Allocate']);
    const secret = '#cloud-config\nwrite_files: [{path: /etc/token, content: sesame-0815}]\n';
    const job = lab.submit('create_vm', NODE, {
      ...{ name: 'web', image_url: IMAGE, image_checksum: CHECKSUM, user_data: secret },
    });
    await lab.until('the seed', () => lab.cluster.files.some(({ content }) => content === 'iso'), 200);
    const seed = lab.cluster.files.find(({ content }) => content === 'iso');
    assert.ok(seed?.data?.includes(Buffer.from(secret).toString('base64').slice(0, 70)));
    await lab.until('its drive', () => lab.cluster.guest(200)?.spec.config?.scsi1, 200);
    assert.equal(lab.cluster.find(200).spec.config?.scsi1, `${volidOf(seed as StoredFile)},media=cdrom`);
    const over = await lab.over(job, 4_000);
    assert.deepEqual([over.state, over.error], ['succeeded', undefined]);
    assert.equal(over.result?.address, '10.0.20.150');
    assert.deepEqual(
      lab.cluster.files.map(({ content }) => content),
      ['import'],
    );
    assert.equal(lab.cluster.find(200).spec.config?.scsi1, undefined);
    const written = JSON.stringify([
      lab.executor.job(job.id),
      lab.executor.logOf(job.id),
      lab.executor.audit({ limit: 9 }),
    ]);
    assert.doesNotMatch(written, /sesame/);
  });

  test('for an ISO makes it empty, to be installed by hand', async () => {
    await begin();
    const iso = 'local:iso/debian-12.9.0-amd64-netinst.iso';
    const job = await make({ iso, storage: 'local-lvm', disk: 16, start: false });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    const { spec, running } = lab.cluster.find(200);
    assert.deepEqual([spec.config?.ide2, spec.disk / GIB, running], [`${iso},media=cdrom`, 16, false]);
  });

  test('says before all that it would send, and sends nothing', async () => {
    await begin();
    const { steps, checks, warnings } = await plan({ template: 900, start: false, name: 'gitea' });
    assert.deepEqual(wrongOf(checks), []);
    assert.deepEqual(steps[0]?.calls, [
      'POST /nodes/pve3/qemu/900/clone newid=200 name=gitea full=1 description=Made by Labkeeper (job …)',
    ]);
    assert.deepEqual(warnings, ['there is a guest “gitea” already: 120']);
    assert.equal(changes(), 0);
  });

  test('without the rights names each of them with its path', async () => {
    await begin([]);
    const { checks } = await plan({ template: 900, bridge: 'vmbr1', vlan: 40 });
    assert.deepEqual(wrongOf(checks), [
      'Right: VM.Allocate at /vms/200 is missing',
      ...['Disk', 'CPU', 'Memory', 'Network', 'Options'].map(
        (each) => `Right: VM.Config.${each} at /vms/200 is missing`,
      ),
      'Right: VM.Clone at /vms/900 is missing',
      'Right: SDN.Use at /sdn/zones/localnetwork/vmbr1 is missing',
    ]);
  });

  test('refuses what cannot be: room, bridge, pool, storage, template', async () => {
    await begin();
    const wrong = async (input: object): Promise<readonly string[]> => wrongOf((await plan(input)).checks);
    lab.cluster.setStorage('local-zfs', { used: 0.9 * 3.4 * 1_024 * GIB });
    await lab.pass(12);
    assert.match(String(await wrong({ template: 900 })), /^Space on local-zfs: .*: more than 85 %/);
    assert.deepEqual(await wrong({ template: 900, bridge: 'vmbr9', storage: 'local-lvm' }), [
      'Bridge: pve3 has no bridge “vmbr9”',
    ]);
    assert.match(
      String(await wrong({ template: 900, pool: 'nobody', storage: 'local-lvm' })),
      /^Pool: there is no pool “nobody”/,
    );
    assert.deepEqual(await wrong({ template: 901, storage: 'local-lvm' }), [
      'Template: there is no template 901 of a virtual machine',
    ]);
    assert.match(
      String(await wrong({ template: 900, storage: 'backup' })),
      /^Storage backup: it takes no images/,
    );
    assert.equal(changes(), 0);
  });

  test('takes no names with quotes, newlines or anything else that is not a host name', async () => {
    await begin();
    for (const name of ['a"b', 'a\nb', "a'b", '-a', 'a b', 'ä', '', 'a'.repeat(64)]) {
      await assert.rejects(plan({ template: 900, name }), { code: 'input_invalid' });
    }
    await assert.rejects(plan({ template: 900, ssh_keys: [`${KEY}\nssh-rsa AAAA`] }), {
      code: 'input_invalid',
    });
    await assert.rejects(plan({ template: 900, iso: 'local:iso/x.iso' }), /made from one of/);
    await assert.rejects(plan({ image_url: IMAGE }), /only by its checksum/);
    assert.equal(changes(), 0);
  });

  test('when its number was taken in the meantime fails, and touches nobody else', async () => {
    await begin();
    lab.simulator.faults.inject({ method: 'POST', path: /clone$/ }, { kind: 'delay', ms: 3_000 }, 1);
    const job = lab.submit('create_vm', NODE, { name: 'web', template: 900 });
    await lab.until('its step', () => lab.executor.job(job.id)?.step === 'Make VM 200');
    const mine = {
      vmid: 200,
      type: 'qemu',
      name: 'mine',
      node: 'pve1',
      cores: 1,
      memory: GIB,
      disk: GIB,
    } as const;
    lab.cluster.create(mine);
    const over = await lab.over(job);
    assert.match(over.error?.message ?? '', /unable to create VM 200: config file already exists/);
    assert.equal(over.result?.left_behind, undefined);
    assert.deepEqual(lab.cluster.find(200).spec, mine);
  });

  test('whose guest was replaced by another in the middle changes nothing of that', async () => {
    await begin();
    lab.simulator.faults.inject({ method: 'PUT', path: /config$/ }, { kind: 'reset' }, 1);
    const job = lab.submit('create_vm', NODE, { name: 'web', template: 900 });
    await lab.until('its step', () => lab.executor.job(job.id)?.step === 'Set it up', 200);
    const other = { name: 'mine', template: false, description: 'mine' };
    lab.cluster.recreate(200, other);
    const over = await lab.over(job);
    assert.equal(over.error?.code, 'target_changed');
    assert.equal(over.result?.left_behind, undefined);
    assert.equal(lab.cluster.find(200).spec.cores, 2);
    assert.equal(lab.cluster.find(200).running, false);
  });

  test('on a storage that fills up meanwhile leaves nothing behind', async () => {
    await begin();
    const job = lab.submit('create_vm', NODE, { name: 'web', template: 900 });
    await lab.until('its step', () => lab.executor.job(job.id)?.step === 'Make VM 200');
    lab.cluster.setStorage('local-zfs', { used: Math.floor(3.4 * 1_024 * GIB) });
    const over = await lab.over(job);
    assert.match(over.error?.message ?? '', /out of space/);
    assert.deepEqual(
      [over.state, over.result?.left_behind, lab.cluster.guest(200)],
      ['failed', undefined, undefined],
    );
  });

  test('that does not start says what it left behind, and delete_guest takes that away', async () => {
    await begin();
    const job = lab.submit('create_vm', NODE, { name: 'web', template: 900 });
    await lab.until('its step', () => lab.executor.job(job.id)?.step === 'Set it up', 200);
    lab.cluster.find(200).startError = 'no KVM here';
    const over = await lab.over(job);
    const [left] = (over.result?.left_behind ?? []) as readonly { id: string; remove: string }[];
    assert.deepEqual([left?.id, left?.remove], ['proxmox/home/guest/200', 'delete_guest']);
    await lab.until('it', () => lab.find('guest', '200'));
    const removed = await lab.over(lab.submit(left?.remove ?? '', left?.id ?? ''));
    assert.deepEqual([removed.state, lab.cluster.guest(200)], ['succeeded', undefined]);
  });
});
