import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, run, untilListening } from './process.ts';

/** Who may log in at a registry of the tests; the hash is bcrypt's of this very password. */
export const ROBOT = { username: 'robot', password: 'pull only' };
const HTPASSWD = 'robot:$2b$04$7tXaWgLpUJue1Zdt26EMZOn8ThRQr6QULDZvApcJoCwPGUBjXpXRe\n';

export interface Registry {
  /** Host and port, as images name it. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts Debian's registry on loopback, without TLS, for those who log in. */
export async function startRegistry(): Promise<Registry> {
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'registry-'));
  const users = path.join(folder, 'htpasswd');
  const config = path.join(folder, 'config.json');
  await writeFile(users, HTPASSWD);
  await writeFile(
    config,
    // YAML, which JSON is as well.
    JSON.stringify({
      version: 0.1,
      log: { level: 'warn' },
      storage: { filesystem: { rootdirectory: path.join(folder, 'data') } },
      http: { addr: `127.0.0.1:${port}`, secret: 'of the tests' },
      auth: { htpasswd: { realm: 'tests', path: users } },
    }),
  );
  const running = run('docker-registry', ['serve', config]);
  await untilListening('docker-registry (apt-get install docker-registry)', port, running, 10_000);
  return {
    host: `127.0.0.1:${port}`,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
