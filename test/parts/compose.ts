import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Dockerd } from './dockerd.ts';
import { runToEnd } from './process.ts';

const FETCH = new URL('../../scripts/compose/fetch.sh', import.meta.url).pathname;
/** Of busybox, as far as our helpers use them. */
const TOOLS = ['sh', 'cp', 'df', 'du', 'find', 'rm', 'sync'];
/** In it there is `docker` with Compose, and busybox, as in Docker's own `docker:cli`. */
export const COMPOSE_IMAGE = 'lab/docker:cli';

export interface Compose {
  /** What `docker` needs to know Compose and the engine. */
  readonly environment: { readonly DOCKER_HOST: string; readonly DOCKER_CONFIG: string };
  /** Runs `docker compose` as people do, in a folder. */
  run(folder: string, ...words: readonly string[]): Promise<string>;
}

/** Docker Compose 2 for an engine, which gets an image with it. */
export async function startCompose(dockerd: Dockerd): Promise<Compose> {
  const config = (await runToEnd('bash', [FETCH])).trim().split('\n').at(-1) ?? '';
  await importImage(dockerd, path.join(config, 'cli-plugins/docker-compose'));
  const environment = { DOCKER_HOST: dockerd.url, DOCKER_CONFIG: config };
  return {
    environment,
    run: (folder, ...words) =>
      runToEnd('docker', ['compose', ...words], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, ...environment },
      }),
  };
}

async function importImage(dockerd: Dockerd, plugin: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'compose-image-'));
  try {
    const put = async (from: string, to: string): Promise<void> => {
      await mkdir(path.dirname(path.join(folder, to)), { recursive: true });
      await cp(from, path.join(folder, to), { dereference: true });
    };
    const docker = (await runToEnd('sh', ['-c', 'command -v docker'])).trim();
    await put(docker, '/usr/bin/docker');
    await put(plugin, '/usr/libexec/docker/cli-plugins/docker-compose');
    for (const program of [docker, plugin])
      for (const library of await librariesOf(program)) await put(library, library);
    await put('/bin/busybox', '/bin/busybox');
    for (const name of TOOLS) await symlink('busybox', path.join(folder, 'bin', name));
    const archive = path.join(folder, 'image.tar');
    await runToEnd('tar', ['-C', folder, '--exclude=./image.tar', '-cf', archive, '.']);
    await runToEnd('docker', ['-H', dockerd.url, 'import', archive, COMPOSE_IMAGE]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a program needs to start; nothing, where it is static. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const said = await runToEnd('sh', ['-c', 'ldd "$1" 2>/dev/null || :', 'sh', program]);
  return [...said.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
}
