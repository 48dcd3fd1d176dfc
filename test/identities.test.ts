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

  test('of another source is another one', () => {
    const shared = new IdentityBook(memoryDatabase(), ['docker/a', 'proxmox/a']);
    shared.of('docker', 'a').bind('home');
    assert.equal(shared.of('proxmox', 'a').bind('home'), 'proxmox/a');
  });
});

suite('generations', () => {
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
