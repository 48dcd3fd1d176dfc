import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { gpuPlans } from '../addon/src/lab/gpus.ts';
import { WORKLOADS } from '../addon/src/lab/workload-fit.ts';
import { linksOf } from '../addon/src/model/resource.ts';
import { cardsIn } from '../addon/src/sources/proxmox/hardware/cards.ts';
import { seededCluster } from '../simulators/proxmox/index.ts';
import type { PciSpec } from '../simulators/proxmox/spec.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const NOW = Date.UTC(2026, 5, 1);
const NODE = 'proxmox/home/node/pve1';
const GUEST = 'proxmox/home/guest/101';
const CARD = 'gpu/ai/gpu/5d8c2f0e-9b3a-4c61-8f27-1e6a40b7d935';
const TTS = 'docker/lab/container/chatterbox';

const RTX_3090: PciSpec = {
  ...{ id: '0000:3b:00.0', class: '0x030000', vendor: '0x10de', vendor_name: 'NVIDIA Corporation' },
  ...{ device: '0x2204', device_name: 'GA102 [GeForce RTX 3090]', iommugroup: 40 },
};
const SOUND: PciSpec = { ...RTX_3090, id: '0000:3b:00.1', class: '0x040300', device: '0x1aef' };
const RAID: PciSpec = {
  ...{ id: '0000:3c:00.0', class: '0x010400', vendor: '0x1000', device: '0x0014', iommugroup: 40 },
  device_name: 'PERC H740P Mini',
};

const aGpu = (change: Partial<LabResourceOf<'gpu'>> = {}): LabResourceOf<'gpu'> => ({
  ...{ id: CARD, kind: 'gpu', name: 'GeForce RTX 3090', available: true },
  facts: { device: '10de:2204' },
  readings: { vram_total: 24, vram_free: 20, utilization: 0 },
  ...change,
});

/** A thing with the readings that count here. */
const bare = (id: string, kind: string, readings: object, parent?: string): LabResource =>
  ({
    ...{ id, kind, name: id.split('/').at(-1), available: true, facts: {}, readings },
    ...(parent !== undefined && { parent }),
  }) as LabResource;

const viewOf = (all: readonly LabResource[]) => ({
  all: () => all,
  get: (id: string) => all.find((one) => one.id === id),
});

const card = (change: object = {}) => ({
  ...cardsIn([RTX_3090, SOUND], [], 'pve1')[0],
  ...change,
});
const device = (change: object = {}) => ({
  ...{ key: 'hostpci0', title: '0000:3b:00', addresses: '0000:3b:00', pcie: true, q35: true, ovmf: true },
  ...change,
});
const node = (...cards: object[]) => bare(NODE, 'node', { cards });
const guest = (devices: object[] | undefined, id = GUEST) =>
  bare(id, 'guest', { on: true, passthrough: 'x', ...(devices && { pci_devices: devices }) }, NODE);
const plansOf = (...all: LabResource[]) => gpuPlans(viewOf(all), WORKLOADS, NOW);
const keysOf = (...all: LabResource[]): readonly string[] =>
  plansOf(...all).findings.map(({ key, severity }) => `${key.split(' ')[1]} ${severity}`);

suite('where a card is', () => {
  test('in the only guest that has one like it, on its node', () => {
    const { additions } = plansOf(node(card()), guest([device()]), aGpu());
    assert.equal(additions.get(CARD)?.parent, NODE);
    assert.deepEqual(additions.get(GUEST)?.links, [{ type: 'uses_gpu', to: CARD }]);
    const { iommu, group_clean, mapped, passed_through, driver_seen } =
      additions.get(CARD)?.readings ?? assert.fail();
    assert.deepEqual(
      [iommu, group_clean, mapped, passed_through, driver_seen],
      [...['yes', 'yes', 'no', 'yes', 'yes']],
    );
  });

  test('of two guests that have one it is neither, until it is stated', () => {
    const other = card({ address: '0000:af:00.0' });
    const both = [
      node(card(), other),
      guest([device()]),
      guest([device({ addresses: '0000:af:00' })], 'proxmox/home/guest/102'),
    ];
    assert.equal(plansOf(...both, aGpu()).additions.get(CARD)?.parent, undefined);
    const stated = aGpu({ links: [{ type: 'attached_to', to: GUEST }] });
    assert.equal(plansOf(...both, stated).additions.get(CARD)?.parent, NODE);
  });

  test('a container in the guest leads there, and uses it', () => {
    const gpu = aGpu({
      links: [{ type: 'attached_to', to: TTS }],
      readings: { processes: [{ key: 'p', title: 'python3', pid: 7, vram: 6, container: TTS }] },
    });
    const { additions } = plansOf(
      ...[node(card({ device: '10de:0001' })), guest(undefined), gpu],
      bare('docker/lab/host/engine', 'host', {}, GUEST),
      bare(TTS, 'container', {}, 'docker/lab/host/engine'),
    );
    assert.equal(additions.get(CARD)?.parent, NODE);
    assert.deepEqual(additions.get(TTS)?.links, [{ type: 'uses_gpu', to: CARD }]);
    assert.deepEqual(additions.get(GUEST)?.links, [{ type: 'uses_gpu', to: CARD }]);
  });
});

suite('what keeps a card from its guest', () => {
  test('nothing is wrong with one that answers', () => {
    const mapped = card({ mappings: 'gpu' });
    assert.deepEqual(
      keysOf(node(mapped), guest([device({ mapping: 'gpu', addresses: undefined })]), aGpu()),
      [],
    );
  });

  test('a node that does not keep devices apart', () => {
    const off = card({ iommu_group: -1, mates: null, mappings: null });
    assert.deepEqual(keysOf(node(off)), ['iommu info']);
    assert.deepEqual(keysOf(node(off), guest([device()]), aGpu()), ['iommu problem']);
  });

  test('another device in its group', () => {
    const [shared] = cardsIn([RTX_3090, SOUND, RAID], [], 'pve1');
    assert.equal(shared?.mates, 'PERC H740P Mini');
    assert.deepEqual(keysOf(node(shared ?? {})), ['group info']);
    assert.deepEqual(keysOf(node({ ...shared, mappings: 'gpu' }), guest([device()]), aGpu()), [
      'group warning',
    ]);
  });

  test('a machine that is no q35, and one that nothing answers from', () => {
    const found = keysOf(node(card()), guest([device({ q35: false, ovmf: false })]));
    assert.deepEqual(found, ['mapping info', 'machine problem', 'driver info']);
  });

  test('the server’s own console is nobody’s business', () => {
    assert.deepEqual(keysOf(node(card({ device: '102b:0536', iommu_group: -1 }))), []);
  });
});

test('mappings name a card by its slot, among others, and for each node', () => {
  const cards = cardsIn(
    [RTX_3090],
    [
      { id: 'gpu', map: ['id=10de:2204,node=pve1,path=0000:af:00;0000:3b:00'] },
      { id: 'else', map: ['id=10de:2204,node=pve2,path=0000:3b:00.0'] },
    ],
    'pve1',
  );
  assert.equal(cards[0]?.mappings, 'gpu');
});

suite('cards of a cluster', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  test('are read with their groups and mappings, and guests with what they have', async () => {
    lab = await proxmoxLab((options) => {
      const cluster = seededCluster(options);
      const pve1 = cluster.node('pve1');
      pve1.spec = { ...pve1.spec, pci: [RTX_3090, SOUND] };
      cluster.create({
        ...{ vmid: 150, type: 'qemu', name: 'ai', node: 'pve1', cores: 4, memory: 8 * 1024 ** 3 },
        ...{ disk: 32 * 1024 ** 3, hostpci: ['0000:3b:00'], machine: 'q35', bios: 'ovmf', upMs: 1_000 },
      });
      return cluster;
    });
    await lab.until('the cards', () => 'cards' in (lab.store.get(NODE)?.readings ?? {}));
    const { cards } = (lab.store.get(NODE) as LabResourceOf<'node'>).readings;
    assert.deepEqual(
      cards?.map(({ address, iommu_group, mates }) => [address, iommu_group, mates]),
      [
        ['0000:03:00.0', 31, 'none'],
        ['0000:3b:00.0', 40, 'none'],
      ],
    );
    await lab.until('the guest', () => lab.store.get('proxmox/home/guest/150'));
    await lab.until(
      'its devices',
      () => 'pci_devices' in (lab.store.get('proxmox/home/guest/150')?.readings ?? {}),
    );
    const ai = lab.store.get('proxmox/home/guest/150') as LabResourceOf<'guest'>;
    assert.deepEqual(ai.readings.pci_devices, [device()]);
    lab.store.replace('gpu/ai', [aGpu()]);
    const { additions } = gpuPlans(lab.store, WORKLOADS, NOW);
    lab.store.amend(additions);
    assert.equal(lab.store.get(CARD)?.parent, NODE);
    assert.deepEqual(
      linksOf(lab.store.get(ai.id) ?? assert.fail()).filter(({ type }) => type === 'uses_gpu'),
      [{ type: 'uses_gpu', to: CARD }],
    );
  });
});
