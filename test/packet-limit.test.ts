import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacketLimit } from '../addon/src/mqtt/packet-limit.ts';

/** A packet of that many bytes after its length. */
function packet(length: number): Buffer {
  const head = [0x30];
  let rest = length;
  do {
    const more = rest > 127 ? 0x80 : 0;
    head.push((rest & 0x7f) | more);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length, 0xff)]);
}

test('packets up to the limit pass, however the bytes are cut', () => {
  const bytes = Buffer.concat([packet(10), packet(0), packet(200), packet(127), packet(128), packet(20_000)]);
  for (const size of [1, 2, 3, 7, 129, 20_001, bytes.length]) {
    const limit = new PacketLimit(10, 20_000);
    for (let at = 0; at < bytes.length; at += size) {
      assert.equal(limit.accepts(bytes.subarray(at, at + size)), true, `at byte ${at}, cut to ${size}`);
    }
  }
});

test('a packet one byte too large does not, by its length alone', () => {
  const limit = new PacketLimit(10, 20_000);
  assert.equal(limit.accepts(packet(10)), true);
  assert.equal(limit.accepts(packet(20_001).subarray(0, 4)), false);
});

test('the first packet has a limit of its own', () => {
  assert.equal(new PacketLimit(10, 20_000).accepts(packet(11)), false);
});

test('a length of more than four bytes is malformed', () => {
  const limit = new PacketLimit(10, 20_000);
  assert.equal(limit.accepts(Buffer.from([0x10, 0x80, 0x80, 0x80])), true);
  assert.equal(limit.accepts(Buffer.from([0x80])), false);
});
