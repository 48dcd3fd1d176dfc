import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { placesIn, type Recipe, type Recipes, recipeSchema } from '../contract/recipe.ts';
import { asLabError } from '../core/errors.ts';
import { faultsIn, fileOf, refuseFaults } from './file.ts';

const FOLDER = 'recipes';
const OTHER_FILES = ['build-out.yaml'];
const KEYS = [
  ...['id', 'title', 'description', 'de', 'target', 'choices', 'steps', 'notes', 'action', 'input', 'unless'],
  ...[
    'type',
    'default',
    'minimum',
    'maximum',
    'enum',
    'pattern',
    'optional',
    'secret',
    'kind',
    'name',
    'facts',
  ],
];

/**
 * All recipes: those that come with Labkeeper, and those of the folder `recipes` in the folder of configuration, which
 * outrank one with the same id. A file that is wrong keeps no other from counting.
 *
 * @param folder undefined: there is none
 */
export async function loadRecipes(folder: string | undefined, shipped: readonly Recipe[]): Promise<Recipes> {
  if (folder === undefined) return { recipes: shipped, problems: [] };
  const own = new Map<string, Recipe>();
  const problems: string[] = [];
  for (const name of await filesIn(path.join(folder, FOLDER))) {
    const file = path.join(folder, FOLDER, name);
    try {
      const given = await fileOf(file);
      refuseFaults(file, recipeFaults(given));
      const recipe = given as Recipe;
      if (own.has(recipe.id)) problems.push(`${file}: id: “${recipe.id}” is taken by another file`);
      else own.set(recipe.id, recipe);
    } catch (thrown) {
      problems.push(...asLabError(thrown).message.split('\n'));
    }
  }
  return { recipes: [...shipped.filter(({ id }) => !own.has(id)), ...own.values()], problems };
}

/** All that is wrong with a recipe, a line `path: message` each. */
export function recipeFaults(given: unknown): readonly string[] {
  const faults = faultsIn(recipeSchema, given, KEYS);
  if (faults.length > 0) return faults;
  const { choices = {}, steps } = given as Recipe;
  const unknown = steps.flatMap(({ input }, at) =>
    placesIn(input)
      .filter((name) => !Object.hasOwn(choices, name))
      .map((name) => `steps[${at}].input: “${name}” is none of the choices`),
  );
  const patterns = Object.entries(choices).flatMap(([name, { pattern }]) => {
    try {
      new RegExp(`^(?:${pattern ?? ''})$`, 'u');
      return [];
    } catch {
      return [`choices.${name}.pattern: is no regular expression`];
    }
  });
  return [...new Set([...unknown, ...patterns])];
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder))
      .filter((name) => /[.]ya?ml$/.test(name) && !OTHER_FILES.includes(name))
      .sort();
  } catch {
    return [];
  }
}
