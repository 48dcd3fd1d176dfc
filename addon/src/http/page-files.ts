import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** A file of the page as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
  readonly etag: string;
}

/** The page as it was built: `index.html`, and what it loads by the names in `assets`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/**
 * Reads the page as it was built. Only what is there when it is read is ever sent, so no path leads anywhere else.
 *
 * @returns undefined where it was not built
 */
export async function readPage(folder: string): Promise<PageFiles | undefined> {
  let names: readonly string[];
  try {
    names = await readdir(path.join(folder, 'assets'));
  } catch {
    return undefined;
  }
  const files = ['index.html', ...names.map((name) => `assets/${name}`)];
  const read = async (name: string): Promise<[string, PageFile]> => {
    const body = await readFile(path.join(folder, name));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
    return [name, { type, body, gzipped: await promisify(gzip)(body), etag }];
  };
  return new Map(await Promise.all(files.map(read)));
}
