import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { readSample } from '../addon/src/config/samples.ts';
import type { LabError } from '../addon/src/core/errors.ts';
import { RATE, wavOf } from '../simulators/chatterbox/index.ts';
import { type ChatterboxLab, chatterboxLab } from './helpers/chatterbox-lab.ts';
import { bench } from './helpers/executor.ts';

suite('a voice made of a sample', () => {
  let folder: string;
  let lab: ChatterboxLab;
  const { head, body } = wavOf(Buffer.alloc(10 * 2 * RATE, 3), 'right');
  const sound = Buffer.concat([head, body]);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-'));
    await mkdir(path.join(folder, 'voices'));
    await writeFile(path.join(folder, 'voices', 'ida.wav'), sound);
    lab = await chatterboxLab();
    await lab.known();
  });
  afterEach(async () => {
    await lab.close();
    await rm(folder, { recursive: true });
  });

  function clone(input: object, ceiling: 'operate' | 'provision' = 'provision') {
    const samples = { read: (name: string) => readSample(folder, name) };
    const { resources, outcome } = bench(
      {},
      { capabilities: { speech: lab.speech(), samples }, clock: lab.clock, allow: 'provision' },
    );
    const target = lab.at() ?? assert.fail();
    resources.set(target.id, target);
    return outcome({
      ...{
        action: 'clone_voice',
        target: target.id,
        input: { ...input },
        door: 'http',
        user: 'Ida',
        ceiling,
      },
    });
  }

  test('comes of a file in the folder of voices, and is named in the answer', async () => {
    const { state, error, result } = await clone({ name: 'Ida', sample: 'ida.wav' });
    assert.deepEqual([state, error, result], ['succeeded', undefined, { voices: ['ida'] }]);
    assert.deepEqual(lab.machine.voices.at(-1)?.sample, sound);
  });

  test('is nothing that may be had with the right to operate', async () => {
    await assert.rejects(clone({ name: 'Ida', sample: 'ida.wav' }, 'operate'), { code: 'ceiling_exceeded' });
  });

  test('is read from nowhere else, and only where it is sound', async () => {
    await writeFile(path.join(folder, 'secret.wav'), sound);
    for (const sample of ['../secret.wav', 'voices/ida.wav', 'ida.txt'])
      await assert.rejects(clone({ name: 'Ida', sample }), { code: 'input_invalid' }, sample);
    const why = async (name: string) => {
      const failed = await readSample(folder, name).then(
        () => assert.fail(name),
        (error: LabError) => error,
      );
      assert.equal(failed.code, 'input_invalid');
      return failed.message;
    };
    assert.match(await why('..'), /no name of a file/);
    assert.match(await why('nobody.wav'), /voices\/nobody\.wav cannot be read: ENOENT/);
    await writeFile(path.join(folder, 'voices', 'text.wav'), 'RIFF, says the text');
    assert.match(await why('text.wav'), /neither a WAV nor an MP3/);
    await truncate(path.join(folder, 'voices', 'ida.wav'), 11 * 1_024 ** 2);
    assert.match(await why('ida.wav'), /larger than 10 MiB/);
    await writeFile(path.join(folder, 'voices', 'ida.mp3'), Buffer.from('ID3\u0004 and so on'));
    assert.equal((await readSample(folder, 'ida.mp3')).type, 'mp3');
  });
});
