import { crc32 } from 'node:zlib';

/** Bytes of the header that an .xz file begins with, and of the footer that it ends with. */
export const XZ_EDGE = 12;

const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);

/** What is wrong with a file for it to be measured; not what to do about it. */
export class XzError extends Error {}

/** @param head the first bytes of a file */
export const isXz = (head: Buffer): boolean => head.subarray(0, MAGIC.length).equals(MAGIC);

/**
 * How many bytes the index has that an .xz file ends with, with the footer.
 *
 * @param footer the last `XZ_EDGE` bytes
 * @throws XzError
 */
export function xzTailBytes(footer: Buffer): number {
  const isFooter =
    footer.length === XZ_EDGE &&
    footer.toString('latin1', 10) === 'YZ' &&
    footer.readUInt32LE(0) === crc32(footer.subarray(4, 10));
  if (!isFooter) throw new XzError('it does not end as an .xz file does');
  return (footer.readUInt32LE(4) + 1) * 4 + XZ_EDGE;
}

/**
 * How many bytes an .xz file has when it is unpacked, by its index.
 *
 * @param tail its last bytes, as many as `xzTailBytes` says
 * @param bytes of all of the file
 * @throws XzError, also for a file of several streams: what an index says is of its own one
 */
export function xzUnpackedBytes(tail: Buffer, bytes: number): number {
  const index = tail.subarray(0, tail.length - XZ_EDGE);
  const end = index.length - 4;
  if (end < 4 || index.readUInt32LE(end) !== crc32(index.subarray(0, end)) || index[0] !== 0)
    throw new XzError('its index is damaged');
  let at = 1;
  const next = (): number => {
    let value = 0;
    for (let power = 1; at < end; power *= 128) {
      const byte = index[at] ?? 0;
      at += 1;
      value += (byte % 128) * power;
      if (byte < 128 && Number.isSafeInteger(value)) return value;
    }
    throw new XzError('its index is damaged');
  };
  let packed = XZ_EDGE + tail.length;
  let unpacked = 0;
  for (let blocks = next(); blocks > 0; blocks -= 1) {
    packed += Math.ceil(next() / 4) * 4;
    unpacked += next();
  }
  if (packed !== bytes) throw new XzError('it is of several streams, or padded');
  return unpacked;
}
