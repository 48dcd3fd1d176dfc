import { LabError } from '../../../core/errors.ts';

/** A file as it travels. */
export interface Packed {
  /** Relative, with `/` between its parts. */
  readonly path: string;
  readonly text: string;
}

const BLOCK = 512;
/** Files hold what is secret: for their owner alone. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o755;

/**
 * An archive (ustar) of files and the folders that they are in, in their order.
 *
 * @param seconds since 1970, for all of them
 */
export function packed(files: readonly Packed[], seconds: number): Buffer {
  const folders = new Set(
    files.flatMap(({ path }) => {
      const parts = path.split('/').slice(0, -1);
      return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
    }),
  );
  const blocks = [
    ...[...folders].map((path) => header(path, 0, FOLDER_MODE, '5', seconds)),
    ...files.flatMap(({ path, text }) => {
      const content = Buffer.from(text);
      return [
        header(path, content.length, FILE_MODE, '0', seconds),
        content,
        Buffer.alloc(-content.length & (BLOCK - 1)),
      ];
    }),
  ];
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, size: number, mode: number, type: string, seconds: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(path) > 100) throw new LabError('input_invalid', `${path} is too long a path`);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.write(path, 0);
  block.write(octal(mode, 8), 100);
  // Of whoever unpacks it, or root.
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(Math.floor(seconds), 12), 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The first file of an archive; undefined: there is none. */
export function firstIn(archive: Buffer): string | undefined {
  let at = 0;
  while (at + BLOCK <= archive.length) {
    const type = String.fromCharCode(archive[at + 156] ?? 0);
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8) || 0;
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (type === '0' || type === '\0') return archive[at] === 0 ? undefined : content.toString('utf8');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}
