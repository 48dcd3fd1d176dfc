import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { workloadsIn } from '../addon/src/app/gpus.ts';
import { loadWorkloads } from '../addon/src/config/workloads.ts';
import { WORKLOADS } from '../addon/src/lab/workload-fit.ts';
import { recordingLog } from './helpers/samples.ts';

suite('the file of workloads', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-'));
    file = path.join(folder, 'workloads.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is written where there is none, and says the same when it is read', async () => {
    assert.deepEqual(await loadWorkloads(folder, WORKLOADS), WORKLOADS);
    assert.match(readFileSync(file, 'utf8'), /^# .*\nworkloads:\n {2}- id: chatterbox\n/m);
    assert.deepEqual(await loadWorkloads(folder, []), WORKLOADS);
  });

  test('counts as a person left it', async () => {
    writeFileSync(file, 'workloads:\n  - {id: whisper, title: Whisper, vram: 4.5}\n');
    assert.deepEqual(await loadWorkloads(folder, WORKLOADS), [
      { id: 'whisper', title: 'Whisper', vram: 4.5 },
    ]);
    writeFileSync(file, 'workloads: []\n');
    assert.deepEqual(await loadWorkloads(folder, WORKLOADS), []);
  });

  test('tells all that is wrong, and where', async () => {
    writeFileSync(file, 'workloads:\n  - {id: A b, vram: much}\n  - {id: x, title: X, vram: 1, gpu: 2}\n');
    await assert.rejects(loadWorkloads(folder, WORKLOADS), (error: Error) => {
      assert.match(error.message, /workloads\[0\]\.id: must look like chatterbox/);
      assert.match(error.message, /workloads\[0\]\.title: is missing/);
      assert.match(error.message, /workloads\[0\]\.vram: must be a number/);
      assert.match(error.message, /workloads\[1\]\.gpu: there is no such key/);
      return true;
    });
    writeFileSync(file, 'workloads:\n  - {id: x, title: X, vram: 1}\n  - {id: x, title: Y, vram: 2}\n');
    await assert.rejects(loadWorkloads(folder, WORKLOADS), /workloads\[1\]\.id: “x” is taken/);
  });

  test('that is wrong keeps nothing from starting', async () => {
    writeFileSync(file, 'workloads: 7\n');
    const log = recordingLog();
    assert.equal(await workloadsIn(folder, log), WORKLOADS);
    assert.match(log.lines.join('\n'), /workloads: must be a list/);
  });

  test('needs no folder', async () => {
    assert.equal(await loadWorkloads(undefined, WORKLOADS), WORKLOADS);
    assert.equal(await loadWorkloads(path.join(folder, 'none'), WORKLOADS), WORKLOADS);
  });
});
