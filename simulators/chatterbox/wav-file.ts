import { RATE } from './sound.ts';

/** How a WAV says what is in it: as it should, or as servers do. */
export type WavManner =
  | 'right'
  /** Length 0xFFFFFFFF, as while it is made. */
  | 'unknown'
  | 'zero'
  /** Longer than what comes. */
  | 'long'
  /** Shorter than what comes. */
  | 'short'
  /** Other parts before the sound and behind it. */
  | 'list'
  | 'float'
  | 'stereo'
  | 'extensible';

/** Sound of 16 bits and one channel as a WAV: its header, and the rest. */
export function wavOf(sound: Buffer, manner: WavManner): { readonly head: Buffer; readonly body: Buffer } {
  const body = manner === 'float' ? floats(sound) : manner === 'stereo' ? doubled(sound) : sound;
  const length = { unknown: 0xffff_ffff, zero: 0, long: 2 * body.length, short: body.length >> 2 };
  const stated = length[manner as keyof typeof length] ?? body.length;
  const list = Buffer.concat([Buffer.from('LIST'), size(4), Buffer.from('INFO')]);
  const isList = manner === 'list';
  const head = Buffer.concat([
    Buffer.from('RIFF'),
    size(manner === 'unknown' ? 0xffff_ffff : 36 + stated),
    Buffer.from('WAVE'),
    ...(isList ? [list] : []),
    formatOf(manner),
    Buffer.from('data'),
    size(stated),
  ]);
  return { head, body: isList ? Buffer.concat([body, list]) : body };
}

function formatOf(manner: WavManner): Buffer {
  const [coding, bits, channels] = manner === 'float' ? [3, 32, 1] : [1, 16, manner === 'stereo' ? 2 : 1];
  const isExtensible = manner === 'extensible';
  const chunk = Buffer.alloc(isExtensible ? 48 : 24);
  chunk.write('fmt ');
  chunk.writeUInt32LE(chunk.length - 8, 4);
  chunk.writeUInt16LE(isExtensible ? 0xfffe : coding, 8);
  chunk.writeUInt16LE(channels, 10);
  chunk.writeUInt32LE(RATE, 12);
  chunk.writeUInt32LE((RATE * channels * bits) / 8, 16);
  chunk.writeUInt16LE((channels * bits) / 8, 20);
  chunk.writeUInt16LE(bits, 22);
  if (isExtensible) chunk.writeUInt16LE(coding, 32);
  return chunk;
}

function size(bytes: number): Buffer {
  const written = Buffer.alloc(4);
  written.writeUInt32LE(bytes >>> 0);
  return written;
}

function floats(sound: Buffer): Buffer {
  const written = Buffer.alloc(sound.length * 2);
  for (let at = 0; at < sound.length; at += 2) written.writeFloatLE(sound.readInt16LE(at) / 2 ** 15, at * 2);
  return written;
}

function doubled(sound: Buffer): Buffer {
  const written = Buffer.alloc(sound.length * 2);
  for (let at = 0; at < sound.length; at += 2) {
    sound.copy(written, at * 2, at, at + 2);
    sound.copy(written, at * 2 + 2, at, at + 2);
  }
  return written;
}
