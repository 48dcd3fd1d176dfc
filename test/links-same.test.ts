import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { alias } from '../addon/src/model/resource.ts';
import { aThing, HOSTNAME, IP, MAC, SMBIOS, Told } from './helpers/things.ts';

const UUID = alias('gpu_uuid', 'GPU-5f2c1a7e-0001-4000-8000-00000000abcd');
const SERIAL = alias('serial', 'S5GXNX0T1');
const MINE = 'docker/nas/gpu/0';
const THEIRS = 'proxmox/home/gpu/pve1/3b';
const mine = aThing(MINE, {
  name: 'RTX 3090',
  readings: { temperature: 61 },
  facts: { model: 'GeForce RTX 3090', driver: '570' },
  aliases: [UUID],
});
const theirs = aThing(THEIRS, {
  name: 'GA102',
  readings: { temperature: null, power: 20 },
  facts: { manufacturer: 'NVIDIA', model: 'GA102' },
  aliases: [UUID, SERIAL],
  links: [{ type: 'attached_to', to: 'proxmox/home/node/pve1' }],
  parent: 'proxmox/home/node/pve1',
});
const node = aThing('proxmox/home/node/pve1');
const merged = {
  ...mine,
  facts: { model: 'GeForce RTX 3090', driver: '570', manufacturer: 'NVIDIA' },
  aliases: [UUID, SERIAL],
  links: [{ type: 'attached_to', to: node.id }],
  parent: node.id,
};

suite('one thing that two owners report', () => {
  test('is the resource of the first, with what the other knows beside', () => {
    const told = new Told();
    told.give(mine, theirs, node);
    assert.deepEqual(told.store.get(MINE), merged);
    assert.deepEqual(told.ids(), [MINE, node.id]);
    assert.deepEqual(told.store.doubts(), []);
  });

  test('is the resource of the one that ranks first, whoever came first', () => {
    const owners = ['docker/nas', 'proxmox/home'];
    const told = new Told({ rank: (owner) => owners.indexOf(owner) });
    told.give(theirs, node);
    assert.equal(told.store.get(THEIRS), theirs);
    told.give(mine);
    assert.deepEqual(told.store.get(MINE), merged);
    assert.deepEqual(told.diffs.at(-1), [
      { before: undefined, after: merged },
      { before: theirs, after: undefined },
    ]);
  });

  test('is found by either id, and children and links lead to what is shown', () => {
    const told = new Told();
    told.give(mine, theirs, node);
    const user = aThing('unifi/main/port/1', { parent: THEIRS, links: [{ type: 'uses_gpu', to: THEIRS }] });
    told.give(user, aThing('pulse/main/agent/1', { parentKnownBy: [SERIAL] }));
    assert.deepEqual(told.store.get(THEIRS), merged);
    assert.equal(told.parent(user.id), MINE);
    assert.deepEqual(told.store.get(user.id)?.links, [{ type: 'uses_gpu', to: MINE }]);
    assert.equal(told.parent('pulse/main/agent/1'), MINE, 'which has the alias from the other');
    told.store.replace('docker/nas', []);
    assert.equal(told.store.get(user.id), user);
    assert.equal(told.parent('pulse/main/agent/1'), THEIRS);
  });

  test('is two again when it is not the same any more', () => {
    const told = new Told();
    told.give(mine, theirs, node);
    told.give({ ...mine, aliases: [] });
    assert.deepEqual(told.ids().toSorted(), [MINE, THEIRS, node.id].toSorted());
    assert.equal(told.store.get(THEIRS), theirs);
    assert.deepEqual(told.store.get(MINE), { ...mine, aliases: [] });
  });

  test("is the other's when the first one's is gone", () => {
    const told = new Told();
    told.give(mine, theirs, node);
    told.store.removeOwner('docker/nas');
    assert.equal(told.store.get(THEIRS), theirs);
    assert.equal(told.store.get(MINE), undefined);
    assert.deepEqual(told.diffs.at(-1), [
      { before: undefined, after: theirs },
      { before: merged, after: undefined },
    ]);
  });

  test('is as available as its owner says', () => {
    const told = new Told();
    told.give(mine, theirs, node);
    const before = told.store.get(MINE);
    told.store.setReachable('proxmox/home', false);
    assert.equal(told.store.get(MINE), before);
    told.store.setReachable('proxmox/home', true);
    told.store.setReachable('docker/nas', false);
    assert.deepEqual(told.store.get(MINE), { ...merged, available: false });
  });

  test('shows facts that the other learns, and none of its readings', () => {
    const told = new Told();
    told.give(mine, theirs, node);
    const diffs = told.diffs.length;
    told.give({ ...theirs, readings: { power: 300 } }, node);
    assert.equal(told.diffs.length, diffs);
    told.give({ ...theirs, facts: { ...theirs.facts, slot: 3, model: 'AD102' } }, node);
    const facts = { ...merged.facts, slot: 3 };
    assert.deepEqual(told.diffs.at(-1), [{ before: merged, after: { ...merged, facts } }]);
  });

  test('may be reported by three', () => {
    const told = new Told();
    told.give(mine, theirs, node);
    told.give(aThing('chatterbox/main/gpu/0', { aliases: [SERIAL], facts: { slot: 1, driver: '1' } }));
    assert.deepEqual(told.store.get('chatterbox/main/gpu/0'), {
      ...merged,
      facts: { ...merged.facts, slot: 1 },
    });
    told.store.replace('proxmox/home', [node]);
    assert.deepEqual(told.ids().length, 3, 'the first and the third only had the second in common');
  });

  test('does not contain itself', () => {
    const told = new Told();
    told.give(mine, { ...theirs, parent: MINE });
    assert.equal(told.parent(MINE), undefined);
    assert.deepEqual(told.store.doubts(), []);
  });
});

suite('two things', () => {
  const apart = (...aliases: Parameters<typeof alias>[]): Told => {
    const told = new Told();
    const all = aliases.map((parts) => alias(...parts));
    told.give(aThing('docker/nas/node/a', { aliases: all }), aThing('proxmox/home/node/a', { aliases: all }));
    assert.equal(told.ids().length, 2);
    return told;
  };

  test('are not one because of a name and an address', () => {
    const told = new Told();
    told.give(
      aThing('docker/nas/node/a', { aliases: [IP, HOSTNAME] }),
      aThing('pulse/x/node/a', { aliases: [IP, HOSTNAME] }),
    );
    assert.equal(told.ids().length, 2);
  });

  test('of different kinds are not one: the client on a port is not the machine', () => {
    const told = new Told();
    told.give(
      aThing('proxmox/home/guest/100', { aliases: [MAC] }),
      aThing('unifi/main/client/x', { aliases: [MAC] }),
    );
    assert.equal(told.ids().length, 2);
    assert.deepEqual(told.store.doubts(), []);
  });

  test('are one as soon as both are of one kind', () => {
    const told = new Told();
    told.give(aThing(MINE, { aliases: [UUID] }), aThing(THEIRS, { aliases: [UUID], kind: 'card' }));
    assert.deepEqual(told.ids(), [MINE, THEIRS]);
    told.give(aThing(THEIRS, { aliases: [UUID] }));
    assert.deepEqual(told.ids(), [MINE]);
  });

  test('in the same slot of different machines are not one', () => {
    assert.deepEqual(apart(['pci', '0000:3b:00.0']).store.doubts(), []);
    const told = new Told();
    const slot = alias('pci', '7QK1X42/0000:3b:00.0');
    told.give(aThing(MINE, { aliases: [slot] }), aThing(THEIRS, { aliases: [slot] }));
    assert.deepEqual(told.ids(), [MINE], 'but in one slot of one machine they are');
  });

  test('that one owner tells apart stay two, and which the other means is a doubt', () => {
    const told = new Told();
    const ids = ['proxmox/home/guest/1', 'proxmox/home/guest/2', 'pulse/main/guest/9'];
    told.give(...ids.map((id) => aThing(id, { aliases: [MAC] })));
    assert.deepEqual(told.ids(), ids);
    const doubt = { resource: ids[0], about: 'same', reason: 'ambiguous', aliases: [MAC] };
    assert.deepEqual(told.store.doubts(), [{ ...doubt, candidates: ids.slice(1) }]);
    told.give(aThing('proxmox/home/guest/1', { aliases: [MAC, SMBIOS] }), aThing('proxmox/home/guest/2'));
    told.give(aThing('pulse/main/guest/9', { aliases: [MAC] }));
    assert.deepEqual(told.store.doubts(), []);
    assert.deepEqual(told.ids(), ids.slice(0, 2));
  });

  test('of one owner that share a MAC are no doubt, nor once something better tells which is meant', () => {
    const told = new Told();
    const first = aThing('proxmox/home/guest/1', { aliases: [MAC, SMBIOS] });
    told.give(first, aThing('proxmox/home/guest/2', { aliases: [MAC] }));
    assert.deepEqual(told.store.doubts(), []);
    told.give(aThing('pulse/main/guest/9', { aliases: [MAC, SMBIOS] }));
    assert.deepEqual(told.store.doubts(), []);
    assert.deepEqual(told.ids(), [first.id, 'proxmox/home/guest/2']);
  });

  test('stay two when a third has the same MAC', () => {
    const told = new Told();
    const ids = ['proxmox/a/guest/1', 'proxmox/b/guest/1', 'proxmox/c/guest/1'];
    told.give(...ids.slice(0, 2).map((id) => aThing(id, { aliases: [MAC] })));
    assert.deepEqual(told.ids(), ids.slice(0, 1));
    told.give(aThing('proxmox/c/guest/1', { aliases: [MAC] }));
    assert.deepEqual(told.ids().toSorted(), ids);
    assert.equal(told.store.doubts()[0]?.reason, 'ambiguous');
  });

  test('with different UUIDs are not one, whatever else they share', () => {
    const told = new Told();
    const other = alias('smbios', '11111111-2222-3333-4444-555555555555');
    told.give(
      aThing('proxmox/a/guest/1', { aliases: [MAC, SMBIOS] }),
      aThing('proxmox/b/guest/1', { aliases: [MAC, other] }),
    );
    assert.equal(told.ids().length, 2);
    assert.deepEqual(told.store.doubts(), [
      {
        resource: 'proxmox/a/guest/1',
        about: 'same',
        reason: 'contradiction',
        aliases: [MAC],
        candidates: ['proxmox/b/guest/1'],
      },
    ]);
  });

  test('are not one because a third is like both', () => {
    const told = new Told();
    told.give(
      aThing('proxmox/home/guest/1', { aliases: [MAC] }),
      aThing('proxmox/home/guest/2', { aliases: [SERIAL] }),
      aThing('pulse/main/guest/9', { aliases: [MAC, SERIAL] }),
    );
    assert.equal(told.ids().length, 3);
    assert.deepEqual(told.store.doubts()[0]?.reason, 'contradiction');
  });

  test('are not one by what nobody filled in', () => {
    assert.deepEqual(apart(['serial', 'To be filled by O.E.M.'], ['mac', '02:42:ac:11:00:02']).doubts, []);
  });
});
