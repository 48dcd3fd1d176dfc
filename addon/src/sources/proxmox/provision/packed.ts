import type { Check } from '../../../contract/step.ts';
import { LabError } from '../../../core/errors.ts';
import { isXz, XZ_EDGE, XzError, xzTailBytes, xzUnpackedBytes } from '../../../core/xz.ts';
import { publishedPart } from '../../../net/published-file.ts';
import { hasXz } from '../../../net/xz-run.ts';
import type { Desk } from '../reader.ts';

/** Of the end of a file, enough for most indexes. */
const TAIL = 64 * 1024;
const MOST_INDEX = 8 * 1024 ** 2;

/** An image that its publisher packed, which Proxmox VE does not unpack. */
export interface Packed {
  readonly url: string;
  /** SHA-256 or SHA-512 of the packed file, in hex digits. */
  readonly checksum: string;
  /** Bytes of the packed file. */
  readonly packedBytes: number;
  /** Bytes of what is in it. */
  readonly bytes: number;
}

export const isPacked = (url: string): boolean => url.endsWith('.xz');

export function unpackCheck(): Check {
  const name = 'Unpacking';
  if (hasXz()) return { name, ok: true, message: 'xz is there' };
  return {
    ...{ name, ok: false, message: 'there is no program xz where Labkeeper runs' },
    hint: 'install xz-utils there, or use a template',
  };
}

/**
 * How large a packed image is, packed and not, by its beginning and its end.
 *
 * @throws LabError `unreachable`, `certificate_refused`; `source_failed`: there is no such file; `source_refused`: its size
 *   cannot be known, so it cannot be uploaded
 */
export async function packedOf(
  { context }: Desk,
  url: string,
  checksum: string,
  signal: AbortSignal,
): Promise<Packed> {
  const asked = { name: context.owner, signal };
  const refused = (why: string, hint: string): LabError =>
    new LabError('source_refused', `${context.owner}: ${url}: ${why}`, { hint });
  const part = async (first: number, last: number) => {
    const got = await publishedPart(url, first, last, asked);
    if (got !== undefined) return got;
    throw refused(
      'its server gives no parts of a file, by which its size would be known',
      'take it from another server, unpack it and give the address of that, or use a template',
    );
  };
  try {
    const { data: head, total } = await part(0, XZ_EDGE - 1);
    if (!isXz(head)) throw new XzError('it does not begin as an .xz file does');
    const endOf = async (bytes: number): Promise<Buffer> =>
      (await part(Math.max(0, total - bytes), total - 1)).data;
    const end = await endOf(TAIL);
    const bytes = xzTailBytes(end.subarray(-XZ_EDGE));
    if (bytes > Math.min(total, MOST_INDEX)) throw new XzError('its index is damaged');
    const tail = bytes <= end.length ? end.subarray(-bytes) : await endOf(bytes);
    return { url, checksum, packedBytes: total, bytes: xzUnpackedBytes(tail, total) };
  } catch (thrown) {
    if (!(thrown instanceof XzError)) throw thrown;
    throw refused(thrown.message, 'check the address, or use a template');
  }
}
