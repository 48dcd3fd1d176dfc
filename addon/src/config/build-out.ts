import path from 'node:path';
import Value from 'typebox/value';
import { type BuildOut, buildOutItemSchema, buildOutSchema } from '../contract/build-out.ts';
import { faultsOfChecks, type Vocabulary } from './build-out-words.ts';
import { faultsIn, fileOf, refuseFaults } from './file.ts';

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
    'on',
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
  const given = await fileOf(file);
  if (given === undefined) return undefined;
  refuseFaults(file, buildOutFaults(given, words));
  return given as BuildOut;
}

/** All that is wrong, a line `path: message` each. */
export function buildOutFaults(given: unknown, words: Vocabulary): readonly string[] {
  if (isDeeper(given, DEEPEST)) return [`file: checks lie within checks more than ${DEEPEST} levels deep`];
  const lines = faultsIn(buildOutSchema, given, KEYS);
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
