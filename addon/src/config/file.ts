import { readFile } from 'node:fs/promises';
import type { TObject } from 'typebox';
import Value from 'typebox/value';
import { LabError } from '../core/errors.ts';
import { explain } from './explain.ts';
import { nearest } from './hints.ts';
import { parseOptions } from './load.ts';
import { parseJsonPointer, pathOf, valueAt } from './path.ts';

/**
 * What a person wrote in a file beside the options, YAML or JSON, not checked yet.
 *
 * @returns undefined where there is no such file
 * @throws LabError `options_invalid` when it cannot be read or is neither
 */
export async function fileOf(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new LabError('options_invalid', `${file}: ${message}`, { cause });
  }
  return parseOptions(text, file);
}

/**
 * What of a file is not as its schema wants it, a line `path: message` each.
 *
 * @param keys every key that it may have somewhere, for who has misspelt one
 */
export function faultsIn(schema: TObject, given: unknown, keys: readonly string[] = []): readonly string[] {
  const lines = Value.Errors(schema, given).flatMap((error) => {
    const parts = parseJsonPointer(error.instancePath);
    const at = pathOf(parts) || 'file';
    if (error.keyword === 'additionalProperties') return [];
    if (error.keyword === 'boolean') {
      const hint = nearest(String(parts.at(-1)), keys);
      return [`${at}: there is no such key here${hint === undefined ? '' : `; did you mean “${hint}”?`}`];
    }
    if (error.keyword !== 'required') return [`${at}: ${explain(error, schema, valueAt(given, parts))}`];
    return error.params.requiredProperties.map((key) => `${pathOf([...parts, key])}: is missing`);
  });
  return [...new Set(lines)];
}

/** Those of a list whose id an earlier one has. @param list as it is called in the file */
export function takenIds(list: string, entries: readonly { readonly id: string }[]): readonly string[] {
  const ids = entries.map(({ id }) => id);
  return ids.flatMap((id, at) =>
    ids.indexOf(id) < at ? [`${list}[${at}].id: “${id}” is taken by ${list}[${ids.indexOf(id)}]`] : [],
  );
}

/** @throws LabError `options_invalid` with all that is wrong */
export function refuseFaults(file: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new LabError('options_invalid', faults.map((line) => `${file}: ${line}`).join('\n'));
}
