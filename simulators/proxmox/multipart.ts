import { died } from './errors.ts';

/** A file that is uploaded, with the fields before it. */
export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly data: Buffer;
}

/**
 * Reads a form with a file as Proxmox VE's server does, which is picky: `content` first, then the checksum's algorithm and
 * the checksum, last a file that is called `filename`, whose `Content-Disposition` follows the boundary at once.
 *
 * @throws PveError where it would have given up
 */
export function multipartOf(type: string, body: Buffer): Upload {
  const [, boundary] = /boundary=("?)([^";]+)\1/.exec(type)?.slice(1) ?? [];
  if (boundary === undefined) throw died('upload failed');
  let rest = body.toString('latin1');
  const delimiter = `--${boundary}\r\n`;
  rest = rest.slice(Math.max(0, rest.indexOf(delimiter)));
  const fields: Record<string, string> = {};
  for (const name of ['content', 'checksum-algorithm', 'checksum']) {
    const head = `${delimiter}Content-Disposition: form-data; name="${name}"`;
    if (!rest.startsWith(head)) continue;
    const begin = rest.indexOf('\r\n\r\n') + 4;
    const end = rest.indexOf(delimiter, begin);
    fields[name] = rest.slice(begin, end).trim();
    rest = rest.slice(end);
  }
  const file = /^--[^\r]+\r\nContent-Disposition: form-data; name="([^"]*)"; filename="([^"]+)"/.exec(rest);
  if (file === null) throw died('upload failed');
  if (file[1] !== 'filename')
    throw died(`wrong field name '${file[1]}' for file upload, expected 'filename'`);
  fields.filename = (file[2] ?? '').trim();
  const begin = rest.indexOf('\r\n\r\n') + 4;
  const end = rest.indexOf(`--${boundary}--`, begin);
  if (end < 0) throw died('upload failed');
  return { fields, data: Buffer.from(rest.slice(begin, end).replace(/\r?\n$/, ''), 'latin1') };
}
