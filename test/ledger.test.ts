import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { openDatabase } from '../addon/src/core/database.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { type Entry, Ledger } from '../addon/src/mqtt/ledger.ts';
import { isSettled, removable } from '../addon/src/mqtt/leftovers.ts';

const entry = (objectId: string, parent: string | null = null): Entry => ({
  objectId,
  discovery: `homeassistant/device/${objectId}/config`,
  base: 'labkeeper',
  owner: 'docker/nas',
  resource: `docker/nas/container/${objectId}`,
  name: objectId,
  entityIds: objectId,
  parent,
  topics: [`labkeeper/${objectId}/state`],
  components: { cpu: 'sensor' },
});

/** Opens the same file again and again, as run after run does. */
function runs(t: TestContext): () => { ledger: Ledger; end: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'ledger-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return () => {
    const database = openDatabase(folder, silentLog, 0);
    return { ledger: new Ledger(database), end: () => database.close() };
  };
}

suite('ledger', () => {
  test('tells the next run what was written, and nothing else', (t) => {
    const run = runs(t);
    const first = run();
    first.ledger.note(entry('a'));
    first.ledger.note(entry('b'));
    first.ledger.flush();
    first.ledger.forget(entry('b').discovery);
    first.ledger.note({ ...entry('a'), name: 'renamed' });
    first.ledger.flush();
    first.ledger.note(entry('c'));
    first.end();
    const second = run();
    assert.deepEqual(second.ledger.entries(), [{ ...entry('a'), name: 'renamed' }]);
    second.end();
  });

  test('remembers what was deleted until it is wanted again', (t) => {
    const run = runs(t);
    const first = run();
    first.ledger.markDeleted({ id: 'docker/nas/container/a', name: 'a', at: 1 });
    first.ledger.markDeleted({ id: 'docker/nas/container/b', name: 'b', at: 2 });
    first.end();
    const second = run();
    assert.deepEqual(
      second.ledger.deletions().map(({ name }) => name),
      ['b', 'a'],
    );
    assert.equal(second.ledger.unmarkDeleted('docker/nas/container/a'), true);
    assert.equal(second.ledger.unmarkDeleted('docker/nas/container/a'), false);
    second.end();
    const third = run();
    assert.equal(third.ledger.isDeleted('docker/nas/container/a'), false);
    assert.deepEqual(third.ledger.deletions(), [{ id: 'docker/nas/container/b', name: 'b', at: 2 }]);
    third.end();
  });
});

suite('what is missing', () => {
  const settled = (owner: string, configured: readonly string[], heard: readonly string[]): boolean =>
    isSettled(owner, {
      configured: new Set(configured),
      present: () => new Set([...configured, ...heard]),
      heard: (other) => heard.includes(other),
    });

  test('of a configured system is gone once that was heard', () => {
    assert.equal(settled('docker/nas', ['docker/nas'], []), false);
    assert.equal(settled('docker/nas', ['docker/nas'], ['docker/nas']), true);
  });

  test('of nobody’s is gone at once', () => {
    assert.equal(settled('docker/nas', ['proxmox/home'], []), true);
  });

  test('may belong to a system that got another id, until all of its source were heard', () => {
    assert.equal(settled('docker/nas', ['docker/box'], []), false);
    assert.equal(settled('docker/nas', ['docker/box'], ['docker/box']), true, 'another one');
    assert.equal(settled('docker/old', ['docker/box'], ['docker/nas']), true, 'box is known as nas');
    assert.equal(settled('docker/nas', ['docker/box', 'docker/pi'], ['docker/pi']), false);
  });

  test('goes children first, and not while something that stays hangs on it', () => {
    const all = [entry('host'), entry('stack', 'host'), entry('plex', 'stack'), entry('web', 'host')];
    const [host, stack, plex] = all as [Entry, Entry, Entry];
    const names = (going: readonly Entry[]): readonly string[] =>
      removable(going, all).map(({ objectId }) => objectId);
    assert.deepEqual(names([host, stack, plex]), ['plex', 'stack'], 'web stays, and so does its host');
    assert.deepEqual(names(all), ['plex', 'stack', 'web', 'host']);
    assert.deepEqual(names([stack]), []);
  });

  test('goes even if it hangs in a circle', () => {
    const circle = [entry('a', 'b'), entry('b', 'a')];
    assert.equal(removable(circle, circle).length, 2);
  });
});
