import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '../..');
const HTML = path.join(ROOT, 'frontend-card/src/page/index.html');
/** Where the app looks for it when it is run from its sources. */
export const PAGE = path.join(ROOT, 'addon/dist/page');

/**
 * Bundles the app's own page into `folder`: `index.html`, and in `assets` its modules, which are named by their content.
 * What few people open (forms, files) is loaded then.
 *
 * @returns bytes of each module
 */
export async function bundlePage(folder = PAGE): Promise<ReadonlyMap<string, number>> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: { page: 'frontend-card/src/page/main.ts' },
    outdir: path.join(folder, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['production'],
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  for (const { path: file, contents } of outputFiles) await writeFile(file, contents);
  const entry = outputFiles.map((file) => path.basename(file.path)).find((name) => name.startsWith('page-'));
  const html = await readFile(HTML, 'utf8');
  await writeFile(path.join(folder, 'index.html'), html.replace('assets/page.js', `assets/${entry}`));
  return new Map(outputFiles.map((file) => [path.basename(file.path), file.contents.length]));
}
