import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Database, memoryDatabase } from '../addon/src/core/database.ts';
import { IdentityBook } from '../addon/src/engine/identities.ts';

const book = (database: Database, ...ids: string[]): IdentityBook =>
  new IdentityBook(
    database,
    ids.map((id) => `docker/${id}`),
  );

suite('the identity of a system', () => {
  test('keeps its key under another id', () => {
    const database = memoryDatabase();
    assert.equal(book(database, 'nas').of('docker', 'nas').bind('QX7B'), 'docker/nas');
    assert.equal(book(database, 'box').of('docker', 'box').bind('QX7B'), 'docker/nas');
    assert.equal(
      book(database, 'box').of('docker', 'box').bind('QX7B'),
      'docker/nas',
      'and in the run after that',
    );
  });

  test('is not taken over by an id that somebody else bears now', () => {
    const database = memoryDatabase();
    const before = book(database, 'a', 'b');
    before.of('docker', 'a').bind('ONE');
    before.of('docker', 'b').bind('TWO');
    const after = book(database, 'a', 'b');
    assert.equal(after.of('docker', 'a').bind('TWO'), 'docker/a');
    assert.equal(after.of('docker', 'b').bind('ONE'), 'docker/b');
  });

  test('that was set up anew takes the place of the one before', () => {
    const database = memoryDatabase();
    book(database, 'nas').of('docker', 'nas').bind('OLD');
    assert.equal(book(database, 'nas').of('docker', 'nas').bind('NEW'), 'docker/nas');
    assert.equal(
      book(database, 'x').of('docker', 'x').bind('OLD'),
      'docker/x',
      'the old one is another one now',
    );
  });

  test('is refused to a second instance, until the first one reaches something else', () => {
    const shared = book(memoryDatabase(), 'a', 'b');
    const [a, b] = [shared.of('docker', 'a'), shared.of('docker', 'b')];
    a.bind('ONE');
    assert.throws(() => b.bind('ONE'), {
      code: 'system_taken',
      message: /docker\/b reaches the same .*docker\/a/,
    });
    assert.equal(a.bind('ONE'), 'docker/a', 'again after a reconnect');
    a.bind('TWO');
    assert.equal(b.bind('ONE'), 'docker/b');
  });

  test('is found by what is less sure, and by what is sure once that can be read', () => {
    const database = memoryDatabase();
    assert.equal(book(database, 'nas').of('docker', 'nas').bind('pve 10.0.0.2'), 'docker/nas');
    // Also under a new id of the options, and from then on by either of the two.
    assert.equal(book(database, 'box').of('docker', 'box').bind('CA', 'pve 10.0.0.2'), 'docker/nas');
    assert.equal(book(database, 'lab').of('docker', 'lab').bind('pve 10.0.0.2'), 'docker/nas');
    assert.equal(book(database, 'lab').of('docker', 'lab').bind('CA', 'pve 10.0.0.3'), 'docker/nas');
    assert.equal(
      book(database, 'new').of('docker', 'new').bind('OTHER', 'pve 10.0.0.2'),
      'docker/new',
      'an outdated address is nobody’s',
    );
  });

  test('is told from another by what is sure, where what is less sure is alike', () => {
    const shared = book(memoryDatabase(), 'a', 'b');
    const [a, b] = [shared.of('docker', 'a'), shared.of('docker', 'b')];
    assert.equal(a.bind('CA 1', 'pve 10.0.0.2'), 'docker/a');
    assert.equal(b.bind('CA 2', 'pve 10.0.0.2'), 'docker/b');
    assert.equal(a.bind('CA 1', 'pve 10.0.0.2'), 'docker/a');
    assert.throws(() => b.bind('CA 1', 'pve 10.0.0.9'), { code: 'system_taken' });
  });

  test('of another source is another one', () => {
    const shared = new IdentityBook(memoryDatabase(), ['docker/a', 'proxmox/a']);
    shared.of('docker', 'a').bind('home');
    assert.equal(shared.of('proxmox', 'a').bind('home'), 'proxmox/a');
  });
});

suite('generations', () => {
  test('do not count a bearer that only looks different', () => {
    const one = book(memoryDatabase(), 'nas').of('docker', 'nas');
    one.bind('QX7B');
    assert.equal(one.generation('guest/110', 'a 1'), 1);
    const asked: string[] = [];
    const same = (before: string): boolean => asked.push(before) > 0;
    assert.equal(one.generation('guest/110', 'a 2', same), 1);
    assert.deepEqual(asked, ['a 1']);
    assert.equal(
      one.generation('guest/110', 'a 3', () => false),
      2,
      'compared with what it was last',
    );
    assert.equal(
      one.generation('guest/110', 'a 3', () => false),
      2,
    );
  });

  test('count the bearers of a name, over restarts and a new id of the system', () => {
    const database = memoryDatabase();
    const first = book(database, 'nas').of('docker', 'nas');
    first.bind('QX7B');
    assert.equal(first.generation('guest/101', 'qemu a'), 1);
    assert.equal(first.generation('guest/101', 'qemu a'), 1);
    assert.equal(first.generation('guest/101', 'lxc b'), 2);
    assert.equal(first.generation('guest/102', 'qemu a'), 1);
    const second = book(database, 'box').of('docker', 'box');
    second.bind('QX7B');
    assert.equal(second.generation('guest/101', 'lxc b'), 2);
    assert.equal(second.generation('guest/101', 'qemu c'), 3);
  });
});
