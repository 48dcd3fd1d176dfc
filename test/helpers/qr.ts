import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import decodeQR from 'qr/decode.js';

/**
 * What a QR code says, by somebody who has the picture alone.
 *
 * @param base64 a PNG of one bit a pixel, not interlaced, each line unfiltered
 */
export function readCode(base64: string | undefined): string {
  const png = Buffer.from(base64 ?? '', 'base64');
  assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
  const parts: Buffer[] = [];
  let [width, height] = [0, 0];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.subarray(at + 4, at + 8).toString('latin1');
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (type === 'IHDR') [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
    if (type === 'IDAT') parts.push(data);
  }
  const lines = inflateSync(Buffer.concat(parts));
  const stride = 1 + Math.ceil(width / 8);
  assert.equal(lines.length, stride * height);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isWhite = ((lines[y * stride + 1 + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
      data.fill(isWhite ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
      data[(y * width + x) * 4 + 3] = 255;
    }
  }
  return decodeQR({ width, height, data });
}
