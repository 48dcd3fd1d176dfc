import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import Type, { type Static } from 'typebox';
import { faultsIn, fileOf, refuseFaults, takenIds } from './file.ts';

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
  const given = await fileOf(file);
  if (given === undefined) {
    // A folder that is missing or may not be written to is no trouble: the same counts without the file.
    await writeFile(file, textOf(shipped), { flag: 'wx' }).catch(() => {});
    return shipped;
  }
  refuseFaults(file, workloadFaults(given));
  return (given as Static<typeof schema>).workloads;
}

/** All that is wrong, a line `path: message` each. */
export function workloadFaults(given: unknown): readonly string[] {
  const lines = faultsIn(schema, given, ['workloads', 'id', 'title', 'vram']);
  return lines.length > 0 ? lines : takenIds('workloads', (given as Static<typeof schema>).workloads);
}

/** The file as it is written first. */
export const textOf = (workloads: Workloads): string =>
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
