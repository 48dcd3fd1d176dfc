import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { loadStyles } from '../addon/src/config/styles.ts';

suite('the file of styles', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-'));
    file = path.join(folder, 'styles.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is read as a person wrote it, in its order', async () => {
    writeFileSync(
      file,
      'styles:\n  - {id: calm, title: Calm, exaggeration: 0.3, cfg_weight: 0.4, temperature: 0.6, speed: 0.95}\n' +
        '  - id: alert\n    title: Alert\n    voices: [emily-*, axel-de]\n',
    );
    assert.deepEqual(await loadStyles(folder), [
      { id: 'calm', title: 'Calm', exaggeration: 0.3, cfg_weight: 0.4, temperature: 0.6, speed: 0.95 },
      { id: 'alert', title: 'Alert', voices: ['emily-*', 'axel-de'] },
    ]);
  });

  test('may be missing, as may its folder, and is not written then', async () => {
    assert.deepEqual(await loadStyles(undefined), []);
    assert.deepEqual(await loadStyles(folder), []);
    assert.deepEqual(await loadStyles(path.join(folder, 'no-such-folder')), []);
    writeFileSync(file, 'styles: []\n');
    assert.deepEqual(await loadStyles(folder), []);
  });

  test('tells all that is wrong, and where', async () => {
    writeFileSync(
      file,
      'styles:\n  - {id: Calm!, title: "", exaggeration: 3, cfg_weight: -1, temperature: hot, speed: 9}\n' +
        '  - {id: calm, titel: Calm}\n  - {id: slow, title: Slow, voices: emily}\n',
    );
    await assert.rejects(loadStyles(folder), ({ code, message }: Error & { code: string }) => {
      assert.equal(code, 'options_invalid');
      const wanted = [
        ...[/styles\[0\]\.id: must look like calm/, /styles\[0\]\.title: /, /styles\[0\]\.exaggeration: .*2/],
        ...[/styles\[0\]\.cfg_weight: .*0/, /styles\[0\]\.temperature: must be a number/],
        ...[
          /styles\[0\]\.speed: .*4/,
          /styles\[1\]\.titel: there is no such key here; did you mean “title”\?/,
        ],
        ...[/styles\[1\]\.title: is missing/, /styles\[2\]\.voices: must be a list/],
      ];
      for (const line of wanted) assert.match(message, line);
      return true;
    });
  });

  test('has each id once, and at most 50 of them', async () => {
    writeFileSync(file, 'styles:\n  - {id: calm, title: Calm}\n  - {id: calm, title: Calmer}\n');
    await assert.rejects(loadStyles(folder), /styles\[1\]\.id: “calm” is taken by styles\[0\]/);
    const many = Array.from({ length: 51 }, (_, at) => `  - {id: s${at}, title: S}\n`);
    writeFileSync(file, `styles:\n${many.join('')}`);
    await assert.rejects(loadStyles(folder), /styles: .*50/);
  });

  test('is refused where it cannot be read, or is no YAML', async () => {
    writeFileSync(file, 'styles: [\n');
    await assert.rejects(loadStyles(folder), /styles\.yaml: line 2/);
    rmSync(file);
    mkdirSync(file);
    await assert.rejects(loadStyles(folder), /styles\.yaml: EISDIR/);
  });
});
