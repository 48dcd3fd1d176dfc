/** A file in the root of an image. */
export interface IsoFile {
  /** Letters, digits, `-`, `_` and one dot. */
  readonly name: string;
  readonly data: Buffer;
}

const SECTOR = 2_048;
/** Before it nothing is read. */
const FIRST = 16;
const [PRIMARY, JOLIET, END] = [FIRST, FIRST + 1, FIRST + 2];
/** Of both trees: where their directories are, in either byte order, and the directory itself. */
const TREES = [
  { little: FIRST + 3, big: FIRST + 4, root: FIRST + 7 },
  { little: FIRST + 5, big: FIRST + 6, root: FIRST + 8 },
] as const;
const FILES = FIRST + 9;

/**
 * An ISO 9660 image with files in its root: under short names, and under their own by Joliet, which Linux and Windows
 * take where it is there. ECMA-119 has the fields by their places.
 *
 * @param label as in `cidata`: at most 16 characters
 * @param time in it, milliseconds since 1970
 */
export function isoImage(label: string, files: readonly IsoFile[], time: number): Buffer {
  const placed = files.map((file, index) => ({
    ...file,
    short: `FILE${index}.;1`,
    sector: FILES + files.slice(0, index).reduce((sum, { data }) => sum + sectorsOf(data.length), 0),
  }));
  const sectors = FILES + files.reduce((sum, { data }) => sum + sectorsOf(data.length), 0);
  const image = Buffer.alloc(sectors * SECTOR);
  const put = (sector: number, data: Buffer): void => void data.copy(image, sector * SECTOR);
  const stamp = new Date(time);
  for (const [index, { little, big, root }] of TREES.entries()) {
    const isJoliet = index === 1;
    put(isJoliet ? JOLIET : PRIMARY, descriptor(label, sectors, TREES[index] as Tree, isJoliet, stamp));
    put(little, pathTable(root, false));
    put(big, pathTable(root, true));
    const entries = placed
      .map((file) => ({ ...file, id: isJoliet ? wide(`${file.name};1`) : Buffer.from(file.short, 'latin1') }))
      .sort((one, other) => Buffer.compare(one.id, other.id));
    put(
      root,
      Buffer.concat([
        record(Buffer.from([0]), root, SECTOR, true, stamp),
        record(Buffer.from([1]), root, SECTOR, true, stamp),
        ...entries.map(({ id, sector, data }) => record(id, sector, data.length, false, stamp)),
      ]),
    );
  }
  put(END, Buffer.from('\xffCD001\x01', 'latin1'));
  for (const { sector, data } of placed) put(sector, data);
  return image;
}

type Tree = (typeof TREES)[number];

const sectorsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / SECTOR));

/** Names of Joliet, in UCS-2 with the higher byte first. */
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

function descriptor(label: string, sectors: number, tree: Tree, isJoliet: boolean, stamp: Date): Buffer {
  const block = Buffer.alloc(SECTOR);
  const text = (value: string, at: number, length: number): void => {
    const padding = isJoliet ? wide(' '.repeat(length / 2)) : Buffer.alloc(length, ' ');
    padding.copy(block, at);
    (isJoliet ? wide(value) : Buffer.from(value, 'latin1')).copy(block, at, 0, length);
  };
  block.write(`${isJoliet ? '\x02' : '\x01'}CD001\x01`, 0, 'latin1');
  text('', 8, 32);
  text(label, 40, 32);
  both32(block, 80, sectors);
  // UCS-2 of the third level.
  if (isJoliet) block.write('%/E', 88, 'latin1');
  both16(block, 120, 1);
  both16(block, 124, 1);
  both16(block, 128, SECTOR);
  both32(block, 132, PATH_TABLE_BYTES);
  block.writeUInt32LE(tree.little, 140);
  block.writeUInt32BE(tree.big, 148);
  record(Buffer.from([0]), tree.root, SECTOR, true, stamp).copy(block, 156);
  for (const at of [190, 318, 446, 574]) text('', at, 128);
  for (const at of [702, 739, 776]) text('', at, 36);
  for (const at of [813, 830]) block.write(`${digits(stamp)}\x00`, at, 'latin1');
  // It is good for ever.
  for (const at of [847, 864]) block.write(`${'0'.repeat(16)}\x00`, at, 'latin1');
  block[881] = 1;
  return block;
}

const PATH_TABLE_BYTES = 10;

/** The root alone. */
function pathTable(root: number, isBig: boolean): Buffer {
  const table = Buffer.alloc(PATH_TABLE_BYTES);
  table[0] = 1;
  if (isBig) table.writeUInt32BE(root, 2);
  else table.writeUInt32LE(root, 2);
  if (isBig) table.writeUInt16BE(1, 6);
  else table.writeUInt16LE(1, 6);
  return table;
}

function record(id: Buffer, sector: number, bytes: number, isFolder: boolean, stamp: Date): Buffer {
  const entry = Buffer.alloc(33 + id.length + ((33 + id.length) % 2));
  entry[0] = entry.length;
  both32(entry, 2, sector);
  both32(entry, 10, bytes);
  const [year, month, day] = [stamp.getUTCFullYear() - 1900, stamp.getUTCMonth() + 1, stamp.getUTCDate()];
  entry.set([year, month, day, stamp.getUTCHours(), stamp.getUTCMinutes(), stamp.getUTCSeconds()], 18);
  entry[25] = isFolder ? 2 : 0;
  both16(entry, 28, 1);
  entry[32] = id.length;
  id.copy(entry, 33);
  return entry;
}

const digits = (stamp: Date): string => `${stamp.toISOString().replaceAll(/\D/g, '').slice(0, 14)}00`;

/** In both byte orders, one after the other. */
function both32(block: Buffer, at: number, value: number): void {
  block.writeUInt32LE(value, at);
  block.writeUInt32BE(value, at + 4);
}
function both16(block: Buffer, at: number, value: number): void {
  block.writeUInt16LE(value, at);
  block.writeUInt16BE(value, at + 2);
}
