import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PcmConverter, type PcmFormat } from '../addon/src/core/pcm.ts';
import { Seams } from '../addon/src/voice/sound/seams.ts';

const RATE = 24_000;
const BYTES = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4 } as const;

/** A second of a note, as some other program writes it. */
function note({ rate, channels, sample }: PcmFormat): Buffer {
  const width = BYTES[sample];
  const bytes = Buffer.alloc(rate * channels * width);
  for (let at = 0; at < rate * channels; at += 1) {
    const value = 0.5 * Math.sin((2 * Math.PI * 440 * Math.floor(at / channels)) / rate);
    if (sample === 'u8') bytes.writeUInt8(Math.round(128 + value * 127), at);
    else if (sample === 'f32') bytes.writeFloatLE(value, at * 4);
    else bytes.writeIntLE(Math.round(value * (2 ** (8 * width - 1) - 1)), at * width, width);
  }
  return bytes;
}

const samplesOf = (sound: Buffer): readonly number[] =>
  Array.from({ length: sound.length / 2 }, (_, at) => sound.readInt16LE(at * 2));

const FORMATS: readonly PcmFormat[] = (['u8', 's16', 's24', 's32', 'f32'] as const).flatMap((sample) =>
  [24_000, 22_050, 48_000, 16_000].flatMap((rate) => [1, 2].map((channels) => ({ rate, channels, sample }))),
);

describe('sound of another format', () => {
  for (const format of FORMATS) {
    it(`becomes ours: ${format.sample}, ${format.rate} a second, ${format.channels} channels`, () => {
      const bytes = note(format);
      const whole = new PcmConverter(format, RATE).push(bytes);
      const parts = new PcmConverter(format, RATE);
      const cut: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += 4_097) cut.push(parts.push(bytes.subarray(at, at + 4_097)));
      assert.deepEqual(Buffer.concat(cut), whole, 'however it was cut');
      const samples = samplesOf(whole);
      assert.ok(Math.abs(samples.length - RATE) <= 2, `${samples.length} samples`);
      // The note is what it was: as often through zero, and as loud.
      const crossings = samples.filter((value, at) => at > 0 && value >= 0 !== (samples[at - 1] ?? 0) >= 0);
      assert.ok(Math.abs(crossings.length - 880) <= 4, `${crossings.length} crossings`);
      const peak = Math.max(...samples.map(Math.abs));
      assert.ok(peak > 15_900 && peak < 16_600, `peak ${peak}`);
    });
  }

  it('is silence where it is no number, and no louder than there is', () => {
    const bytes = Buffer.alloc(12);
    for (const [at, value] of [Number.NaN, 7, -7].entries()) bytes.writeFloatLE(value, at * 4);
    const converter = new PcmConverter({ rate: RATE, channels: 1, sample: 'f32' }, RATE);
    assert.deepEqual(samplesOf(converter.push(bytes)), [0, 32_767, -32_767]);
  });
});

describe('pieces of sound that are joined', () => {
  const loud = (samples: number): Buffer => {
    const sound = Buffer.alloc(samples * 2);
    for (let at = 0; at < samples; at += 1) sound.writeInt16LE(20_000, at * 2);
    return sound;
  };
  const steps = (sound: Buffer): number => {
    const samples = [0, ...samplesOf(sound), 0];
    return Math.max(...samples.map((value, at) => Math.abs(value - (samples[at - 1] ?? 0))));
  };

  it('do not click, whatever they begin and end with, and are as long as they were, with a breath between them', () => {
    for (const part of [2_400, 100, 1]) {
      const seams = new Seams(RATE);
      const out: Buffer[] = [];
      for (let piece = 0; piece < 3; piece += 1) {
        const sound = loud(2_400);
        for (let at = 0; at < sound.length; at += part * 2)
          out.push(seams.push(sound.subarray(at, at + part * 2)));
        out.push(seams.end());
      }
      const whole = Buffer.concat(out);
      assert.equal(whole.length / 2, 3 * 2_400 + 2 * 1_920);
      assert.ok(steps(whole) <= 170, `a step of ${steps(whole)}`);
      assert.equal(Math.max(...samplesOf(whole)), 20_000, 'and between their ends they are as loud');
    }
  });

  it('may be shorter than it takes to fade', () => {
    const seams = new Seams(RATE);
    const out = Buffer.concat([seams.push(loud(10)), seams.end(), seams.push(Buffer.alloc(0)), seams.end()]);
    assert.equal(out.length, 20);
    assert.ok(steps(out) < 2_000);
  });
});
