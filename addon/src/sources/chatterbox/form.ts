import { createHash } from 'node:crypto';
import type { VoiceSample } from '../../contract/speech.ts';
import type { HttpRequest } from '../../net/http-client.ts';

/** So long a server may look at a sample. */
const DEADLINE_MS = 60_000;

/**
 * A form that sends a sample as a file.
 *
 * @param field that the file is in
 * @param texts of other fields
 */
export function sampleForm(
  path: string,
  field: string,
  { name, type, data }: VoiceSample,
  texts: Readonly<Record<string, string>> = {},
): HttpRequest {
  // Whatever is in the sample, this is not.
  const boundary = `labkeeper-${createHash('sha256').update(data).digest('hex').slice(0, 24)}`;
  const part = (head: string, body: Buffer | string): readonly (Buffer | string)[] => [
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`,
    body,
    '\r\n',
  ];
  const file = `name="${field}"; filename="${name}.${type}"\r\nContent-Type: audio/${type === 'wav' ? 'wav' : 'mpeg'}`;
  const parts = [
    ...Object.entries(texts).flatMap(([key, text]) => part(`name="${key}"`, text)),
    ...part(file, data),
    `--${boundary}--\r\n`,
  ];
  return {
    ...{ method: 'POST', path, deadlineMs: DEADLINE_MS },
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat(parts.map((one) => Buffer.from(one))),
  };
}
