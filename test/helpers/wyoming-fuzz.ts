import assert from 'node:assert/strict';
import { LabError } from '../../addon/src/core/errors.ts';
import { encode, LIMITS, WyomingDecoder, type WyomingEvent } from '../../addon/src/voice/wyoming/codec.ts';

/** The same row of chances for the same seed. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What of a run was what. */
export interface FuzzCount {
  understood: number;
  refused: number;
  /** Bytes that one decoder held at most. */
  held: number;
}

/** Twice what an event may have, and one push. */
const MOST_HELD = 2 * (LIMITS.header + LIMITS.data + LIMITS.payload) + 64 * 1_024;

/**
 * Feeds decoders with sound, mutated and random bytes, cut at any place. Whatever is not understood has to be refused by
 * `protocol_wrong`, and memory has to stay within bounds.
 */
export function fuzzWyoming(inputs: number, seed: number): FuzzCount {
  const chance = chances(seed);
  const below = (most: number): number => Math.floor(chance() * most);
  const count: FuzzCount = { understood: 0, refused: 0, held: 0 };
  for (let input = 0; input < inputs; input += 1) {
    const events = Array.from({ length: 1 + below(3) }, () => anEvent(chance));
    const sound = Buffer.concat(events.map((event) => written(event, chance)));
    const way = below(4);
    const bytes = way === 0 ? sound : way === 3 ? random(below(200), chance) : mutated(sound, chance);
    const decoder = new WyomingDecoder();
    const heard: WyomingEvent[] = [];
    try {
      for (const part of cut(bytes, chance)) {
        heard.push(...decoder.push(part));
        count.held = Math.max(count.held, decoder.holds);
        assert.ok(decoder.holds <= MOST_HELD, `it holds ${decoder.holds} bytes`);
      }
      count.understood += 1;
    } catch (thrown) {
      if (!(thrown instanceof LabError) || thrown.code !== 'protocol_wrong') throw thrown;
      assert.notEqual(way, 0, `what is sound was refused: ${thrown.message}\n${sound.toString('latin1')}`);
      count.refused += 1;
    }
    if (way === 0) assert.deepEqual(heard, events);
  }
  return count;
}

const TYPES = ['describe', 'synthesize', 'synthesize-chunk', 'audio-chunk', 'ping', 'ä'];
const TEXTS = ['', 'Hello.', 'Grüße aus Köln', '\n{"type":"x"}\n', '日本語。', '🎉', '\u0000', '"\\'];

function anEvent(chance: () => number): WyomingEvent {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(chance() * of.length)] as T;
  const data = chance() < 0.2 ? {} : { text: pick(TEXTS), ['__proto__' as string]: pick(TEXTS), n: chance() };
  return {
    ...{ type: pick(TYPES), data },
    ...(chance() < 0.3 && { payload: random(1 + Math.floor(chance() * 40), chance) }),
  };
}

/** As some writer may put it: data in the header, beside it, or both. */
function written(event: WyomingEvent, chance: () => number): Buffer {
  if (chance() < 0.5) return encode(event);
  const { type, data, payload } = event;
  const isApart = chance() < 0.5;
  const apart = Buffer.from(JSON.stringify(data));
  const header = {
    type,
    data: isApart ? { n: 'an older one' } : data,
    ...(isApart && { data_length: apart.length }),
    payload_length: payload?.length ?? null,
  };
  const rest = [...(isApart ? [apart] : []), ...(payload ? [payload] : [])];
  if (isApart && !('n' in data)) return encode(event);
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...rest]);
}

function mutated(bytes: Buffer, chance: () => number): Buffer {
  const changed = Buffer.from(bytes);
  for (let times = 1 + Math.floor(chance() * 4); times > 0; times -= 1)
    changed[Math.floor(chance() * changed.length)] = Math.floor(chance() * 256);
  return chance() < 0.2 ? changed.subarray(0, Math.floor(chance() * changed.length)) : changed;
}

const random = (length: number, chance: () => number): Buffer =>
  Buffer.from(Array.from({ length }, () => Math.floor(chance() * 256)));

function* cut(bytes: Buffer, chance: () => number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const length = chance() < 0.3 ? 1 : 1 + Math.floor(chance() * 60);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
