import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { alias, linksOf } from '../addon/src/model/resource.ts';
import { aGuest, aHost, aThing, HOSTNAME, IP, MAC, SMBIOS, Told } from './helpers/things.ts';

const HOST = 'docker/nas/host/engine';
const VM = 'proxmox/home/guest/100';
const OTHER_VM = 'proxmox/home/guest/101';

suite('a parent that is known by aliases', () => {
  test('is found by one strong alias, whichever side appears first', () => {
    const told = new Told();
    told.give(aHost(SMBIOS));
    assert.equal(told.parent(HOST), undefined);
    told.give(aGuest('100', SMBIOS));
    assert.equal(told.parent(HOST), VM);
    told.store.replace('proxmox/home', []);
    assert.equal(told.parent(HOST), undefined);
    told.give(aGuest('100', SMBIOS));
    told.give(aHost(SMBIOS));
    assert.equal(told.parent(HOST), VM);
    assert.deepEqual(told.doubts, []);
  });

  test('changes for listeners, too', () => {
    const told = new Told();
    const host = aHost(SMBIOS);
    const vm = aGuest('100', SMBIOS);
    told.give(host);
    told.give(vm);
    assert.deepEqual(told.diffs[1], [
      { before: undefined, after: vm },
      { before: host, after: { ...host, parent: VM } },
    ]);
  });

  test('is found by two weak aliases of different types, not by one', () => {
    const told = new Told();
    told.give(aHost(IP, HOSTNAME), aGuest('100', IP));
    assert.equal(told.parent(HOST), undefined);
    const doubt = { resource: HOST, about: 'parent', reason: 'weak', aliases: [IP], candidates: [VM] };
    assert.deepEqual(told.store.doubts(), [doubt]);
    told.give(aGuest('100', IP, HOSTNAME));
    assert.equal(told.parent(HOST), VM);
    assert.deepEqual(told.store.doubts(), []);
    assert.deepEqual(told.doubts, [[doubt], []]);
  });

  test('is not found by two addresses: both may have been handed on', () => {
    const told = new Told();
    const second = alias('ip', '10.0.30.5');
    told.give(aHost(IP, second), aGuest('100', IP, second));
    assert.equal(told.parent(HOST), undefined);
    assert.equal(told.store.doubts()[0]?.reason, 'weak');
  });

  test('is doubtful as soon as a second one fits, and sure again when that goes', () => {
    const told = new Told();
    told.give(aHost(SMBIOS), aGuest('100', SMBIOS));
    told.give(aGuest('100', SMBIOS), aGuest('101', SMBIOS));
    assert.equal(told.parent(HOST), undefined);
    assert.deepEqual(told.store.doubts(), [
      { resource: HOST, about: 'parent', reason: 'ambiguous', aliases: [SMBIOS], candidates: [VM, OTHER_VM] },
    ]);
    told.give(aGuest('101', SMBIOS));
    assert.equal(told.parent(HOST), OTHER_VM);
    assert.deepEqual(told.store.doubts(), []);
  });

  test('is not found by strong aliases that contradict each other', () => {
    const told = new Told();
    told.give(aHost(SMBIOS, MAC), aGuest('100', SMBIOS), aGuest('101', MAC));
    assert.equal(told.parent(HOST), undefined);
    assert.deepEqual(told.store.doubts(), [
      {
        resource: HOST,
        about: 'parent',
        reason: 'contradiction',
        aliases: [MAC, SMBIOS],
        candidates: [VM, OTHER_VM],
      },
    ]);
  });

  test('is not found by one strong alias when another fits only others', () => {
    const told = new Told();
    const clones = [aGuest('101', MAC), aGuest('102', MAC)];
    told.give(aHost(SMBIOS, MAC), aGuest('100', SMBIOS), ...clones);
    assert.equal(told.store.doubts()[0]?.reason, 'contradiction');
    told.give(aGuest('100', SMBIOS, MAC), ...clones);
    assert.equal(told.parent(HOST), VM, 'one of the three that share the address');
  });

  test('is found by a strong alias whatever address has been handed on to another', () => {
    const told = new Told();
    told.give(aHost(SMBIOS, IP, HOSTNAME), aGuest('100', SMBIOS), aGuest('101', IP, HOSTNAME));
    assert.equal(told.parent(HOST), VM);
  });

  test('is told apart from its clone by name and address', () => {
    const told = new Told();
    told.give(aHost(SMBIOS, IP, HOSTNAME), aGuest('100', SMBIOS, IP, HOSTNAME), aGuest('101', SMBIOS));
    assert.equal(told.parent(HOST), VM);
    told.give(aGuest('100', SMBIOS), aGuest('101', SMBIOS), aGuest('102', IP, HOSTNAME));
    assert.equal(told.parent(HOST), undefined, 'what fits is none of those with its identity');
    assert.equal(told.store.doubts()[0]?.reason, 'contradiction');
  });

  test('is found anew when any of what leads to it changes', () => {
    const told = new Told();
    const vm = aGuest('100', SMBIOS);
    told.give(vm, aGuest('101', MAC), aHost(SMBIOS));
    told.give(aHost(MAC));
    assert.equal(told.parent(HOST), OTHER_VM);
    told.give({ ...aHost(MAC), parent: VM });
    assert.equal(told.parent(HOST), VM);
    told.give({ ...aHost(MAC), parent: 'proxmox/home/node/pve1' });
    assert.equal(told.parent(HOST), 'proxmox/home/node/pve1');
    told.give(aHost(MAC));
    assert.equal(told.parent(HOST), OTHER_VM);
    told.give({ ...vm, aliases: [MAC] });
    assert.equal(told.parent(HOST), VM);
  });

  test('gives way to one that is stated, which may be missing', () => {
    const told = new Told();
    const stated = { ...aHost(SMBIOS), parent: 'proxmox/home/guest/999' };
    told.give(stated, aGuest('100', SMBIOS));
    assert.equal(told.parent(HOST), stated.parent);
    assert.equal(told.store.get(HOST), stated);
  });

  test('gives way to what a person states, as does one that the source states', () => {
    const told = new Told({ overrides: new Map([[HOST, OTHER_VM]]) });
    told.give(aHost(SMBIOS), aGuest('100', SMBIOS), aGuest('101', SMBIOS));
    assert.equal(told.parent(HOST), OTHER_VM);
    assert.deepEqual(told.store.doubts(), []);
    told.give({ ...aHost(), parent: VM });
    assert.equal(told.parent(HOST), OTHER_VM);
  });
});

suite('containment', () => {
  test('does not lead from a thing to itself or to what it contains', () => {
    const told = new Told();
    const host = { ...aHost(IP, HOSTNAME), aliases: [IP, HOSTNAME] };
    const sharesItsNetwork = aThing('docker/nas/container/proxy', { parent: HOST, aliases: [IP, HOSTNAME] });
    told.give(host, sharesItsNetwork);
    assert.equal(told.parent(HOST), undefined);
    told.give(aGuest('100', IP, HOSTNAME));
    assert.equal(told.parent(HOST), VM);
    assert.deepEqual(told.store.doubts(), []);
  });

  test('takes neither of two that are said to contain each other', () => {
    const told = new Told();
    told.give(aHost(SMBIOS), { ...aGuest('100', SMBIOS), parentKnownBy: [MAC] });
    assert.equal(told.parent(HOST), VM);
    told.give({ ...aHost(SMBIOS), aliases: [MAC] });
    assert.deepEqual([told.parent(HOST), told.parent(VM)], [undefined, undefined]);
    assert.deepEqual(told.store.doubts(), [
      { resource: HOST, about: 'parent', reason: 'cycle', aliases: [SMBIOS], candidates: [VM] },
      { resource: VM, about: 'parent', reason: 'cycle', aliases: [MAC], candidates: [HOST] },
    ]);
  });

  test('cuts what was guessed out of a cycle, not what is stated', () => {
    const told = new Told();
    const [stack, host] = ['docker/nas/stack/media', HOST];
    told.give(
      { ...aHost(SMBIOS) },
      aThing(stack, { parent: host, aliases: [MAC] }),
      aThing('proxmox/home/guest/100', { aliases: [SMBIOS], parentKnownBy: [MAC] }),
    );
    assert.equal(told.parent(stack), host);
    assert.deepEqual([told.parent(host), told.parent(VM)], [undefined, undefined]);
  });

  test('is cut even where it is stated to go round', () => {
    const told = new Told();
    const [a, b] = ['x/y/stack/a', 'x/y/stack/b'];
    told.give(aThing(a, { parent: b }), aThing(b, { parent: a }), aThing('x/y/stack/c', { parent: a }));
    assert.deepEqual([told.parent(a), told.parent(b), told.parent('x/y/stack/c')], [undefined, undefined, a]);
    assert.deepEqual(
      told.store.doubts().map(({ reason }) => reason),
      ['cycle', 'cycle'],
    );
    told.give(aThing(a), aThing(b, { parent: b }));
    assert.equal(told.parent(b), undefined, 'nor in itself');
  });
});

suite('a link', () => {
  const NAS = 'docker/nas/container/ollama';
  const GPU_UUID = alias('gpu_uuid', 'GPU-5f2c1a7e-0001-4000-8000-00000000abcd');
  const GPU = 'proxmox/home/gpu/pve1/0000-3b-00.0';
  const gpu = aThing(GPU, { aliases: [GPU_UUID] });
  const withLinks = (
    ...links: NonNullable<Parameters<typeof aThing>[1]>['links'] & {}
  ): ReturnType<typeof aThing> => aThing(NAS, { links });

  test('leads to an id, and is not shown while that does not exist', () => {
    const told = new Told();
    const link = { type: 'uses_gpu', to: GPU } as const;
    const user = withLinks(link);
    told.give(user);
    assert.deepEqual(told.store.get(NAS)?.links, []);
    told.give(gpu);
    assert.equal(told.store.get(NAS), user, 'nothing had to be found out');
    told.store.removeOwner('proxmox/home');
    assert.deepEqual(told.store.get(NAS)?.links, []);
  });

  test('by aliases leads to the id that they fit', () => {
    const told = new Told();
    told.give(withLinks({ type: 'uses_gpu', to: [GPU_UUID] }));
    assert.deepEqual(linksOf(told.store.get(NAS) ?? gpu), []);
    told.give(gpu);
    assert.deepEqual(linksOf(told.store.get(NAS) ?? gpu), [{ type: 'uses_gpu', to: GPU }]);
    told.store.replace('proxmox/home', []);
    assert.deepEqual(linksOf(told.store.get(NAS) ?? gpu), []);
  });

  test('that changes alone leads elsewhere', () => {
    const told = new Told();
    told.give(withLinks({ type: 'uses_gpu', to: GPU }), gpu);
    told.give(withLinks({ type: 'uses_gpu', to: [HOSTNAME] }));
    assert.deepEqual(told.store.get(NAS)?.links, []);
    told.give(withLinks({ type: 'uses_gpu', to: [GPU_UUID] }));
    assert.deepEqual(told.store.get(NAS)?.links, [{ type: 'uses_gpu', to: GPU }]);
  });

  test('by an alias that the thing itself has, too, leads to the other', () => {
    const told = new Told();
    told.give({ ...withLinks({ type: 'uses_gpu', to: [GPU_UUID] }), aliases: [GPU_UUID] }, gpu);
    assert.deepEqual(told.store.get(NAS)?.links, [{ type: 'uses_gpu', to: GPU }]);
  });

  test('by aliases that fit several is a doubt', () => {
    const told = new Told();
    const twin = aThing('proxmox/home/gpu/pve2/0000-3b-00.0', { aliases: [GPU_UUID] });
    told.give(withLinks({ type: 'uses_gpu', to: [GPU_UUID] }), gpu, twin);
    assert.deepEqual(told.store.get(NAS)?.links, []);
    assert.deepEqual(told.store.doubts(), [
      {
        resource: NAS,
        about: 'link',
        reason: 'ambiguous',
        aliases: [GPU_UUID],
        candidates: [GPU, twin.id],
      },
    ]);
  });

  test('is shown once, and never to the thing itself', () => {
    const told = new Told();
    const link = { type: 'uses_gpu', to: [GPU_UUID] } as const;
    told.give(withLinks(link, { type: 'uses_gpu', to: GPU }, { type: 'runs_on', to: NAS }), gpu);
    assert.deepEqual(told.store.get(NAS)?.links, [{ type: 'uses_gpu', to: GPU }]);
  });

  test('may lead to what the thing contains', () => {
    const told = new Told();
    told.give(withLinks({ type: 'uses_gpu', to: [GPU_UUID] }), { ...gpu, parent: NAS });
    assert.deepEqual(told.store.get(NAS)?.links, [{ type: 'uses_gpu', to: GPU }]);
  });
});
