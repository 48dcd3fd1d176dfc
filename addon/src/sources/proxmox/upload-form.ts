import { createHash } from 'node:crypto';
import type { StreamedBody } from '../../net/http-client.ts';

/** A file that is put on a storage. */
export interface Upload {
  /** As in `iso`. */
  readonly content: string;
  /** Letters, digits, `-`, `_` and dots. */
  readonly name: string;
  readonly data: Buffer;
}

const BOUNDARY = 'labkeeper-3f0d6a1c9b7e';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** The same as it comes: it is not known beforehand what is in it. */
export interface StreamedUpload extends Omit<Upload, 'data'> {
  /** Of the file. */
  readonly bytes: number;
  readonly chunks: AsyncIterable<Buffer>;
}

/**
 * The form that `POST …/upload` takes. Its server looks for the fields in this order, and for the file's name straight after
 * the boundary; the sum has it notice what came incomplete.
 */
export function formWith({ content, name, data }: Upload): Buffer {
  const sum = createHash('sha256').update(data).digest('hex');
  const head = headOf(name, { content, 'checksum-algorithm': 'sha256', checksum: sum });
  return Buffer.concat([head, data, TAIL]);
}

/** The same form; without its end, which comes only after all of the file, the server keeps nothing. */
export function streamedFormWith({ content, name, bytes, chunks }: StreamedUpload): StreamedBody {
  const head = headOf(name, { content });
  return { bytes: head.length + bytes + TAIL.length, chunks: joined(head, chunks) };
}

async function* joined(head: Buffer, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* chunks;
  yield TAIL;
}

const TAIL = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);

function headOf(name: string, fields: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(fields).map(
    ([key, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  );
  const file =
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="filename"; filename="${name}"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n';
  return Buffer.from(parts.join('') + file);
}
