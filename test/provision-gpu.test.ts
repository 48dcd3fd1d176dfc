import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { type ProxmoxCluster, seededCluster } from '../simulators/proxmox/index.ts';
import type { GuestSpec, PciSpec } from '../simulators/proxmox/spec.ts';
import { provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const AI = 'proxmox/home/guest/103';
const GIB = 1024 ** 3;
const RTX: PciSpec = {
  ...{ id: '0000:3b:00.0', class: '0x030000', vendor: '0x10de', vendor_name: 'NVIDIA Corporation' },
  ...{ device: '0x2204', device_name: 'GA102 [GeForce RTX 3090]', iommugroup: 40 },
};
const SOUND: PciSpec = {
  ...RTX,
  id: '0000:3b:00.1',
  class: '0x040300',
  device: '0x1aef',
  device_name: 'Audio',
};
const MACHINE: GuestSpec = {
  ...{ vmid: 103, type: 'qemu', name: 'ai', node: 'pve1', cores: 8, memory: 32 * GIB, disk: 100 * GIB },
  ...{ machine: 'q35', bios: 'ovmf' },
};

interface Given {
  readonly pci?: readonly PciSpec[];
  readonly machine?: Partial<GuestSpec>;
  readonly map?: readonly string[];
  readonly change?: (cluster: ProxmoxCluster) => void;
  readonly self?: string;
}

suite('passing a card through', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin({ pci = [RTX, SOUND], machine = {}, map, change, self }: Given = {}): Promise<void> {
    lab = await provisionLab(
      (given) => {
        const made = seededCluster(given);
        grant(made, 'VM.Config.HWType', 'Mapping.Use', 'Mapping.Audit');
        const node = made.node('pve1');
        node.spec = { ...node.spec, pci };
        made.pciMappings = [
          { id: 'gpu', map: map ?? ['id=10de:2204,node=pve1,path=0000:3b:00,iommugroup=40'] },
        ];
        made.create({ ...MACHINE, ...machine });
        change?.(made);
        return made;
      },
      self === undefined ? {} : { self },
    );
    await lab.until('the guest', () => lab.find('guest', '103')?.readings.state);
  }
  const ask = (action = 'attach_gpu', mapping = 'gpu') => lab.submit(action, AI, { mapping });
  const config = () => lab.cluster.find(103).spec.config ?? {};
  const puts = (): number => lab.simulator.faults.count(/^PUT/);
  const refused = async (action = 'attach_gpu', mapping = 'gpu'): Promise<string> => {
    const { error } = await lab.over(ask(action, mapping));
    assert.equal(error?.code, 'check_failed', error?.message);
    assert.equal(puts(), 0);
    return `${error?.message} | ${error?.hint}`;
  };

  test('sets a mapping, and takes it away again', async () => {
    await begin();
    const { steps, checks } = await lab.plan('attach_gpu', AI, { mapping: 'gpu' });
    assert.match(
      steps[0]?.calls?.[0] ?? '',
      /^PUT \/nodes\/pve1\/qemu\/103\/config hostpci0=mapping=gpu,pcie=1 digest=/,
    );
    assert.deepEqual(
      checks?.map(({ name, ok }) => [name, ok]),
      ['Rights', 'Off', 'Machine', 'Free', 'Card 0000:3b:00', 'Console', 'Others', 'Memory'].map((name) => [
        name,
        true,
      ]),
    );
    const job = await lab.over(ask());
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.equal(config().hostpci0, 'mapping=gpu,pcie=1');
    assert.match(
      await (async () => {
        lab.simulator.faults.resetCounts();
        return refused();
      })(),
      /it has gpu already/,
    );
    const gone = await lab.over(ask('detach_gpu'));
    assert.deepEqual([gone.state, gone.error, config().hostpci0], ['succeeded', undefined, undefined]);
    lab.simulator.faults.resetCounts();
    assert.match(await refused('detach_gpu'), /ai does not have gpu/);
  });

  test('is done to what is off only', async () => {
    await begin({ machine: { upMs: 1_000 } });
    assert.match(await refused(), /Off: it runs/);
    await lab.end();
    await begin({ machine: { upMs: 1_000, config: { hostpci0: 'mapping=gpu,pcie=1' } } });
    assert.match(await refused('detach_gpu'), /Off: it runs/);
  });

  test('needs OVMF and q35, which are never changed', async () => {
    const { machine: _, bios: __, ...plain } = MACHINE;
    await begin({
      change: (cluster) => {
        cluster.remove(103);
        cluster.create(plain);
      },
    });
    assert.match(await refused(), /it lacks machine type q35 and firmware OVMF \| that is never changed/);
  });

  test('takes no card that shares its group, or whose node keeps no devices apart: it prints what to do', async () => {
    const mate: PciSpec = { ...RTX, id: '0000:3c:00.0', class: '0x010400', device_name: 'SAS3008' };
    await begin({ pci: [RTX, SOUND, mate] });
    assert.match(await refused(), /in its IOMMU group is also SAS3008/);
    await lab.end();
    await begin({
      pci: [
        { ...RTX, iommugroup: -1 },
        { ...SOUND, iommugroup: -1 },
      ],
    });
    assert.match(
      await refused(),
      /IOMMU is off.*on the node: switch on VT-d .*intel_iommu=on.*proxmox-boot-tool refresh/,
    );
  });

  test('takes no card that another guest has, by mapping or by address, running or not', async () => {
    for (const change of [{ config: { hostpci0: 'mapping=gpu' } }, { hostpci: ['0000:3b:00'] }]) {
      await begin({ change: (cluster) => cluster.configure(102, change) });
      assert.match(await refused(), /Others: dev-test has it already/);
      await lab.end();
    }
    await begin();
  });

  test('takes no card that moved, that is not there, or that no mapping names', async () => {
    await begin({ map: ['id=10de:1234,node=pve1,path=0000:3b:00'] });
    assert.match(await refused(), /it is 10de:2204, not 10de:1234/);
    await lab.end();
    await begin({ map: ['id=10de:2204,node=pve1,path=0000:af:00'] });
    assert.match(await refused(), /pve1 has no device there/);
    await lab.end();
    await begin({ map: ['id=10de:2204,node=pve2,path=0000:3b:00'] });
    assert.match(await refused(), /it names no device of pve1/);
    assert.match(await refused('attach_gpu', 'other'), /no mapping “other”.*there are: gpu/);
  });

  test('leaves the node a display', async () => {
    // The management controller's own is named by a mapping.
    await begin({ pci: [], map: ['node=pve1,path=0000:03:00'] });
    assert.match(await refused(), /it is the only display of pve1/);
  });

  test('wants all of the memory of the machine to be free', async () => {
    await begin({ machine: { memory: 180 * GIB } });
    assert.match(await refused(), /Memory: .* GiB free on pve1, 180 GiB needed at once/);
  });

  test('is not done to a container, nor to what Labkeeper runs on', async () => {
    await begin({ self: AI });
    assert.throws(() => ask(), { code: 'lifeline' });
    assert.throws(() => ask('detach_gpu'), { code: 'lifeline' });
    const job = await lab.over(lab.submit('attach_gpu', 'proxmox/home/guest/110', { mapping: 'gpu' }));
    assert.match(job.error?.message ?? '', /it is a container/);
  });

  test('is not done to what was configured otherwise, or started, since its dry run', async () => {
    for (const change of [
      () => lab.cluster.configure(103, { cores: 4 }),
      () => lab.cluster.find(103).started(lab.clock.now(), 99),
    ]) {
      await begin();
      await lab.plan('attach_gpu', AI, { mapping: 'gpu' }, { requestId: 'r1' });
      change();
      const { error } = await lab.over(lab.submit('attach_gpu', AI, { mapping: 'gpu' }, { requestId: 'r1' }));
      assert.equal(error?.code, 'target_changed');
      assert.equal(puts(), 0);
      await lab.end();
    }
    await begin();
  });

  test('is done once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let step = 0; step <= 8; step += 1) {
      await begin();
      if (step % 2 === 0)
        lab.simulator.faults.inject({ method: 'PUT' }, { kind: 'reset', carriedOut: true }, 1);
      const job = ask();
      await lab.clock.advance(step * 100);
      await new Promise((resolve) => setTimeout(resolve, step * 4));
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else assert.deepEqual([state, config().hostpci0], ['succeeded', 'mapping=gpu,pcie=1'], error?.message);
      assert.ok(puts() <= 1);
      await lab.end();
    }
    await begin();
  });
});
