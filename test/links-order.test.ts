import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Doubt } from '../addon/src/model/doubt.ts';
import { alias, linksOf, type Resource } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { aThing, HOSTNAME, IP, MAC, SMBIOS } from './helpers/things.ts';

const SERVICE_TAG = alias('serial', '7QK1X42');
const UUID = alias('gpu_uuid', 'GPU-5f2c1a7e-0001-4000-8000-00000000abcd');
const PARENT_UUID = [SMBIOS, MAC, IP, HOSTNAME];

/** A lab with a chain through four systems, things that two report, a clone, a host name used twice and a circle. */
const LAB: readonly Resource[] = [
  aThing('redfish/r640/server/1', { aliases: [SERVICE_TAG] }),
  aThing('redfish/r640/gpu/3', { parent: 'redfish/r640/server/1', aliases: [alias('serial', '0321')] }),
  aThing('proxmox/home/node/pve1', { parentKnownBy: [SERVICE_TAG], aliases: [alias('hostname', 'pve1')] }),
  aThing('proxmox/home/guest/100', { parent: 'proxmox/home/node/pve1', aliases: PARENT_UUID }),
  aThing('proxmox/home/guest/101', { parent: 'proxmox/home/node/pve1', aliases: [SMBIOS] }),
  aThing('proxmox/home/guest/102', { parent: 'proxmox/home/node/pve1', aliases: [IP, HOSTNAME] }),
  aThing('proxmox/home/gpu/3b', {
    parent: 'proxmox/home/node/pve1',
    aliases: [UUID, alias('serial', '0321')],
    facts: { model: 'GA102', slot: 3 },
  }),
  aThing('docker/nas/host/engine', { parentKnownBy: PARENT_UUID, aliases: [IP, HOSTNAME] }),
  aThing('docker/nas/stack/media', { parent: 'docker/nas/host/engine' }),
  aThing('docker/nas/container/plex', {
    parent: 'docker/nas/stack/media',
    aliases: [IP, HOSTNAME],
    links: [
      { type: 'uses_gpu', to: [UUID] },
      { type: 'uses_storage', to: 'proxmox/home/storage/local' },
    ],
  }),
  aThing('docker/nas/gpu/0', { parent: 'docker/nas/host/engine', aliases: [UUID], facts: { model: '3090' } }),
  aThing('unifi/main/client/1', {
    aliases: [MAC, IP],
    links: [{ type: 'attached_to', to: 'unifi/main/port/1' }],
  }),
  aThing('unifi/main/port/1', { links: [{ type: 'attached_to', to: [SERVICE_TAG] }] }),
  aThing('pulse/main/guest/100', { aliases: [SMBIOS], facts: { os: 'Debian' } }),
  aThing('pulse/main/guest/x', { aliases: [MAC] }),
  aThing('pulse/main/node/a', { parentKnownBy: [alias('hostname', 'b'), alias('ip', '10.9.9.2')] }),
  aThing('weird/w/box/b', {
    aliases: [alias('hostname', 'b'), alias('ip', '10.9.9.2'), alias('serial', 'b-1')],
    parentKnownBy: [alias('serial', 'a-1')],
  }),
  aThing('weird/w/box/a', { aliases: [alias('serial', 'a-1')], parentKnownBy: [alias('serial', 'b-1')] }),
];
const OWNERS = [...new Set(LAB.map(({ id }) => id.split('/', 2).join('/')))];
const shareOf = (owner: string, things: readonly Resource[] = LAB): readonly Resource[] =>
  things.filter(({ id }) => id.startsWith(`${owner}/`));
/** Not the order in which anything appears. */
const options = { rank: (owner: string): number => OWNERS.toReversed().indexOf(owner) };

type View = readonly [string, Resource][];
const sorted = (resources: Iterable<Resource>): View =>
  [...resources].map((one): [string, Resource] => [one.id, one]).sort(([a], [b]) => (a < b ? -1 : 1));

/** Mulberry32: the same numbers for the same seed. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const shuffled = <T>(items: readonly T[], random: () => number): readonly T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** What a store shows that never knew anything but this. */
function fresh(state: ReadonlyMap<string, State>, order: readonly string[]): Store<Resource> {
  const store = new Store<Resource>(options);
  for (const owner of order) {
    const { share, reachable } = state.get(owner) ?? { share: [], reachable: true };
    store.replace(owner, share, reachable);
  }
  return store;
}

interface State {
  readonly share: readonly Resource[];
  readonly reachable: boolean;
}

suite('what hangs together', () => {
  test('is found in a whole lab', () => {
    const store = fresh(
      new Map(OWNERS.map((owner) => [owner, { share: shareOf(owner), reachable: true }])),
      OWNERS,
    );
    const without = ['proxmox/home/guest/101', 'proxmox/home/guest/102', 'pulse/main/guest/x'];
    store.replace(
      'proxmox/home',
      shareOf('proxmox/home').filter(({ id }) => !without.includes(id)),
    );
    store.replace(
      'pulse/main',
      shareOf('pulse/main').filter(({ id }) => !without.includes(id)),
    );
    const chain: string[] = [];
    for (let at = store.get('docker/nas/container/plex'); at !== undefined; at = store.get(at.parent ?? '')) {
      chain.push(at.id);
    }
    assert.deepEqual(chain, [
      'docker/nas/container/plex',
      'docker/nas/stack/media',
      'docker/nas/host/engine',
      'pulse/main/guest/100',
      'proxmox/home/node/pve1',
      'redfish/r640/server/1',
    ]);
    assert.deepEqual(linksOf(store.get('docker/nas/container/plex') as Resource), [
      { type: 'uses_gpu', to: 'docker/nas/gpu/0' },
    ]);
    assert.deepEqual(store.get('docker/nas/gpu/0')?.facts, { model: '3090', slot: 3 });
    assert.equal(store.get('redfish/r640/gpu/3')?.id, 'docker/nas/gpu/0');
  });

  for (const seed of Array.from({ length: 25 }, (_, at) => at + 1)) {
    test(`does not depend on the order in which things come and go (seed ${seed})`, () => {
      const random = chances(seed);
      const store = new Store<Resource>(options);
      const mirror = new Map<string, Resource>();
      let doubts: readonly Doubt[] = [];
      let sawDoubts = false;
      store.subscribe((diff) => {
        assert.ok(diff.length > 0);
        for (const { before, after } of diff) {
          const id = (before ?? after)?.id ?? '';
          assert.equal(mirror.get(id), before, 'each change begins with what was shown');
          if (after === undefined) mirror.delete(id);
          else mirror.set(id, after);
        }
      });
      store.subscribeDoubts((now) => {
        assert.notDeepEqual(now, doubts);
        doubts = now;
        sawDoubts ||= now.length > 0;
      });

      const state = new Map<string, State>();
      for (let step = 0; step < 80; step += 1) {
        const owner = OWNERS[Math.floor(random() * OWNERS.length)] as string;
        if (random() < 0.1) {
          state.delete(owner);
          store.removeOwner(owner);
        } else {
          const some = shareOf(owner).filter(() => random() < 0.75);
          const next = { share: shuffled(some.map(mutated(random)), random), reachable: random() < 0.9 };
          state.set(owner, next);
          store.replace(owner, next.share, next.reachable);
        }
        const expected = fresh(state, shuffled([...state.keys()], random));
        assert.deepEqual(sorted(store.all()), sorted(expected.all()));
        assert.deepEqual(store.doubts(), expected.doubts());
        assert.deepEqual(sorted(mirror.values()), sorted(store.all()), 'the diffs lead to what is shown');
        assert.deepEqual(doubts, store.doubts(), 'the doubts were told');
        assertSound(store, state);
      }
      assert.ok(sawDoubts);
    });
  }
});

/** Now and then a thing has other readings, other facts, or has lost what others know it by. */
function mutated(random: () => number): (thing: Resource) => Resource {
  return (thing) => {
    const chance = random();
    if (chance < 0.1) return { ...thing, readings: { value: Math.floor(random() * 3) } };
    if (chance < 0.15) return { ...thing, aliases: [] };
    if (chance < 0.2) return { ...thing, facts: { note: 'moved' } };
    if (chance < 0.23) return { ...thing, parent: 'proxmox/home/guest/100' };
    if (chance < 0.26) return { ...thing, links: [{ type: 'runs_on', to: [SMBIOS, MAC] }] };
    if (chance < 0.29) return { ...thing, parentKnownBy: [IP, HOSTNAME] };
    return chance < 0.4 ? structuredClone(thing) : thing;
  };
}

function assertSound(store: Store<Resource>, state: ReadonlyMap<string, State>): void {
  const shown = new Map([...store.all()].map((resource) => [resource.id, resource]));
  for (const resource of shown.values()) {
    const above = new Set([resource.id]);
    for (let at = resource.parent; at !== undefined; at = shown.get(at)?.parent) {
      assert.ok(!above.has(at), `${resource.id} contains itself`);
      above.add(at);
      assert.equal(store.get(at)?.id ?? at, at, 'a parent is what is shown');
    }
    for (const { to } of resource.links ?? []) assert.ok(typeof to === 'string' && shown.has(to));
  }
  for (const { share } of state.values()) {
    for (const { id, kind } of share) assert.equal(store.get(id)?.kind, kind, `${id} is found`);
  }
}
