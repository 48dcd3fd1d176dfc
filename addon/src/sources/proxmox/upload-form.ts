import { createHash } from 'node:crypto';

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

/**
 * The form that `POST …/upload` takes. Its server looks for the fields in this order, and for the file's name straight after
 * the boundary; the sum has it notice what came incomplete.
 */
export function formWith({ content, name, data }: Upload): Buffer {
  const fields = {
    content,
    'checksum-algorithm': 'sha256',
    checksum: createHash('sha256').update(data).digest('hex'),
  };
  const parts = Object.entries(fields).map(
    ([key, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  );
  const file =
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="filename"; filename="${name}"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n';
  return Buffer.concat([Buffer.from(parts.join('') + file), data, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}
