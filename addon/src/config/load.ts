import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { LabError } from '../core/errors.ts';

/**
 * Reads an options file, JSON or YAML (of which JSON is a part).
 *
 * @throws LabError `options_invalid` when it cannot be read or is neither
 */
export async function readOptions(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8')) ?? {};
  } catch (cause) {
    throw new LabError('options_invalid', `${file}: ${(cause as Error).message}`, { cause });
  }
}
