import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Where the integration serves it from. */
export const CARD = path.join(ROOT, 'custom_components/labkeeper/www/labkeeper-card.js');

/**
 * Bundles the cards into one ES module, `custom_components/labkeeper/www/labkeeper-card.js` unless told otherwise.
 *
 * @returns its bytes as they are and as they go over a wire
 */
export async function bundleCard(file = CARD): Promise<{ readonly bytes: number; readonly gzipped: number }> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['frontend-card/src/main.ts'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // What Home Assistant's own frontend asks for, or newer: `light-dark()`, container queries, `Map.groupBy`.
    target: 'es2022',
    conditions: ['production'],
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  const [{ contents }] = outputFiles as [(typeof outputFiles)[number]];
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, contents);
  return { bytes: contents.length, gzipped: gzipSync(contents).length };
}
