import { EngineError } from './errors.ts';

const BLOCK = 512;

/** The files of an archive, by their whole paths. */
export function unpacked(archive: Buffer, folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const name = archive.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    const sum = Number.parseInt(archive.toString('latin1', at + 148, at + 156), 8);
    const header = Buffer.from(archive.subarray(at, at + BLOCK)).fill(' ', 148, 156);
    if (header.reduce((total, byte) => total + byte, 0) !== sum)
      throw new EngineError(400, 'archive/tar: invalid tar header');
    if (archive[at + 156] === 0x30)
      files.set(`${folder}/${name}`, archive.toString('utf8', at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** An archive with one file, as the engine makes it of what is asked for. */
export function archived(name: string, text: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  const content = Buffer.from(text);
  header.write(name.slice(0, 99), 0);
  header.write('0000644\0', 100);
  header.write('0001750\0', 108);
  header.write('0001750\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([
    header,
    content,
    Buffer.alloc(-content.length & (BLOCK - 1)),
    Buffer.alloc(2 * BLOCK),
  ]);
}
