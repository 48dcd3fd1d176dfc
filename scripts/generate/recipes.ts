import { parse } from 'yaml';

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
