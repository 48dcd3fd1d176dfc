import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { type BuildOut, buildOutItemSchema, buildOutSchema } from '../contract/build-out.ts';
import { LabError } from '../core/errors.ts';
import { faultsOfChecks, type Vocabulary } from './build-out-words.ts';
import { explain } from './explain.ts';
import { nearest } from './hints.ts';
import { parseOptions } from './load.ts';
import { parseJsonPointer, pathOf, valueAt } from './path.ts';

const FILE = path.join('recipes', 'build-out.yaml');
/** Checks within checks; a file that an anchor of YAML leads back into itself has no end. */
const DEEPEST = 24;

/** Every key that a file may have somewhere, for who has misspelt one. */
const KEYS = [
  ...[
    'phases',
    'id',
    'title',
    'items',
    'check',
    'todo',
    'action',
    'input',
    'kind',
    'source',
    'name',
    'readings',
  ],
  ...['facts', 'sound', 'in', 'links', 'least', 'every', 'all', 'any'],
];

/**
 * What a person says the lab is to become, from the file `recipes/build-out.yaml` in the folder of configuration.
 *
 * @param folder undefined: there is none
 * @returns undefined where there is no such file
 * @throws LabError `options_invalid` with all that is wrong, a line `path: message` each
 */
export async function loadBuildOut(
  folder: string | undefined,
  words: Vocabulary,
): Promise<BuildOut | undefined> {
  if (folder === undefined) return undefined;
  const file = path.join(folder, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new LabError('options_invalid', `${file}: ${message}`, { cause });
  }
  const given = await parseOptions(text, file);
  const faults = buildOutFaults(given, words);
  if (faults.length === 0) return given as BuildOut;
  throw new LabError('options_invalid', faults.map((line) => `${file}: ${line}`).join('\n'));
}

/** All that is wrong, a line `path: message` each. */
export function buildOutFaults(given: unknown, words: Vocabulary): readonly string[] {
  if (isDeeper(given, DEEPEST)) return [`file: checks lie within checks more than ${DEEPEST} levels deep`];
  const lines = Value.Errors(buildOutSchema, given).flatMap((error) => {
    const parts = parseJsonPointer(error.instancePath);
    const at = pathOf(parts) || 'file';
    if (error.keyword === 'additionalProperties') return [];
    if (error.keyword === 'boolean') {
      const hint = nearest(String(parts.at(-1)), KEYS);
      return [`${at}: there is no such key here${hint === undefined ? '' : `; did you mean “${hint}”?`}`];
    }
    if (error.keyword !== 'required')
      return [`${at}: ${explain(error, buildOutSchema, valueAt(given, parts))}`];
    return error.params.requiredProperties.map((key) => `${pathOf([...parts, key])}: is missing`);
  });
  if (lines.length === 0)
    return [...idFaults(given as BuildOut), ...faultsOfChecks(given as BuildOut, words)];
  // What words mean can be told of what stands where it belongs, whatever is wrong elsewhere.
  const sound = (item: unknown): boolean => Value.Check(buildOutItemSchema, item);
  return [...new Set([...lines, ...faultsOfChecks(given as BuildOut, words, sound)])];
}

function idFaults({ phases }: BuildOut): readonly string[] {
  const all = phases.flatMap(({ id, items }, phase) => [
    { of: 'phase', id, path: `phases[${phase}].id` },
    ...items.map((item, at) => ({ of: 'item', id: item.id, path: `phases[${phase}].items[${at}].id` })),
  ]);
  return all.flatMap(({ of, id, path: at }, index) => {
    const first = all.findIndex((one) => one.of === of && one.id === id);
    return first < index ? [`${at}: “${id}” is taken by ${all[first]?.path}`] : [];
  });
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
