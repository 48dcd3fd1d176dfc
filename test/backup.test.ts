import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { COPY_FILE, copyDatabase, dropCopy, takeCopy } from '../addon/src/core/backup.ts';
import { DATABASE_FILE, openDatabase } from '../addon/src/core/database.ts';
import { LINEAGE_FILE, wasRestored } from '../addon/src/core/lineage.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { atEnd } from './helpers/observer.ts';
import { recordingLog } from './helpers/samples.ts';
import { isExcluded } from './helpers/supervisor-config.ts';

const { backup_exclude: exclude } = parse(
  readFileSync(new URL('../addon/config.yaml', import.meta.url), 'utf8'),
);
const MAIN = new URL('../addon/src/main.ts', import.meta.url).pathname;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'backup-'));
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An app that runs, with one row a number. */
function running(t: TestContext, folder: string) {
  const database = openDatabase(folder, silentLog, 0);
  let open = true;
  const close = (): void => {
    if (open) database.close();
    open = false;
  };
  atEnd(t, close);
  database.exec('CREATE TABLE IF NOT EXISTS rows (number INTEGER)');
  const restored = wasRestored(database, folder);
  const write = (number: number) => void database.prepare('INSERT INTO rows VALUES (?)').run(number);
  const rows = () =>
    database
      .prepare('SELECT number FROM rows')
      .all()
      .map(({ number }) => number);
  return { database, restored, write, rows, close };
}

/** What the Supervisor would put into a backup, as a new folder. */
function backedUp(t: TestContext, folder: string): string {
  const restored = folderOf(t);
  for (const name of readdirSync(folder))
    if (!isExcluded(name, exclude)) cpSync(path.join(folder, name), path.join(restored, name));
  return restored;
}

suite('a backup of the data', { concurrency: true }, () => {
  test('holds the database as it was at one moment, whatever is written meanwhile', (t) => {
    const folder = folderOf(t);
    const app = running(t, folder);
    app.write(1);
    copyDatabase(folder);
    app.write(2);
    // As if it had been read while the app wrote to it.
    const restored = backedUp(t, folder);
    writeFileSync(path.join(restored, `${DATABASE_FILE}-wal`), 'half of something');
    const log = recordingLog();
    takeCopy(restored, log);
    assert.match(log.lines.join('\n'), /the copy of the database that was made for it is used/);
    const again = running(t, restored);
    assert.deepEqual(again.rows(), [1]);
    assert.equal(again.restored, true);
    assert.equal(existsSync(path.join(restored, COPY_FILE)), false);
  });

  test('of an app that does not run holds the database itself', (t) => {
    const folder = folderOf(t);
    const app = running(t, folder);
    app.write(1);
    app.close();
    const restored = backedUp(t, folder);
    takeCopy(restored, silentLog);
    const again = running(t, restored);
    assert.deepEqual([again.rows(), again.restored], [[1], true]);
  });

  test('that was cut off leaves a copy that is not taken for the database', (t) => {
    const folder = folderOf(t);
    const app = running(t, folder);
    app.write(1);
    copyDatabase(folder);
    app.write(2);
    app.close();
    takeCopy(folder, silentLog);
    const again = running(t, folder);
    assert.deepEqual([again.rows(), again.restored], [[1, 2], false]);
    assert.equal(existsSync(path.join(folder, COPY_FILE)), false);
  });

  test('is restored in the same way if that is cut off and done again', (t) => {
    const folder = folderOf(t);
    const app = running(t, folder);
    app.write(1);
    copyDatabase(folder);
    const restored = backedUp(t, folder);
    // The database is gone already, the copy not yet in its place.
    for (const part of ['', '-wal']) rmSync(path.join(restored, DATABASE_FILE + part), { force: true });
    takeCopy(restored, silentLog);
    assert.deepEqual(running(t, restored).rows(), [1]);
  });

  test('leaves out what tells a restored database, and what is of no use in one', (t) => {
    const folder = folderOf(t);
    running(t, folder);
    writeFileSync(path.join(folder, 'labkeeper.db.damaged-2026-01-01'), '');
    writeFileSync(path.join(folder, 'labkeeper-capture-2026-01-01.gz'), '');
    mkdirSync(path.join(folder, 'voice'));
    writeFileSync(path.join(folder, 'token'), '');
    assert.deepEqual(readdirSync(backedUp(t, folder)).sort(), [
      DATABASE_FILE,
      `${DATABASE_FILE}-wal`,
      'token',
    ]);
    assert.ok(readdirSync(folder).includes(LINEAGE_FILE));
  });

  test('begins and ends with a command, beside the app that runs', async (t) => {
    const folder = folderOf(t);
    const backup = (word: string) =>
      promisify(execFile)(process.execPath, [MAIN, 'backup', word], {
        env: { ...process.env, LABKEEPER_DATA: folder },
      });
    await backup('begin');
    assert.deepEqual(readdirSync(folder), [], 'nothing was ever written down');
    const app = running(t, folder);
    app.write(1);
    await backup('begin');
    app.write(2);
    assert.equal(existsSync(path.join(folder, COPY_FILE)), true);
    await backup('end');
    assert.equal(existsSync(path.join(folder, COPY_FILE)), false);
    assert.deepEqual(app.rows(), [1, 2]);
    app.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    writeFileSync(path.join(folder, DATABASE_FILE), 'this is none'.repeat(100));
    await assert.rejects(backup('begin'), /not a database/);
    dropCopy(folder);
  });
});
