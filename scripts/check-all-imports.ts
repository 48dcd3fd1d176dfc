// Checks who imports whom, in the app and in what browsers load.
import path from 'node:path';
import { checkCardImports } from './card-imports.ts';
import { checkImports, readTree, type Violation } from './check-imports.ts';

const TREES: readonly (readonly [string, (files: ReadonlyMap<string, string>) => readonly Violation[]])[] = [
  ['addon/src', checkImports],
  ['frontend-card/src', checkCardImports],
];

let count = 0;
for (const [folder, check] of TREES) {
  const files = readTree(path.join(import.meta.dirname, '..', folder));
  count += files.size;
  for (const { file, line, rule, message } of check(files)) {
    console.error(`${folder}/${file}:${line}: ${rule}: ${message}`);
    process.exitCode = 1;
  }
}
if (process.exitCode !== 1) console.log(`imports of ${count} files keep to their rooms`);
