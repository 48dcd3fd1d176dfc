import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Alias, alias, type Content, linksOf, type Resource } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { aThing, Told } from './helpers/things.ts';

const serial = (value: string): Alias => alias('serial', value);
const hostname = (value: string): Alias => alias('hostname', value);

const R640 = 'redfish/r640/server/system';
const R730 = 'redfish/r730/server/system';
const PVE1 = 'proxmox/home/node/pve1';
const PVE2 = 'proxmox/home/node/pve2';

/** A server with drives of these serials. */
function aServer(
  id: string,
  serials: readonly string[],
  content: Partial<Content> = {},
): readonly Resource[] {
  const owner = id.split('/', 2).join('/');
  return [
    aThing(id, { content: { kind: 'node', parts: serials.map(serial), ...content } }),
    ...serials.map((each) => aDisk(owner, id, each)),
  ];
}

const aDisk = (owner: string, parent: string, each: string): Resource =>
  aThing(`${owner}/disk/${each}`, { parent, aliases: [serial(each)] });

/** A node of the cluster that sees these drives. */
const aNode = (
  id: string,
  serials: readonly string[],
  name = id.split('/').at(-1) ?? '',
): readonly Resource[] => [
  aThing(id, { parent: 'proxmox/home/cluster/cluster', aliases: [hostname(name)] }),
  ...serials.map((each) => aDisk('proxmox/home', id, each)),
];
const CLUSTER = aThing('proxmox/home/cluster/cluster');

function told(...things: readonly Resource[]): Told {
  const lab = new Told();
  lab.give(CLUSTER, ...things);
  return lab;
}
const reasons = ({ store }: Told): readonly string[] =>
  store
    .doubts()
    .map(({ resource, about, reason, candidates }) => `${resource} ${about} ${reason} ${candidates}`);

suite('what says to contain something', () => {
  test('is found by two drives that both have', () => {
    const lab = told(...aNode(PVE1, ['s1', 's2', 'other']), ...aServer(R640, ['s1', 's2', 's3']));
    assert.equal(lab.parent(PVE1), R640);
    assert.deepEqual(reasons(lab), []);
    // Whoever is earlier in the registry shows the drive, in what is nearer to it.
    assert.equal(lab.store.get('redfish/r640/disk/s1')?.id, 'proxmox/home/disk/s1');
    assert.equal(lab.parent('proxmox/home/disk/s1'), PVE1);
    assert.equal(lab.parent('redfish/r640/disk/s3'), R640);
  });

  test('is found by a single drive only if that is all', () => {
    assert.equal(told(...aNode(PVE1, ['s1', 'x']), ...aServer(R640, ['s1'])).parent(PVE1), R640);
    assert.equal(told(...aNode(PVE1, ['s1', 'x']), ...aServer(R640, ['s1', 's2'])).parent(PVE1), CLUSTER.id);
  });

  test('counts a drive once, by however many names it is known', () => {
    const one = { parts: [[serial('s1'), serial('w1')], [serial('s2')]] };
    const disk = aThing('proxmox/home/disk/s1', { parent: PVE1, aliases: [serial('s1'), serial('w1')] });
    assert.equal(told(...aNode(PVE1, []), disk, ...aServer(R640, [], one)).parent(PVE1), CLUSTER.id);
    const other = aDisk('proxmox/home', PVE1, 's2');
    assert.equal(told(...aNode(PVE1, []), disk, other, ...aServer(R640, [], one)).parent(PVE1), R640);
  });

  test('leaves what contained it as something that it is a member of', () => {
    const lab = told(...aNode(PVE1, ['s1', 's2']), ...aServer(R640, ['s1', 's2']));
    assert.deepEqual(linksOf(lab.store.get(PVE1) as Resource), [{ type: 'member_of', to: CLUSTER.id }]);
    lab.store.removeOwner('redfish/r640');
    assert.equal(lab.parent(PVE1), CLUSTER.id);
    assert.deepEqual(linksOf(lab.store.get(PVE1) as Resource), []);
  });

  test('is a doubt where drives are in two', () => {
    const lab = told(
      ...aNode(PVE1, ['s1', 's2']),
      ...aNode(PVE2, ['s3', 's4']),
      ...aServer(R640, ['s1', 's2', 's3', 's4']),
    );
    assert.equal(lab.parent(PVE1), CLUSTER.id);
    assert.deepEqual(reasons(lab), [`${R640} content ambiguous ${PVE1},${PVE2}`]);
  });

  test('is found by a host name that only one has', () => {
    const itself = [hostname('pve1.lan'), hostname('pve1')];
    const lab = told(
      ...aNode(PVE1, ['x']),
      ...aNode(PVE2, ['y']),
      ...aServer(R640, ['s1', 's2'], { itself }),
    );
    assert.equal(lab.parent(PVE1), R640);
  });

  test('is a doubt where a host name is borne twice, on either side', () => {
    const itself = [hostname('pve')];
    const nodes = [...aNode(PVE1, [], 'pve'), ...aNode(PVE2, [], 'pve')];
    const lab = told(...nodes, ...aServer(R640, [], { itself }));
    assert.deepEqual(reasons(lab), [`${R640} content ambiguous ${PVE1},${PVE2}`]);

    const servers = [...aServer(R640, [], { itself }), ...aServer(R730, [], { itself })];
    const other = told(...aNode(PVE1, [], 'pve'), ...servers);
    assert.equal(other.parent(PVE1), CLUSTER.id);
    assert.deepEqual(reasons(other), [`${PVE1} parent ambiguous ${R640},${R730}`]);
  });

  test('is found by drives rather than by a host name', () => {
    const itself = [hostname('pve1')];
    const servers = [...aServer(R640, ['s1', 's2']), ...aServer(R730, [], { itself })];
    assert.equal(told(...aNode(PVE1, ['s1', 's2']), ...servers).parent(PVE1), R640);
  });

  test('is a doubt where a drive says otherwise than the host name', () => {
    const itself = [hostname('pve1')];
    const nodes = [...aNode(PVE1, ['x']), ...aNode(PVE2, ['s1'])];
    const lab = told(...nodes, ...aServer(R640, ['s1', 's2'], { itself }));
    assert.equal(lab.parent(PVE1), CLUSTER.id);
    assert.deepEqual(reasons(lab), [`${R640} content contradiction ${PVE1},${PVE2}`]);
  });

  test('is what a person states, whatever drives and names say', () => {
    const servers = aServer(R640, ['s1', 's2'], { id: PVE2, itself: [hostname('pve1')] });
    const lab = told(...aNode(PVE1, ['s1', 's2']), ...aNode(PVE2, []), ...servers);
    assert.equal(lab.parent(PVE2), R640);
    assert.equal(lab.parent(PVE1), CLUSTER.id);
  });

  test('gives way to the parent that a person stated', () => {
    const lab = new Told({ overrides: new Map([[PVE1, R730]]) });
    lab.give(CLUSTER, ...aNode(PVE1, ['s1', 's2']), ...aServer(R640, ['s1', 's2']), ...aServer(R730, []));
    assert.equal(lab.parent(PVE1), R730);
  });

  test('looks at nothing of another kind, and at no serial that nobody filled in', () => {
    const nas = aThing('nas/nas/box/1', { aliases: [hostname('pve1')] });
    const disks = ['s1', 's2'].map((each) => aDisk('nas/nas', nas.id, each));
    const itself = [hostname('pve1')];
    assert.equal(told(nas, ...disks, ...aServer(R640, ['s1', 's2'], { itself })).parent(nas.id), undefined);
    const blank = ['To be filled by O.E.M.', '0000'];
    assert.equal(told(...aNode(PVE1, blank), ...aServer(R640, blank)).parent(PVE1), CLUSTER.id);
  });

  test('closes no circle', () => {
    const inside = aThing(R640, { parent: PVE1, content: { kind: 'node', id: PVE1 } });
    assert.equal(told(...aNode(PVE1, []), inside).parent(PVE1), CLUSTER.id);

    const a = aThing('a/a/node/1', { content: { kind: 'node', id: 'b/b/node/1' } });
    const b = aThing('b/b/node/1', { content: { kind: 'node', id: 'a/a/node/1' }, parent: CLUSTER.id });
    for (const order of [
      [a, b],
      [b, a],
    ]) {
      const lab = told(...order);
      assert.equal(lab.parent(a.id), undefined);
      assert.equal(lab.parent(b.id), CLUSTER.id);
    }
  });

  test('is the same in whatever order it is heard of', () => {
    const things = [
      ...[CLUSTER, ...aNode(PVE1, ['s1', 's2', 's9']), ...aNode(PVE2, ['t1'])],
      ...aServer(R640, ['s1', 's2', 's3'], { itself: [hostname('pve2')] }),
      ...aServer(R730, ['t1', 't2'], { itself: [hostname('pve2')] }),
    ];
    const owners = ['proxmox/home', 'redfish/r640', 'redfish/r730'];
    const rank = (owner: string): number => owners.indexOf(owner);
    const views: unknown[] = [];
    for (const first of owners) {
      for (const second of owners.filter((owner) => owner !== first)) {
        const third = owners.find((owner) => owner !== first && owner !== second) ?? '';
        const store = new Store<Resource>({ rank });
        for (const owner of [first, second, third, first]) {
          const share = things.filter(({ id }) => id.startsWith(`${owner}/`));
          store.replace(owner, share.slice(0, 1));
          store.replace(owner, share.toReversed());
        }
        const all = [...store.all()].sort((one, other) => (one.id < other.id ? -1 : 1));
        views.push([all, store.doubts()]);
      }
    }
    for (const view of views) assert.deepEqual(view, views[0]);
    const [shown] = views[0] as [Resource[]];
    assert.equal(shown.find(({ id }) => id === PVE1)?.parent, R640);
    assert.equal(shown.find(({ id }) => id === PVE2)?.parent, R730);
  });
});
