import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Running, run } from './process.ts';

const MAIN = new URL('../../addon/src/main.ts', import.meta.url).pathname;

/** Starts the app as users do, with these options. */
export async function startLabkeeper(options: object): Promise<Running> {
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-'));
  const file = path.join(folder, 'options.json');
  await writeFile(file, JSON.stringify(options));
  const running = run(process.execPath, [MAIN], {
    env: { LABKEEPER_OPTIONS: file, LABKEEPER_DATA: folder, LABKEEPER_HTTP_PORT: '0' },
  });
  return {
    ...running,
    stop: async (patienceMs) => {
      await running.stop(patienceMs);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
