import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { memoryDatabase, migrate, openDatabase, transact } from '../addon/src/core/database.ts';
import type { LabError } from '../addon/src/core/errors.ts';
import { asUnwritable } from '../addon/src/core/unwritable.ts';
import { recordingLog } from './helpers/samples.ts';

suite('the database', () => {
  let folder: string;
  const NOW = Date.parse('2026-11-05T10:00:00Z');
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), 'labkeeper-db-')), 'data');
  });
  afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  const open = (log = recordingLog()) => openDatabase(folder, log, NOW);

  test('keeps what was written, in a folder that it makes', () => {
    const first = open();
    migrate(first, 'things', ['CREATE TABLE things (name TEXT)']);
    first.exec("INSERT INTO things VALUES ('a')");
    first.close();
    const second = open();
    assert.deepEqual({ ...second.prepare('SELECT * FROM things').get() }, { name: 'a' });
    second.close();
  });

  test('that is damaged is set aside, said so, and begun anew', () => {
    open().close();
    writeFileSync(
      path.join(folder, 'labkeeper.db'),
      'this is no database, and long enough to be looked at'.repeat(50),
    );
    const log = recordingLog();
    const anew = open(log);
    migrate(anew, 'things', ['CREATE TABLE things (name TEXT)']);
    anew.close();
    assert.match(log.lines.join(), /^error .*labkeeper\.db is damaged.*set aside as .*beginning anew/);
    assert.ok(readdirSync(folder).some((name) => name.startsWith('labkeeper.db.damaged-2026-11-05')));
  });

  test('takes each step of a room once, and none of one that failed', () => {
    const database = memoryDatabase();
    const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'];
    migrate(database, 'one', steps.slice(0, 1));
    migrate(database, 'one', steps);
    migrate(database, 'one', steps);
    migrate(database, 'two', ['CREATE TABLE c (x)']);
    assert.throws(() => migrate(database, 'two', ['', 'CREATE TABLE d (x); nonsense']));
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all();
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['a', 'b', 'c', 'migrations'],
    );
  });

  test('keeps all of a transaction or nothing', () => {
    const database = memoryDatabase();
    database.exec('CREATE TABLE a (x)');
    assert.throws(() =>
      transact(database, () => {
        database.exec('INSERT INTO a VALUES (1)');
        throw new Error('half way');
      }),
    );
    assert.equal(
      transact(database, () => database.prepare('SELECT count(*) n FROM a').get()?.n),
      0,
    );
  });

  test('says that the disk is full, and goes on once it is not', () => {
    const database = memoryDatabase();
    database.exec('CREATE TABLE a (x); PRAGMA max_page_count = 10');
    const fill = (): unknown =>
      transact(database, () => database.exec('INSERT INTO a VALUES (randomblob(100000))'));
    assert.throws(fill, /database or disk is full/);
    database.exec('PRAGMA max_page_count = 1000');
    fill();
    assert.equal(database.prepare('SELECT count(*) n FROM a').get()?.n, 1);
  });

  test('that cannot be opened is told with its folder and what to do', () => {
    mkdirSync(path.join(folder, 'labkeeper.db'), { recursive: true });
    assert.throws(
      () => open(),
      (thrown) => {
        const { code, message, hint } = asUnwritable(thrown, folder) as LabError;
        assert.equal(code, 'data_unwritable');
        assert.equal(message, `the data folder ${folder} cannot be written to: unable to open database file`);
        return /full or read-only/.test(hint ?? '');
      },
    );
    const other = new Error('something else');
    assert.equal(asUnwritable(other, folder), other);
  });
});
