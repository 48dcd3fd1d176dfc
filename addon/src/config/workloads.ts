import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { LabError } from '../core/errors.ts';
import { explain } from './explain.ts';
import { parseOptions } from './load.ts';
import { parseJsonPointer, pathOf, valueAt } from './path.ts';

const FILE = 'workloads.yaml';

const schema = Type.Object(
  {
    workloads: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', examples: ['chatterbox'] }),
          title: Type.String({ minLength: 1, maxLength: 60 }),
          vram: Type.Number({ exclusiveMinimum: 0, maximum: 4_096 }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

export type Workloads = readonly Readonly<Static<typeof schema>['workloads'][number]>[];

/**
 * What is to be done on cards, from the file `workloads.yaml` in the folder of configuration. Where there is none, it is
 * written, to be changed by a person.
 *
 * @param folder undefined: there is none
 * @param shipped what counts without the file
 * @throws LabError `options_invalid` with all that is wrong, a line `path: message` each
 */
export async function loadWorkloads(folder: string | undefined, shipped: Workloads): Promise<Workloads> {
  if (folder === undefined) return shipped;
  const file = path.join(folder, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new LabError('options_invalid', `${file}: ${message}`, { cause });
    // A folder that is missing or may not be written to is no trouble: the same counts without the file.
    await writeFile(file, textOf(shipped), { flag: 'wx' }).catch(() => {});
    return shipped;
  }
  const given = await parseOptions(text, file);
  const lines = problemsOf(given);
  if (lines.length > 0)
    throw new LabError('options_invalid', lines.map((line) => `${file}: ${line}`).join('\n'));
  return (given as Static<typeof schema>).workloads;
}

function problemsOf(given: unknown): readonly string[] {
  const lines = Value.Errors(schema, given).flatMap((error) => {
    const parts = parseJsonPointer(error.instancePath);
    const at = pathOf(parts) || 'file';
    if (error.keyword === 'additionalProperties') return [];
    if (error.keyword === 'boolean') return [`${at}: there is no such key`];
    if (error.keyword !== 'required') return [`${at}: ${explain(error, schema, valueAt(given, parts))}`];
    return error.params.requiredProperties.map((key) => `${pathOf([...parts, key])}: is missing`);
  });
  if (lines.length > 0) return [...new Set(lines)];
  const ids = (given as Static<typeof schema>).workloads.map(({ id }) => id);
  return ids.flatMap((id, at) =>
    ids.indexOf(id) < at ? [`workloads[${at}].id: “${id}” is taken by workloads[${ids.indexOf(id)}]`] : [],
  );
}

const textOf = (workloads: Workloads): string =>
  [
    '# What is to be done on cards: Labkeeper tells for which of it there is room, and what would have to end.',
    '# vram: what it needs at least, in GB, as cards are sold. Read at the start.',
    'workloads:',
    ...workloads.flatMap(({ id, title, vram }) => [
      `  - id: ${id}`,
      `    title: ${JSON.stringify(title)}`,
      `    vram: ${vram}`,
    ]),
    '',
  ].join('\n');
