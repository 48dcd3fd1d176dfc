import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { stage } from '../scripts/stage-local.ts';
import { atEnd } from './helpers/observer.ts';
import { configFaults } from './helpers/supervisor-config.ts';

const ROOT = path.join(import.meta.dirname, '..');
const read = (folder: string, file: string): string => readFileSync(path.join(folder, file), 'utf8');

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'stage-'));
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

suite('a folder from which Home Assistant builds the app itself', () => {
  test('holds one config.yaml, without an image, and what the store shows', (t) => {
    const folder = folderOf(t);
    assert.equal(stage(folder), undefined);
    assert.deepEqual(
      globSync('**/config.*', { cwd: folder }).filter((file) => !file.endsWith('.ts')),
      ['config.yaml'],
    );
    const config = parse(read(folder, 'config.yaml'));
    assert.deepEqual(configFaults(config), []);
    assert.equal('image' in config, false);
    const { image: _, ...rest } = parse(read(ROOT, 'addon/config.yaml'));
    assert.deepEqual(config, rest);
    for (const file of ['DOCS.md', 'CHANGELOG.md']) assert.equal(read(folder, file), read(ROOT, file));
    for (const file of ['icon.png', 'logo.png', 'apparmor.txt', 'README.md', 'translations/de.yaml'])
      assert.ok(existsSync(path.join(folder, file)), file);
  });

  test('has all that its Dockerfile copies, and builds', (t) => {
    const folder = folderOf(t);
    stage(folder);
    for (const [, list] of read(folder, 'Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm))
      for (const file of (list as string).split(' ')) assert.ok(existsSync(path.join(folder, file)), file);
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    const { status, stderr } = spawnSync(process.execPath, ['scripts/build.ts', 'out'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.ok(existsSync(path.join(folder, 'out/main.js')));
  });

  test('is made anew, and never in place of something else', (t) => {
    const folder = folderOf(t);
    stage(folder);
    writeFileSync(path.join(folder, 'old'), '');
    assert.equal(stage(folder), undefined);
    assert.equal(existsSync(path.join(folder, 'old')), false);
    const other = folderOf(t);
    writeFileSync(path.join(other, 'mine'), '');
    assert.match(stage(other) ?? '', /holds something else/);
    assert.ok(existsSync(path.join(other, 'mine')));
  });
});
