import path from 'node:path';
import type { Static } from 'typebox';
import { type Style, stylesSchema } from '../contract/style.ts';
import { faultsIn, fileOf, refuseFaults, takenIds } from './file.ts';

const FILE = 'styles.yaml';
const KEYS = ['styles', 'id', 'title', 'exaggeration', 'cfg_weight', 'temperature', 'speed', 'voices'];

/**
 * The styles of the file `styles.yaml` in the folder of configuration, in which voices are offered as well.
 *
 * @param folder undefined: there is none
 * @throws LabError `options_invalid` with all that is wrong, a line `path: message` each
 */
export async function loadStyles(folder: string | undefined): Promise<readonly Style[]> {
  if (folder === undefined) return [];
  const file = path.join(folder, FILE);
  const given = await fileOf(file);
  if (given === undefined) return [];
  refuseFaults(file, styleFaults(given));
  return (given as Static<typeof stylesSchema>).styles;
}

/** All that is wrong, a line `path: message` each. */
export function styleFaults(given: unknown): readonly string[] {
  const faults = faultsIn(stylesSchema, given, KEYS);
  if (faults.length > 0) return faults;
  return takenIds('styles', (given as Static<typeof stylesSchema>).styles);
}
