import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Check } from '../addon/src/contract/build-out.ts';
import type { Seen } from '../addon/src/lab/build-out/conditions.ts';
import { holds } from '../addon/src/lab/build-out/search.ts';
import type { Verdict } from '../addon/src/lab/build-out/verdict.ts';
import { alias } from '../addon/src/model/resource.ts';
import { DOCKER, PROXMOX, seen, sight, thing } from './helpers/build-out.ts';

const HOME = sight('proxmox/home', PROXMOX);
const LAB = sight('docker/lab', DOCKER);
const vm = (vmid: number, change: object = {}) =>
  thing(`proxmox/home/guest/${vmid}`, {
    facts: { model: 'Virtual machine' },
    readings: { on: true },
    ...change,
  });

const of = (check: Check, lab: Seen): Verdict =>
  holds(
    check,
    Map.groupBy(lab.lab.all(), ({ kind }) => kind as string),
    lab,
  );
const told = (check: Check, lab: Seen): string => {
  const { is, because, doubt } = of(check, lab);
  return `${is}${doubt === undefined ? '' : ` (${doubt})`}: ${because.join('; ')}`;
};

suite('a check', () => {
  test('is so where one thing is so, and names it with what was looked at', () => {
    const lab = seen([vm(100, { name: 'haos' }), vm(101, { readings: { on: false } })], [HOME]);
    assert.equal(
      told({ kind: 'guest', readings: { on: true } }, lab),
      'true: haos (proxmox/home/guest/100): on is true',
    );
    assert.equal(
      told({ kind: 'guest', name: '101', readings: { on: true } }, lab),
      'false: 101 (proxmox/home/guest/101): on is false',
    );
    assert.deepEqual(of({ kind: 'guest', name: '101', readings: { on: true } }, lab).near, [
      'proxmox/home/guest/101',
    ]);
  });

  test('goes by names and facts, whatever their case', () => {
    const lab = seen([vm(100, { name: 'Home-Assistant' })], [HOME]);
    const guest = (more: object): string => told({ kind: 'guest', ...more }, lab);
    assert.match(guest({ name: '*home*assistant*' }), /^true/);
    assert.match(guest({ name: ['haos*', 'home*'] }), /^true/);
    assert.equal(guest({ name: 'assistant' }), 'false: none of 1 of the kind guest is called “assistant”');
    assert.match(guest({ facts: { model: 'virtual*' } }), /^true/);
    assert.equal(
      guest({ facts: { model: 'Container*' } }),
      'false: Home-Assistant (proxmox/home/guest/100): model is “Virtual machine”',
    );
    assert.match(guest({ source: 'docker' }), /^null \(unset\): no system of the source docker/);
  });

  test('compares numbers, lists and items of lists', () => {
    const cards = [{ key: 'a', title: 'Matrox', device: '102b:0536' }];
    const readings = { memory_total: 192, cards, links: [], version: null };
    const lab = seen(
      [thing('proxmox/home/node/pve1', { readings, facts: { tags: ['core', 'lab'] } })],
      [HOME],
    );
    const node = (readings: object): string => told({ kind: 'node', readings } as Check, lab);
    assert.match(node({ memory_total: { least: 192, most: 192 } }), /^true: .*memory_total is 192$/);
    assert.match(node({ memory_total: { least: 193 } }), /^false/);
    assert.match(node({ memory_total: { not: 192 } }), /^false/);
    assert.match(node({ cards: { least: 1 } }), /^true/);
    assert.match(node({ links: { least: 1 } }), /^false/);
    assert.match(node({ cards: { some: { device: ['10de:*', '102b:*'] } } }), /^true: .*cards: “Matrox”$/);
    assert.match(node({ cards: { some: { device: '10de:*' } } }), /^false: .*cards: none of 1 fits$/);
    assert.match(node({ cards: { some: { missing: 1 } } }), /^false/);
    assert.match(node({ kernel: { known: true } }), /^false: .*it has no kernel$/);
    assert.match(node({ version: { known: true } }), /^null \(withheld\): .*version is not known$/);
    assert.match(told({ kind: 'node', facts: { tags: 'lab' } }, lab), /^true/);
  });

  test('takes the word “unknown” for what it says', () => {
    const lab = seen(
      [thing('gpu/ai/gpu/1', { readings: { passed_through: 'unknown' } })],
      [sight('gpu/ai', 'gpu')],
    );
    assert.match(told({ kind: 'gpu', readings: { passed_through: 'yes' } }, lab), /^null \(withheld\)/);
    assert.match(told({ kind: 'gpu', readings: { passed_through: 'unknown' } }, lab), /^true/);
  });

  test('counts, and says how many there are', () => {
    const lab = seen([vm(100), vm(101, { readings: { on: false } })], [HOME]);
    const on = (least: number): string => told({ kind: 'guest', least, readings: { on: true } }, lab);
    assert.match(on(1), /^true/);
    assert.equal(on(2), 'false: 1 of 2: 101 (proxmox/home/guest/101): on is false');
  });

  test('names what is not so only where that is a few', () => {
    const off = (count: number) =>
      Array.from({ length: count }, (_, at) => vm(100 + at, { readings: { on: false } }));
    const check = { kind: 'guest', readings: { on: true } };
    assert.equal(of(check, seen(off(3), [HOME])).because.length, 3);
    assert.equal(told(check, seen(off(4), [HOME])), 'false: none of 4 of the kind guest is so');
  });

  test('can ask something of every one', () => {
    const starts = (on_boot: boolean | null) => ({ readings: { on: true, on_boot } });
    const check = { kind: 'guest', readings: { on: true }, every: { readings: { on_boot: true } } };
    assert.match(told(check, seen([vm(100, starts(true)), vm(101, starts(true))], [HOME])), /^true/);
    assert.match(
      told(check, seen([vm(100, starts(true)), vm(101, starts(false))], [HOME])),
      /^false: 101 .*on_boot is false$/,
    );
    assert.match(told(check, seen([vm(100, starts(null))], [HOME])), /^null \(withheld\)/);
    const other = sight('proxmox/barn', PROXMOX, { reachable: false });
    assert.match(told(check, seen([vm(100, starts(true))], [HOME, other])), /^null \(away\): .*barn/);
    const many = Array.from({ length: 40 }, (_, at) => vm(100 + at, starts(true)));
    const { is, because } = of(check, seen(many, [HOME]));
    assert.deepEqual([is, because.length, because.at(-1)], [true, 4, 'and 37 more']);
  });

  test('asks for what is sound', () => {
    const pool = (readings: object) => [thing('proxmox/home/pool/pve1/tank', { readings })];
    const check = { kind: 'pool', sound: true } as const;
    assert.match(told(check, seen(pool({ problem: false }), [HOME])), /^true: tank/);
    assert.match(told(check, seen(pool({ problem: true }), [HOME])), /^false: .*has a problem$/);
    assert.match(told(check, seen(pool({ problem: null }), [HOME])), /^null/);
    assert.match(
      told(check, seen(pool({}), [HOME], ['proxmox/home/pool/pve1/tank'])),
      /^false: .*attention$/,
    );
  });
});

suite('where things lie', () => {
  const check = { kind: 'host', in: { kind: 'guest', facts: { model: 'Virtual machine' } } } as const;
  const [ip, name] = [alias('ip', '10.0.20.20'), alias('hostname', 'docker-host')];
  const engine = (change: object = {}) => thing('docker/lab/host/engine', { name: 'Docker', ...change });

  test('says how it was found out, if no system says it of itself', () => {
    const lab = (known: object, of: object = {}): string =>
      told(check, seen([engine(known), vm(101, { name: 'docker-host', ...of })], [HOME, LAB]));
    assert.equal(
      lab({ parentKnownBy: [ip, name] }, { aliases: [ip, name] }),
      'true: Docker (docker/lab/host/engine) lies in docker-host (proxmox/home/guest/101), by its address and host ' +
        'name; docker-host (proxmox/home/guest/101): model is “Virtual machine”',
    );
    assert.match(lab({ parent: 'proxmox/home/guest/101' }), /^true: .*, as the options say;/);
    assert.match(
      lab({ parent: 'proxmox/home/guest/101' }, { facts: { model: 'Container (LXC)' } }),
      /^false: Docker .* lies in docker-host .*model is “Container \(LXC\)”$/,
    );
  });

  test('is not to be seen where nothing says it', () => {
    assert.equal(
      told(check, seen([engine(), vm(101)], [HOME, LAB])),
      'null (withheld): nothing says which guest Docker (docker/lab/host/engine) lies in',
    );
    assert.match(
      told(check, seen([engine()], [LAB])),
      /^null \(unset\): no system that tells of the kind guest/,
    );
  });

  test('reaches further up, and comes back from no circle', () => {
    const [stack, box] = [
      thing('docker/lab/stack/ai', { parent: 'docker/lab/host/engine' }),
      thing('docker/lab/container/tts', { parent: 'docker/lab/stack/ai' }),
    ];
    const all = [box, stack, engine({ parentKnownBy: [ip, name] }), vm(101, { aliases: [ip, name] })];
    const inVm = { kind: 'container', in: check.in } as const;
    assert.match(
      told(inVm, seen(all, [HOME, LAB])),
      /^true: Docker .* lies in 101 \(proxmox\/home\/guest\/101\), by its address and host name; 101/,
    );
    const circle = [
      thing('docker/lab/container/a', { parent: 'docker/lab/container/b' }),
      thing('docker/lab/container/b', { parent: 'docker/lab/container/a' }),
    ];
    assert.match(told(inVm, seen(circle, [HOME, LAB])), /^null/);
  });

  test('says that drives joined a node with its server', () => {
    const serials = [alias('serial', 'S1'), alias('serial', 'S2')];
    const all = [
      thing('redfish/r640/server/system', { name: 'R640', content: { kind: 'node', parts: serials } }),
      thing('proxmox/home/node/pve1'),
      ...['S1', 'S2'].map((serial) =>
        thing(`proxmox/home/disk/${serial}`, {
          ...{ parent: 'proxmox/home/node/pve1', aliases: [alias('serial', serial)] },
        }),
      ),
    ];
    assert.match(
      told({ kind: 'node', in: { kind: 'server' } }, seen(all, [HOME, sight('redfish/r640', 'server disk')])),
      /^true: pve1 .* lies in R640 \(redfish\/r640\/server\/system\), by the drives in it/,
    );
  });

  test('follows edges to what they lead to', () => {
    const card = thing('gpu/ai/gpu/1', { name: 'RTX 3090' });
    const links = [{ type: 'uses_gpu', to: 'gpu/ai/gpu/1' }];
    const uses = { kind: 'guest', links: { uses_gpu: { kind: 'gpu' } } } as const;
    const sights = [HOME, sight('gpu/ai', 'gpu')];
    assert.equal(
      told(uses, seen([card, vm(101, { name: 'docker-host', links })], sights)),
      'true: docker-host (proxmox/home/guest/101) uses gpu RTX 3090 (gpu/ai/gpu/1)',
    );
    assert.match(told(uses, seen([card, vm(101)], sights)), /^false: .*uses gpu no gpu that fits$/);
    assert.match(told(uses, seen([vm(101)], [HOME])), /^null \(unset\)/);
  });
});

suite('what cannot be seen', () => {
  const check = { kind: 'pool', readings: { health: 'online' } } as const;
  const tank = thing('proxmox/home/pool/pve1/tank', { readings: { health: 'online' } });

  test('is never false', () => {
    assert.equal(told(check, seen([])), 'null (unset): no system that tells of the kind pool is configured');
    assert.equal(told(check, seen([], [HOME])), 'false: there is no pool');
    const change = (more: object): string => told(check, seen([], [{ ...HOME, ...more }]));
    assert.equal(change({ reachable: false }), 'null (away): home (proxmox/home) does not answer');
    assert.equal(
      change({ unread: ['ZFS pools'] }),
      'null (away): home (proxmox/home) is not read whole: ZFS pools',
    );
    assert.equal(
      change({ failing: ['ZFS pools'] }),
      'null (withheld): home (proxmox/home) cannot be asked for: ZFS pools',
    );
    assert.equal(
      change({ withheld: ['It does not show everything'] }),
      'null (withheld): home (proxmox/home): It does not show everything',
    );
    const two = [HOME, sight('proxmox/barn', PROXMOX, { reachable: false })];
    assert.match(told(check, seen([], two)), /^null \(away\): barn/, 'it may be at the other one');
    assert.match(told(check, seen([tank], two)), /^true/, 'one is enough');
  });

  test('is not what was last seen of it', () => {
    const lab = seen([{ ...tank, available: false }], [{ ...HOME, reachable: false }]);
    assert.match(told(check, lab), /^null \(away\): tank .* cannot be seen at present/);
  });

  test('does not count among several ways, where another can be seen', () => {
    const [no, yes] = [check, { kind: 'node' }];
    const ways = [{ kind: 'mcpserver' }, no];
    assert.match(
      told({ any: ways }, seen([], [HOME])),
      /^false: no system .* mcpserver .*; there is no pool$/,
    );
    assert.match(told({ any: ways }, seen([], [{ ...HOME, reachable: false }])), /^null \(away\)/);
    assert.match(told({ any: ways }, seen([])), /^null \(unset\)/);
    const node = thing('proxmox/home/node/pve1');
    assert.match(told({ any: [no, yes] }, seen([node], [HOME])), /^true: pve1/);
  });

  test('gives way to what is not so where all is asked for', () => {
    const both = { all: [{ kind: 'mcpserver' }, check] };
    assert.match(told(both, seen([], [HOME])), /^false: there is no pool$/);
    assert.match(told(both, seen([tank], [HOME])), /^null \(unset\): no system/);
    const away = { ...HOME, reachable: false };
    assert.match(told(both, seen([], [away])), /^null \(unset\)/, 'an answer would not settle it');
    assert.match(told({ all: [check, { kind: 'node' }] }, seen([], [away])), /^null \(away\)/);
  });
});

test('names from the lab stay in their line, and are not endless', () => {
  const name = `a\u202Eb\nc\u2028d${'x'.repeat(200)}`;
  const [because = ''] = of({ kind: 'guest' }, seen([vm(100, { name })], [HOME])).because;
  assert.doesNotMatch(because, /[\p{Cc}\p{Cf}\p{Zl}]/u);
  assert.ok(because.length < 120, because);
});

test('a pattern made to be slow is not', () => {
  const lab = seen([vm(100, { name: 'a'.repeat(200_000) })], [HOME]);
  assert.match(told({ kind: 'guest', name: `${'*a'.repeat(40)}b` }, lab), /^false/);
});
