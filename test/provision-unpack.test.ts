import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, suite, test } from 'node:test';
import { hasXz } from '../addon/src/net/xz-run.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { VERSIONS } from '../simulators/proxmox/seed.ts';
import { fileServer, SMALL_XZ } from './helpers/file-server.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const GIB = 1024 ** 3;
const NODE = 'proxmox/home/node/pve3';
const skip = hasXz() ? false : 'no xz here';
const sumOf = (data: Buffer, algorithm = 'sha256'): string =>
  createHash(algorithm).update(data).digest('hex');
const pack = (data: Buffer): Buffer =>
  execFileSync('xz', ['-0', '-c'], { input: data, maxBuffer: 64 * 1024 ** 2 });
const qcow2 = (size: number): Buffer =>
  Buffer.concat([Buffer.from('QFI\xfb', 'latin1'), randomBytes(size - 4)]);

suite('making a virtual machine of a packed image', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  let server: Awaited<ReturnType<typeof fileServer>>;
  afterEach(async () => {
    await lab.end();
    server.close();
  });

  async function begin(file: Buffer = SMALL_XZ, older?: 7 | 8): Promise<void> {
    server = await fileServer(file);
    lab = await provisionLab((given) => {
      const made = threeNodeCluster({ ...given, ...(older && { version: VERSIONS[older] }) });
      grant(made, ...PROVISION_RIGHTS);
      made.setStorage('local', { content: 'iso,vztmpl,backup,import' });
      return made;
    });
    await lab.until('the node', () => lab.find('node', 'pve3')?.available);
  }
  const input = (more: object = {}) => ({
    ...{ name: 'haos', image_url: `${server.base}/releases/16.3/haos_ova-16.3.qcow2.xz` },
    ...{ image_checksum: sumOf(server.file), firmware: 'uefi', start: false, ...more },
  });
  const submit = (more: object = {}) => lab.submit('create_vm', NODE, input(more));
  const plan = (more: object = {}) => lab.plan('create_vm', NODE, input(more));
  const uploads = (): number => lab.simulator.faults.count(/^POST .*\/upload$/);
  const stepped = (id: string, step: string) =>
    lab.until(step, () => lab.executor.job(id)?.step?.startsWith(step), 2_000);
  const wrongOf = ({ checks = [] }: Awaited<ReturnType<typeof plan>>): readonly string[] =>
    checks.filter(({ ok }) => !ok).map(({ name, message }) => `${name}: ${message}`);

  test('says before what it takes, how large it is and where it goes, and sends nothing', async () => {
    await begin();
    const { steps, checks = [], warnings } = await plan();
    const [first, second] = steps;
    const file = /haos_ova-16\.3-[0-9a-f]{10}\.qcow2/.exec(first?.name ?? '')?.[0];
    assert.equal(first?.name, `Download, unpack and put ${file} on local`);
    assert.deepEqual(first?.calls, [
      `GET ${server.base}/releases/16.3/haos_ova-16.3.qcow2.xz`,
      `POST /nodes/pve3/storage/local/upload content=import filename=${file}`,
    ]);
    const call = second?.calls?.[0] ?? '';
    assert.match(call, /bios=ovmf machine=q35 efidisk0=\S+:1,efitype=4m,pre-enrolled-keys=0/);
    assert.match(call, new RegExp(`scsi0=\\S+:0,import-from=local:import/${file},`));
    assert.doesNotMatch(call, /cloudinit|ipconfig|ide2/);
    assert.equal(warnings, undefined);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ name }) => name),
      skip ? ['Unpacking'] : [],
    );
    assert.deepEqual([uploads(), server.downloads], [0, 0]);
  });

  test('for whom something is said by cloud-init, it gets a drive of that', async () => {
    await begin();
    const { steps } = await plan({ user: 'anna' });
    assert.match(steps[1]?.calls?.[0] ?? '', /ide2=\S+:cloudinit.*ciuser=anna/);
  });

  test('on versions that take no such files is refused: a template only', async () => {
    await begin(SMALL_XZ, 7);
    const { checks = [] } = await plan();
    const { message, hint } = checks.find(({ ok }) => !ok) ?? {};
    assert.match(message ?? '', /pve3 runs Proxmox VE 7\.4-17, which takes no images/);
    assert.match(hint ?? '', /8\.4; before, a machine is made of a template only/);
  });

  test('without room for it on the storage is refused', async () => {
    await begin();
    lab.cluster.setStorage('local', { used: 749 * GIB });
    assert.match(wrongOf(await plan()).join(), /Space on local: .* more than 85 %/);
  });

  test('without the program that unpacks is refused', async () => {
    await begin();
    const before = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      assert.deepEqual(wrongOf(await plan()), ['Unpacking: there is no program xz where Labkeeper runs']);
    } finally {
      process.env.PATH = before;
    }
  });

  test('from a server that gives no parts, or no such file, is refused in words', async () => {
    await begin();
    server.givesParts = false;
    await assert.rejects(plan(), { code: 'source_refused', message: /gives no parts of a file/ });
    server.givesParts = true;
    server.file = Buffer.alloc(1_000);
    await assert.rejects(plan(), { code: 'source_refused', message: /does not begin as an \.xz file/ });
    await assert.rejects(plan({ image_url: `${server.base}/none.qcow2.xz` }), /failed \(404\)/);
  });

  test('streams it from its publisher to the storage, and the next one finds it there', {
    skip,
  }, async () => {
    const image = qcow2(30_000_000);
    await begin(pack(image));
    const job = submit({ disk: 32, image_checksum: sumOf(server.file, 'sha512') });
    const over = await lab.over(job, 8_000);
    assert.deepEqual([over.state, over.error], ['succeeded', undefined]);
    const [file] = lab.cluster.files;
    assert.deepEqual([file?.content, file?.size, file?.data?.equals(image)], ['import', image.length, true]);
    const { spec } = lab.cluster.find(200);
    assert.deepEqual([spec.machine, spec.bios, spec.disk / GIB], ['q35', 'ovmf', 32]);
    assert.equal(spec.config?.ide2, undefined);
    const next = await plan({ name: 'haos2', image_checksum: sumOf(server.file, 'sha512') });
    assert.equal(next.steps[0]?.name, 'Make VM 201');
    assert.deepEqual([uploads(), server.downloads, server.open], [1, 1, 0]);
  });

  test('two at the same time fetch it once', { skip }, async () => {
    await begin();
    const jobs = [submit(), lab.submit('create_vm', 'proxmox/home/node/pve3', input({ name: 'haos2' }))];
    for (const job of jobs) assert.equal((await lab.over(job, 4_000)).state, 'succeeded');
    assert.deepEqual([uploads(), server.downloads], [1, 1]);
  });

  test('that is not the published one keeps nothing of it, and makes nothing', { skip }, async () => {
    await begin(pack(qcow2(3_000_000)));
    const over = await lab.over(submit({ image_checksum: 'ab'.repeat(32) }), 4_000);
    assert.equal(over.state, 'failed');
    assert.match(
      over.error?.message ?? '',
      /haos_ova-16\.3\.qcow2\.xz: its checksum is another one; nothing/,
    );
    assert.deepEqual([lab.cluster.files, lab.cluster.guest(200), uploads()], [[], undefined, 1]);
    assert.deepEqual([server.downloads, server.open], [1, 0]);
  });

  test('that is no image of that kind is not even begun to be uploaded', { skip }, async () => {
    await begin(pack(randomBytes(400_000)));
    const over = await lab.over(submit(), 4_000);
    assert.match(over.error?.message ?? '', /what is in it is no qcow2 image/);
    assert.deepEqual([over.state, uploads(), server.open], ['failed', 0, 0]);
  });

  test('whose download breaks off once is fetched again', { skip }, async () => {
    await begin(pack(qcow2(3_000_000)));
    server.breaksAfter = 1_500_000;
    const over = await lab.over(submit(), 4_000);
    assert.deepEqual([over.state, over.error], ['succeeded', undefined]);
    assert.deepEqual([server.downloads, lab.cluster.files.length], [2, 1]);
  });

  test('whose answer is lost is looked for, and not sent twice', { skip }, async () => {
    await begin(pack(qcow2(1_000_000)));
    lab.simulator.faults.inject({ path: /upload$/ }, { kind: 'reset', carriedOut: true }, 1);
    const over = await lab.over(submit(), 4_000);
    assert.deepEqual([over.state, over.error], ['succeeded', undefined]);
    assert.deepEqual([uploads(), server.downloads, lab.cluster.files.length], [1, 1, 1]);
  });

  test('whose storage fills up in the middle fails with what the node says', { skip }, async () => {
    await begin(pack(qcow2(1_000_000)));
    const message = 'write to temporary file failed - No space left on device';
    lab.simulator.faults.inject({ path: /upload$/ }, { kind: 'answer', status: 501, message }, 1);
    const over = await lab.over(submit(), 4_000);
    assert.match(over.error?.message ?? '', /No space left on device/);
    assert.deepEqual([over.state, server.open, lab.cluster.guest(200)], ['failed', 0, undefined]);
  });

  test('that is cancelled lets go of both ends', { skip }, async () => {
    await begin(pack(qcow2(3_000_000)));
    server.stopsAfter = 2_000_000;
    server.goOn = new Promise(() => {});
    const { id } = submit();
    await lab.until('the upload', () => uploads() === 1);
    const job = lab.executor.job(id);
    lab.executor.cancel(id);
    const over = await lab.over(job as never);
    assert.deepEqual([over.state, over.result?.left_behind], ['cancelled', undefined]);
    await lab.until('the end of the download', () => server.open === 0);
    assert.deepEqual(lab.cluster.files, []);
  });

  test('goes on after Labkeeper was killed while it came, and begins it anew', { skip }, async () => {
    await begin(pack(qcow2(3_000_000)));
    server.stopsAfter = 2_000_000;
    server.goOn = new Promise(() => {});
    const job = submit();
    await stepped(job.id, 'Download');
    await lab.until('the upload', () => uploads() === 1);
    await lab.kill();
    await lab.until('the end of the download', () => server.open === 0);
    server.goOn = Promise.resolve();
    const over = await lab.over(job, 4_000);
    assert.deepEqual([over.state, over.error], ['succeeded', undefined]);
    assert.deepEqual([uploads(), lab.cluster.files.length, lab.cluster.find(200).spec.name], [2, 1, 'haos']);
  });

  test('goes on after Labkeeper was killed while the node copied it, and sends nothing twice', {
    skip,
  }, async () => {
    await begin(pack(qcow2(1_000_000)));
    const job = submit();
    const isCopied = () => lab.cluster.tasks.all.some(({ about }) => about.type === 'imgcopy');
    await lab.until('its task', isCopied);
    await lab.kill();
    const over = await lab.over(job, 4_000);
    assert.deepEqual([over.state, over.error], ['succeeded', undefined]);
    assert.deepEqual([uploads(), server.downloads, lab.cluster.files.length], [1, 1, 1]);
  });
});
