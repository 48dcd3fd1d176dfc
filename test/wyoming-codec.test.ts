import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encode, LIMITS, WyomingDecoder } from '../addon/src/voice/wyoming/codec.ts';
import { fuzzWyoming } from './helpers/wyoming-fuzz.ts';

const line = (header: object | string): Buffer =>
  Buffer.from(`${typeof header === 'string' ? header : JSON.stringify(header)}\n`);
const wrong = (message: RegExp) => ({ code: 'protocol_wrong', message });

describe('the Wyoming codec', () => {
  it('writes data beside the header, with its length in bytes', () => {
    const bytes = encode({ type: 'synthesize', data: { text: 'Grüße' }, payload: Buffer.from([1, 2, 3]) });
    const [first = ''] = bytes.toString('latin1').split('\n', 1);
    const header = JSON.parse(first);
    assert.deepEqual([header.type, header.data_length, header.payload_length], ['synthesize', 18, 3]);
    assert.equal(bytes.length, first.length + 1 + 18 + 3);
  });

  it('says nothing of lengths where there is nothing', () => {
    assert.doesNotMatch(encode({ type: 'describe', data: {} }).toString(), /length/);
  });

  it('reads what it wrote, however that was cut up or joined', () => {
    const events = [
      { type: 'describe', data: {} },
      { type: 'audio-chunk', data: { rate: 24_000 }, payload: Buffer.from('\n{"type":"no"}\n') },
      { type: 'synthesize', data: { text: '日本語 🎉\n' } },
    ];
    const bytes = Buffer.concat(events.map(encode));
    for (const size of [1, 2, 3, 7, 16, bytes.length]) {
      const decoder = new WyomingDecoder();
      const heard = [];
      for (let at = 0; at < bytes.length; at += size)
        heard.push(...decoder.push(bytes.subarray(at, at + size)));
      assert.deepEqual(heard, events, `in parts of ${size} bytes`);
    }
  });

  it('reads data in the header, and lays data beside it over that', () => {
    const body = Buffer.from('{"b":2,"c":3}');
    const decoder = new WyomingDecoder();
    assert.deepEqual(decoder.push(line({ type: 'x', data: { a: 1 } })), [{ type: 'x', data: { a: 1 } }]);
    const both = Buffer.concat([line({ type: 'x', data: { a: 1, b: 1 }, data_length: body.length }), body]);
    assert.deepEqual(decoder.push(both), [{ type: 'x', data: { a: 1, b: 2, c: 3 } }]);
    assert.deepEqual(decoder.push(line({ type: 'x', data: null, data_length: null, payload_length: 0 })), [
      { type: 'x', data: {} },
    ]);
  });

  it('keeps a payload as it was, whatever comes after it', () => {
    const decoder = new WyomingDecoder();
    const [first] = decoder.push(encode({ type: 'a', data: {}, payload: Buffer.from('first') }));
    decoder.push(encode({ type: 'b', data: {}, payload: Buffer.from('other') }));
    assert.equal(first?.payload?.toString(), 'first');
  });

  it('refuses what is not the protocol', () => {
    const refused: readonly (readonly [Buffer, RegExp])[] = [
      [line('GET / HTTP/1.1'), /header is no JSON/],
      [line('[]'), /header is no object/],
      [line('{}'), /no type/],
      [line({ type: 7 }), /no type/],
      [line({ type: 'x', data: [] }), /data is no object/],
      [line({ type: 'x', data_length: -1 }), /length of its data is no number of bytes/],
      [line({ type: 'x', payload_length: 1.5 }), /length of its payload is no number of bytes/],
      [line({ type: 'x', payload_length: '3' }), /length of its payload is no number of bytes/],
      [Buffer.concat([line({ type: 'x', data_length: 2 }), Buffer.from('[]')]), /data is no object/],
      [Buffer.concat([line({ type: 'x', data_length: 1 }), Buffer.from([0xff])]), /data is no UTF-8/],
      [Buffer.from([0x16, 0x03, 0x01, 0xff, 0x0a]), /header is no UTF-8/],
    ];
    for (const [bytes, message] of refused)
      assert.throws(() => new WyomingDecoder().push(bytes), wrong(message), bytes.toString('latin1'));
  });

  it('takes only so much of each part', () => {
    const { header, data, payload } = LIMITS;
    const endless = new WyomingDecoder();
    endless.push(Buffer.alloc(header, ' '));
    assert.throws(() => endless.push(Buffer.from(' ')), wrong(/no end/));
    const decoder = new WyomingDecoder();
    assert.throws(() => decoder.push(line({ type: 'x', data_length: data + 1 })), wrong(/more than/));
    assert.throws(
      () => new WyomingDecoder().push(line({ type: 'x', payload_length: payload + 1 })),
      wrong(/more than/),
    );
    const fits = new WyomingDecoder();
    fits.push(line({ type: 'x', payload_length: payload }));
    assert.equal(fits.push(Buffer.alloc(payload))[0]?.payload?.length, payload);
    assert.equal(fits.holds, 0, 'what was large is let go');
  });

  it('is crashed by nothing, and bounded in memory', () => {
    const { understood, refused } = fuzzWyoming(5_000, 20_261_130);
    assert.ok(understood > 1_000 && refused > 1_000, `${understood} understood, ${refused} refused`);
  });
});
