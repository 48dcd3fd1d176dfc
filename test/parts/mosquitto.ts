import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type Running, run, untilListening } from './process.ts';

export interface Mosquitto {
  readonly port: number;
  readonly running: Running;
  stop(): Promise<void>;
}

/** Starts Debian's broker on loopback. */
export async function startMosquitto(): Promise<Mosquitto> {
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'mosquitto-'));
  const config = path.join(folder, 'mosquitto.conf');
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n`);
  const running = run('mosquitto', ['-c', config], { env: { PATH: `${process.env.PATH}:/usr/sbin` } });
  await untilListening('mosquitto (apt-get install mosquitto)', port, running, 10_000);
  return {
    port,
    running,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true });
    },
  };
}
