import { LabError } from '../../../core/errors.ts';
import { publishedText } from '../../../net/published-text.ts';
import type { Desk } from '../reader.ts';

/**
 * The checksum of an image: as it was given, or as its publisher lists it.
 *
 * @param given hex digits, or the address of a list such as `SHA256SUMS`
 * @param url of the image
 * @returns SHA-256 or SHA-512 in hex digits
 * @throws LabError `source_failed`; `input_invalid` where the list does not have it
 */
export async function checksumOf(
  { context }: Desk,
  given: string,
  url: string,
  signal: AbortSignal,
): Promise<string> {
  if (!given.startsWith('http')) return given.toLowerCase();
  const file = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  const text = await publishedText(given, { name: context.owner, clock: context.clock }, signal);
  const found = checksumIn(text, file);
  if (found !== undefined) return found;
  throw new LabError('input_invalid', `input.image_checksum: ${given} has no checksum of ${file}`, {
    path: 'input.image_checksum',
    hint: 'give the checksum itself, or the address of SHA256SUMS or SHA512SUMS beside the image',
  });
}

/** What a list says of a file: `<hex>  <file>`, `<hex> *<file>`, or `SHA256 (<file>) = <hex>`. */
export function checksumIn(text: string, file: string): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    const [, first, name] =
      /^([0-9a-fA-F]{64}|[0-9a-fA-F]{128})\s+\*?(?:\.\/)?(\S+)$/.exec(line.trim()) ?? [];
    if (name === file) return first?.toLowerCase();
    const [, inBrackets, last] =
      /^SHA(?:256|512) \((\S+)\) = ([0-9a-fA-F]{64}|[0-9a-fA-F]{128})$/.exec(line.trim()) ?? [];
    if (inBrackets === file) return last?.toLowerCase();
  }
  return undefined;
}
