import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { optionsSchema } from '../addon/src/config/options.ts';
import { SOURCES as REGISTRY } from '../addon/src/sources/registry.ts';
import { withOptionTables } from '../scripts/generate/docs.ts';
import { driftOf } from '../scripts/generate/drift.ts';
import { type OptionSchema, optionsOf } from '../scripts/generate/option.ts';
import { generatedFiles } from '../scripts/generate.ts';
import { optionPaths, SOURCES } from './helpers/options.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const list = (folder: string): readonly string[] => readdirSync(path.join(root, folder)).sort();
const schema = optionsSchema(SOURCES);

suite('generated files', () => {
  test('are what the schema makes of them', async () => {
    const files = await generatedFiles(read, list);
    assert.equal(files.size, 13);
    for (const [file, text] of files) assert.equal(driftOf(file, read(file), text), '');
  });

  test('are the same each time, byte for byte', async () => {
    assert.deepEqual([...(await generatedFiles(read, list))], [...(await generatedFiles(read, list))]);
  });

  test('are checked by the command, which loads nothing that talks to a system', () => {
    const script = path.join(root, 'scripts/generate.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    assert.equal(`${stderr}${stdout}`, '13 generated files are up to date\n');
    assert.equal(status, 0);
  });

  test('speak of the sources that the app has', () => {
    const folder = path.join(root, 'addon/src/sources');
    const complete = Object.keys(SOURCES).filter((name) => existsSync(path.join(folder, name, 'index.ts')));
    assert.deepEqual(Object.keys(REGISTRY).sort(), complete.sort());
  });
});

test('what drifted is shown with its line, and how', () => {
  assert.equal(driftOf('a.yaml', 'x\ny\n', 'x\ny\n'), '');
  assert.equal(driftOf('a.yaml', undefined, 'x\n'), 'a.yaml is missing');
  assert.equal(driftOf('a.yaml', 'x\ny\nz\n', 'x\nw\nz\n'), 'a.yaml:2\n- y\n+ w');
  assert.equal(driftOf('a.yaml', 'x\nx\n', 'x\nx\nx\n'), 'a.yaml:3\n+ x');
  const long = Array.from({ length: 30 }, (_, line) => `${line}\n`).join('');
  assert.match(driftOf('a.yaml', '', long), /^a\.yaml:1\n(\+ .*\n){20}… and 10 lines more$/);
});

suite('each option', () => {
  const all = (group: OptionSchema, at = ''): readonly [path: string, option: OptionSchema][] =>
    optionsOf(group).flatMap(({ key, schema: option }) => [
      [`${at}${key}`, option],
      ...all(option.items ?? option, `${at}${key}.`),
    ]);
  const options = all(schema as unknown as OptionSchema);

  test('has a title and a description in both languages, as sentences of moderate length', () => {
    assert.ok(options.length > 45);
    for (const [at, { title, description, de }] of options) {
      for (const text of [title, de?.title]) assert.match(text ?? '', /^\S.{0,39}$/, at);
      for (const text of [description, de?.description]) assert.match(text ?? '', /^\S.{5,250}\.$/, at);
      assert.notEqual(description, de.description, at);
    }
  });

  test('shows an example where a pattern says what it has to look like', () => {
    for (const [at, option] of options) {
      const { pattern, examples } = option.items ?? option;
      if (pattern !== undefined) assert.ok(examples !== undefined && examples.length > 0, at);
    }
  });

  test('is in a table of DOCS.md once', () => {
    const docs = read('DOCS.md');
    const tables = docs.slice(docs.indexOf('<!-- generated: options -->'), docs.indexOf('<!-- end -->'));
    const rows = [...tables.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key]) => key ?? '');
    const common = ['id', 'title', 'area', 'entities'];
    const shared = Object.values(SOURCES).flatMap((source) => Object.keys(source.shared?.properties ?? {}));
    const lists = [...Object.keys(SOURCES), ...shared].join('|');
    const wanted = optionPaths(schema)
      .map((at) => at.replace(new RegExp(`^(${lists})\\.`), '$1:'))
      .filter((at) => !common.some((key) => at.endsWith(`:${key}`)))
      .map((at) => at.replace(/^.*:/, ''));
    assert.deepEqual([...rows].sort(), [...wanted, ...common].sort());
  });
});

test('tables go between their marks and nowhere else', () => {
  const docs = 'before\n<!-- generated: options -->\nold\n<!-- end -->\nafter\n';
  const made = withOptionTables(docs, schema, []);
  assert.match(made, /^before\n<!-- generated: options -->\n\n\| option .*\|\n\n<!-- end -->\nafter\n$/s);
  assert.doesNotMatch(made, /^old$/m);
  assert.equal(withOptionTables(made, schema, []), made);
  assert.throws(() => withOptionTables('before\n', schema, []), /lost its marks/);
});
