// npm run stage-local -- FOLDER: puts everything into FOLDER that Home Assistant needs to build the app itself, from its
// folder for local apps (/addons). A FOLDER that was made so before is made anew; any other has to be empty.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
/** What the image is built from (.dockerignore). */
const BUILT_FROM = [
  ...['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json'],
  ...['addon/src', 'addon/container', 'frontend-card', 'scripts/build.ts', 'scripts/build'],
];
/** What the Supervisor reads, beside config.yaml. Links do not leave the project. */
const SHOWN = [
  'README.md',
  'DOCS.md',
  'CHANGELOG.md',
  'icon.png',
  'logo.png',
  'apparmor.txt',
  'translations',
];

/**
 * Stages the app.
 *
 * @returns what is wrong with `folder`; undefined: it is done
 */
export function stage(folder: string): string | undefined {
  if (existsSync(folder)) {
    const names = readdirSync(folder);
    const ours =
      names.includes('config.yaml') && /^slug: labkeeper$/m.test(config(path.join(folder, 'config.yaml')));
    if (names.length > 0 && !ours)
      return `${folder} holds something else: name an empty folder, or a new one`;
    for (const name of names) rmSync(path.join(folder, name), { recursive: true });
  }
  mkdirSync(folder, { recursive: true });
  const copy = (from: string, to: string): void =>
    cpSync(path.join(ROOT, from), path.join(folder, to), { recursive: true, dereference: true });
  for (const file of BUILT_FROM) copy(file, file);
  for (const file of SHOWN) copy(`addon/${file}`, file);
  // With an image, the Supervisor would fetch that instead of building this.
  const text = config(path.join(ROOT, 'addon/config.yaml')).replace(/^image: .*\n/m, '');
  writeFileSync(path.join(folder, 'config.yaml'), text);
  return undefined;
}

const config = (file: string): string => readFileSync(file, 'utf8');

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  const wrong = folder === undefined ? 'usage: npm run stage-local -- FOLDER' : stage(path.resolve(folder));
  if (wrong !== undefined) {
    console.error(wrong);
    process.exitCode = 1;
  } else
    console.log(`Home Assistant builds Labkeeper from ${folder}, in its folder for local apps (/addons)`);
}
