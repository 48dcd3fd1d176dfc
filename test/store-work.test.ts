import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { alias, type Resource } from '../addon/src/model/resource.ts';
import { aThing, Told } from './helpers/things.ts';

const MANY = 1_300;
const OWNER = 'docker/nas';

/** Counts how often anything looks at what a resource hangs together with. */
class Watched {
  looks = 0;

  /** A resource that is told apart from an equal one by being another object. */
  thing(number: number, change: Partial<Resource> = {}): Resource {
    const count = (): void => {
      this.looks += 1;
    };
    const plain = aThing(`${OWNER}/container/c${number}`, change);
    const values = {
      parent: `${OWNER}/host/engine`,
      aliases: [alias('ip', `10.1.${number >> 8}.${number & 255}`), alias('hostname', `c${number}`)],
      links: [{ type: 'runs_on', to: `${OWNER}/host/engine` }],
    };
    for (const [name, value] of Object.entries(values)) {
      Object.defineProperty(plain, name, {
        enumerable: true,
        get() {
          count();
          return value;
        },
      });
    }
    return plain;
  }
}

suite('the work of a store', () => {
  test('is none for a poll that found nothing new, in any of 1,300 resources', () => {
    const watched = new Watched();
    const told = new Told();
    const things = Array.from({ length: MANY }, (_, number) => watched.thing(number));
    told.give(aThing(`${OWNER}/host/engine`), ...things);
    assert.ok(watched.looks > MANY, 'the first time all are looked at');
    const shown = [...told.store.all()];
    watched.looks = 0;
    told.give(shown[0] as Resource, ...things);
    assert.equal(watched.looks, 0);
    assert.equal(told.diffs.length, 1);
    assert.ok([...told.store.all()].every((resource, at) => resource === shown[at]));
  });

  test('for one changed reading touches the one that has it', () => {
    const watched = new Watched();
    const other = new Watched();
    const told = new Told();
    const things = Array.from({ length: MANY }, (_, number) =>
      (number === 7 ? other : watched).thing(number),
    );
    told.give(aThing(`${OWNER}/host/engine`), ...things);
    const shown = new Map([...told.store.all()].map((resource) => [resource.id, resource]));
    const changed = other.thing(7, { readings: { cpu: 3 } });
    watched.looks = 0;
    told.give(shown.get(`${OWNER}/host/engine`) as Resource, ...things.with(7, changed));
    assert.equal(watched.looks, 0);
    assert.deepEqual(told.diffs.at(-1)?.length, 1);
    for (const resource of told.store.all()) {
      assert.equal(resource === shown.get(resource.id), resource.id !== changed.id);
    }
  });

  test('keeps every reference where what hangs together stays as it was', () => {
    const told = new Told();
    const guests = Array.from({ length: 20 }, (_, number) =>
      aThing(`proxmox/home/guest/${number}`, { aliases: [alias('hostname', `vm${number}`)] }),
    );
    const engine = aThing(`${OWNER}/host/engine`, {
      parentKnownBy: [alias('serial', '7QK1X42')],
      links: [{ type: 'runs_on', to: [alias('serial', '7QK1X42')] }],
    });
    const machine = aThing('redfish/r640/server/1', { aliases: [alias('serial', '7QK1X42')] });
    told.give(engine, machine, ...guests);
    const shown = [...told.store.all()];
    told.give(...guests.with(3, { ...(guests[3] as Resource), aliases: [alias('hostname', 'renamed')] }));
    assert.equal(told.diffs.at(-1)?.length, 1);
    const after = [...told.store.all()];
    assert.deepEqual(
      after.filter((resource, at) => resource !== shown[at]).map(({ id }) => id),
      ['proxmox/home/guest/3'],
    );
  });

  test('keeps the doubts, too, and does not tell them again', () => {
    const told = new Told();
    const by = alias('hostname', 'docker1');
    told.give(aThing(`${OWNER}/host/engine`, { parentKnownBy: [by] }));
    told.give(aThing('proxmox/home/guest/1', { aliases: [by] }));
    const doubts = told.store.doubts();
    assert.equal(doubts.length, 1);
    told.give(aThing('proxmox/home/guest/1', { aliases: [by] }), aThing('proxmox/home/guest/2'));
    assert.equal(told.store.doubts(), doubts);
    assert.deepEqual(told.doubts, [doubts]);
  });

  test('is told in order, though a listener changes the store itself', () => {
    const { store } = new Told();
    const derived = aThing('lab/fit/workload/tts');
    const source = aThing(`${OWNER}/host/engine`);
    const heard: string[] = [];
    store.subscribe((diff) => {
      if (diff.some(({ after }) => after?.id === source.id)) store.replace('lab/fit', [derived]);
    });
    store.subscribe((diff) => heard.push(...diff.map(({ after }) => after?.id ?? '')));
    store.replace(OWNER, [source]);
    assert.deepEqual(heard, [source.id, derived.id]);
  });

  test('goes on after a listener failed', () => {
    const { store } = new Told();
    let fails = true;
    store.subscribe(() => {
      if (fails) throw new Error('broken');
    });
    assert.throws(() => store.replace(OWNER, [aThing(`${OWNER}/host/engine`)]), /broken/);
    fails = false;
    const heard: unknown[] = [];
    store.subscribe((diff) => heard.push(diff));
    store.replace(OWNER, []);
    assert.equal(heard.length, 1);
  });
});
