import path from 'node:path';
import type { Static } from 'typebox';
import { type PowerProfile, powerProfilesSchema } from '../contract/power-profile.ts';
import { faultsIn, fileOf, refuseFaults, takenIds } from './file.ts';

const FILE = 'power-profiles.yaml';
const KEYS = ['profiles', 'id', 'title', 'on', 'off'];

/**
 * The power profiles of the file `power-profiles.yaml` in the folder of configuration, read anew each time that one is
 * applied.
 *
 * @param folder undefined: there is none
 * @throws LabError `options_invalid` with all that is wrong, a line `path: message` each
 */
export async function loadPowerProfiles(folder: string | undefined): Promise<readonly PowerProfile[]> {
  if (folder === undefined) return [];
  const file = path.join(folder, FILE);
  const given = await fileOf(file);
  if (given === undefined) return [];
  refuseFaults(file, powerProfileFaults(given));
  return (given as Static<typeof powerProfilesSchema>).profiles;
}

/** All that is wrong, a line `path: message` each. */
export function powerProfileFaults(given: unknown): readonly string[] {
  const faults = faultsIn(powerProfilesSchema, given, KEYS);
  if (faults.length > 0) return faults;
  return takenIds('profiles', (given as Static<typeof powerProfilesSchema>).profiles);
}
