import { parse } from 'yaml';
import { recipeFaults } from '../../addon/src/config/recipes.ts';

/** `recipes/build-out.yaml` as code, since the app has no other file: read already, and as it stands for who wants a copy. */
export function shippedBuildOut(text: string): string {
  const data = JSON.stringify(parse(text)).replaceAll(/['\\]/g, '\\$&');
  return `// Made from recipes/build-out.yaml by npm run generate.
import type { BuildOut } from '../../contract/build-out.ts';

export const BUILD_OUT: BuildOut = JSON.parse(
  '${data}',
);

export const BUILD_OUT_FILE = \`${text.replaceAll(/[\\`]|\$\{/g, '\\$&')}\`;
`;
}

/** Every other file of `recipes/` as code. @param texts by name of the file */
export function shippedRecipes(texts: ReadonlyMap<string, string>): string {
  const recipes = [...texts].map(([name, text]) => {
    const given: unknown = parse(text);
    const faults = recipeFaults(given);
    if (faults.length > 0) throw new Error(faults.map((line) => `recipes/${name}: ${line}`).join('\n'));
    return `  JSON.parse(\n    '${JSON.stringify(given).replaceAll(/['\\]/g, '\\$&')}',\n  ),`;
  });
  return `// Made from recipes/ by npm run generate.
import type { Recipe } from '../../contract/recipe.ts';

export const RECIPES: readonly Recipe[] = [
${recipes.join('\n')}
];
`;
}
