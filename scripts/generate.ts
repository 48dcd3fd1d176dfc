import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { instanceFields, optionsSchema } from '../addon/src/config/options.ts';
import { addonConfig, imageOf } from './generate/addon-config.ts';
import { withOptionTables } from './generate/docs.ts';
import { driftOf } from './generate/drift.ts';
import { integrationFiles } from './generate/integration/files.ts';
import { shippedBuildOut, shippedRecipes } from './generate/recipes.ts';
import { allSources } from './generate/sources.ts';
import { translations } from './generate/translations.ts';

/**
 * What is made from the schema of the options, from actions and from recipes, by path.
 *
 * @param read the text of a file of the project
 * @param list the names of the files of a folder of the project
 */
export async function generatedFiles(
  read: (file: string) => string,
  list: (folder: string) => readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const recipes = list('recipes').filter((name) => name !== 'build-out.yaml');
  const options = optionsSchema(await allSources());
  const project = JSON.parse(read('package.json'));
  return new Map([
    ['addon/config.yaml', addonConfig(options, project)],
    [
      'docs/compose.yaml',
      read('docs/compose.yaml').replace(/^( +image:) .*$/m, `$1 ${imageOf(project)}:${project.version}`),
    ],
    ['addon/translations/en.yaml', translations(options, 'en')],
    ['addon/translations/de.yaml', translations(options, 'de')],
    ['addon/src/lab/build-out/shipped.ts', shippedBuildOut(read('recipes/build-out.yaml'))],
    [
      'addon/src/lab/recipe/shipped.ts',
      shippedRecipes(new Map(recipes.map((name) => [name, read(`recipes/${name}`)]))),
    ],
    ...integrationFiles(JSON.parse(read('package.json')).version),
    ['DOCS.md', withOptionTables(read('DOCS.md'), options, Object.keys(instanceFields))],
  ]);
}

if (import.meta.main) {
  const root = path.join(import.meta.dirname, '..');
  const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
  const list = (folder: string): readonly string[] => readdirSync(path.join(root, folder)).sort();
  const files = await generatedFiles(read, list);
  if (process.argv.includes('--check')) {
    const have = (file: string): string | undefined =>
      existsSync(path.join(root, file)) ? read(file) : undefined;
    const drifts = [...files]
      .map(([file, text]) => driftOf(file, have(file), text))
      .filter((drift) => drift !== '');
    if (drifts.length > 0) {
      console.error(`${drifts.join('\n\n')}\n\nnpm run generate brings this up to date`);
      process.exitCode = 1;
    } else console.log(`${files.size} generated files are up to date`);
  } else {
    for (const [file, text] of files) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
  }
}
