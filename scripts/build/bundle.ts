import { readFileSync } from 'node:fs';
import { glob, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import { builtins, leaveOut, noNumberCache, SSH_ENTRY, sshOnDemand } from './plugins.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** CommonJS packages in an ES module want these. */
const BANNER = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/**
 * Bundles the app into `folder`: `main.js`, and a chunk for each thing that is loaded on demand. Names are kept and no
 * line is squeezed together, so stack traces can be read without source maps.
 *
 * @returns what is in which chunk; paths are relative to the project
 */
export async function bundle(folder: string): Promise<Metafile> {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: 'addon/src/main.ts', out: 'main' }, SSH_ENTRY],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: { js: BANNER },
    define: { LABKEEPER_VERSION: JSON.stringify(version) },
    // Optional native helpers of ssh2, which does without.
    external: ['*.node', 'cpu-features', 'deasync'],
    plugins: [leaveOut, sshOnDemand, builtins, noNumberCache],
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  await mkdir(folder, { recursive: true });
  // Chunks are named by their content: those of an earlier build stay otherwise.
  for await (const old of glob('*.js', { cwd: folder })) await rm(path.join(folder, old));
  await Promise.all(outputFiles.map((file) => writeFile(file.path, ascii(file.text))));
  return metafile;
}

/** One letter beyond Latin-1 doubles the memory of its whole file. esbuild writes them as escapes, but for regular expressions. */
const ascii = (code: string): string =>
  code.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Packages whose code the entry point loads at once: not those behind an `import()`. */
export function loadedAtOnce({ outputs }: Metafile, entry: string): Map<string, number> {
  const packages = new Map<string, number>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    const output = outputs[file];
    if (output === undefined || seen.has(file)) return;
    seen.add(file);
    for (const [name, bytes] of packagesIn(output)) packages.set(name, (packages.get(name) ?? 0) + bytes);
    for (const { path: next, kind } of output.imports) if (kind === 'import-statement') visit(next);
  };
  visit(entry);
  return packages;
}

/** Bytes that each package has in a chunk; our own code is `labkeeper`. */
export function packagesIn({ inputs }: Metafile['outputs'][string]): Map<string, number> {
  const packages = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'labkeeper';
    packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
  }
  return packages;
}
