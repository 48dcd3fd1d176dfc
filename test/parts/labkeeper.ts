import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type Restartable, run } from './process.ts';

const MAIN = new URL('../../addon/src/main.ts', import.meta.url).pathname;

export interface Labkeeper extends Restartable {
  /** Of the page and the API. */
  readonly url: string;
  /** Of the voice, where the options have one. */
  readonly wyomingPort: number;
  /** Its data folder. */
  readonly folder: string;
  /** Takes effect with the next `start`. */
  configure(options: object): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the app as users do, with these options. It keeps its data over `end` and `start`.
 *
 * @param configFolder with the files that are longer than options
 */
export async function startLabkeeper(options: object, configFolder?: string): Promise<Labkeeper> {
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-'));
  const file = path.join(folder, 'options.json');
  const port = await freePort();
  const wyomingPort = await freePort();
  const configure = (changed: object): Promise<void> => writeFile(file, JSON.stringify(changed));
  const begin = () =>
    run(process.execPath, [MAIN], {
      env: {
        ...{ LABKEEPER_OPTIONS: file, LABKEEPER_DATA: folder, LABKEEPER_HTTP_PORT: String(port) },
        ...(configFolder !== undefined && { LABKEEPER_CONFIG: configFolder }),
        LABKEEPER_WYOMING_PORT: String(wyomingPort),
      },
    });
  await configure(options);
  let running = begin();
  return {
    url: `http://127.0.0.1:${port}`,
    wyomingPort,
    folder,
    configure,
    get running() {
      return running;
    },
    end: () => running.stop(),
    start: async () => {
      running = begin();
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
