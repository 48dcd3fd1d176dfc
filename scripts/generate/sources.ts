import { existsSync, readdirSync } from 'node:fs';
import type { TObject } from 'typebox';
import type { Source } from '../../addon/src/contract/source.ts';

const FOLDER = new URL('../../addon/src/sources/', import.meta.url);

/**
 * What each source lets people configure, by its name, in the order of the alphabet. Only the schemas are loaded, and
 * nothing that talks to a system.
 */
export async function allSources(): Promise<Readonly<Record<string, Pick<Source, 'options' | 'shared'>>>> {
  const names = readdirSync(FOLDER)
    .filter((name) => existsSync(new URL(`${name}/config.ts`, FOLDER)))
    .sort();
  const entries = names.map(async (name) => {
    const exported: Readonly<Record<string, unknown>> = await import(
      new URL(`${name}/config.ts`, FOLDER).href
    );
    const options = exported[`${name}Options`] as TObject | undefined;
    if (options === undefined) throw new Error(`sources/${name}/config.ts must export ${name}Options`);
    const shared = exported[`${name}Shared`] as TObject | undefined;
    return [name, { options, ...(shared !== undefined && { shared }) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
