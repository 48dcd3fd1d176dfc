import { crc32, deflateSync } from 'node:zlib';
import encodeQR from 'qr';
import { patternOf } from './patterns.ts';
import type { WlanRow } from './wire.ts';

/** Pixels of each of its squares, and squares around it. */
const [SCALE, BORDER] = [8, 4];
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The QR codes of WLANs that a person wants shown. What was drawn once is kept. */
export class QrCodes {
  readonly #wanted: readonly ((name: string) => boolean)[];
  readonly #drawn = new Map<string, string>();

  /** @param patterns names, with `*` for anything */
  constructor(patterns: readonly string[]) {
    this.#wanted = patterns.map(patternOf);
  }

  /** A PNG in Base64; undefined: nobody wants it, or a code cannot say how to join. */
  of(row: WlanRow): string | undefined {
    const { name = '' } = row;
    const text = this.#wanted.some((fits) => fits(name)) ? joinText(row) : undefined;
    if (text === undefined) return undefined;
    const drawn = this.#drawn.get(text) ?? pngOf(text).toString('base64');
    this.#drawn.set(text, drawn);
    return drawn;
  }
}

/**
 * What phones read of a code to join, as Android and iOS know it.
 *
 * @returns undefined: the network wants an account of each user
 */
export function joinText({
  name,
  security,
  x_passphrase: passphrase,
  hide_ssid: isHidden,
}: WlanRow): string | undefined {
  if (name === undefined || name === '') return undefined;
  const hidden = isHidden === true ? 'H:true;' : '';
  if (security === 'open') return `WIFI:T:nopass;S:${escaped(name)};${hidden};`;
  const type = security === 'wpapsk' ? 'WPA' : security === 'wep' ? 'WEP' : undefined;
  if (type === undefined || passphrase === undefined || passphrase === '') return undefined;
  return `WIFI:T:${type};S:${escaped(name)};P:${escaped(passphrase)};${hidden};`;
}

const escaped = (text: string): string => text.toWellFormed().replaceAll(/[\\;,:"]/g, '\\$&');

/** One bit a pixel; https://www.w3.org/TR/png-3/ */
function pngOf(text: string): Buffer {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: BORDER, scale: SCALE });
  const size = rows.length;
  const lines = rows.map((row) => {
    const line = Buffer.alloc(1 + Math.ceil(size / 8));
    // 1 is white.
    for (const [at, isDark] of row.entries()) {
      if (!isDark) line[1 + (at >> 3)] = (line[1 + (at >> 3)] ?? 0) | (0x80 >> (at & 7));
    }
    return line;
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head[8] = 1;
  const data = deflateSync(Buffer.concat(lines), { level: 9 });
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
