import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type Restartable, run, untilListening } from './process.ts';

export interface Mosquitto extends Restartable {
  readonly port: number;
  /** Loses what was retained; only while it is ended. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Debian's broker on loopback. It keeps retained messages over `end` and `start`. */
export async function startMosquitto(): Promise<Mosquitto> {
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'mosquitto-'));
  const config = path.join(folder, 'mosquitto.conf');
  const keep = `persistence true\npersistence_location ${folder}/\n`;
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n${keep}user root\n`);
  const begin = async () => {
    const running = run('mosquitto', ['-c', config], { env: { PATH: `${process.env.PATH}:/usr/sbin` } });
    await untilListening('mosquitto (apt-get install mosquitto)', port, running, 10_000);
    return running;
  };
  let running = await begin();
  return {
    port,
    get running() {
      return running;
    },
    end: () => running.stop(),
    start: async () => {
      running = await begin();
    },
    forget: () => rm(path.join(folder, 'mosquitto.db')),
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true });
    },
  };
}
