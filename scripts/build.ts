// npm run build [-- FOLDER]: bundles the app, into addon/dist unless told otherwise, and prints what is in which chunk.
// Beside it goes how Node.js is to run it, for the shell that starts it (addon/container/labkeeper). Without a folder also
// the cards for dashboards, where the integration serves them.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle, packagesIn } from './build/bundle.ts';
import { bundleCard } from './build/card.ts';
import { nodeEnv } from './build/node-env.ts';
import { bundlePage } from './build/page.ts';

const folder = path.resolve(process.argv[2] ?? 'addon/dist');
const { outputs } = await bundle(folder);
await writeFile(path.join(folder, 'node.env'), nodeEnv());
const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1_000)} kB`.padStart(8);
for (const [file, output] of Object.entries(outputs).sort(([, a], [, b]) => b.bytes - a.bytes)) {
  const packages = [...packagesIn(output)].sort(([, a], [, b]) => b - a).slice(0, 8);
  const names = packages.map(([name, bytes]) => `${name} ${Math.ceil(bytes / 1_000)}`).join(', ');
  console.log(`${kilobytes(output.bytes)}  ${path.basename(file).padEnd(24)} ${names}`);
}

const page = await bundlePage(path.join(folder, 'page'));
for (const [file, bytes] of page) console.log(`${kilobytes(bytes)}  page/assets/${file}`);

if (process.argv[2] === undefined) {
  const { bytes, gzipped } = await bundleCard();
  console.log(`${kilobytes(bytes)}  labkeeper-card.js        ${Math.ceil(gzipped / 1_000)} gzipped`);
}
