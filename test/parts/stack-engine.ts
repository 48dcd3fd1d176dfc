import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HOST, startStackLab } from '../helpers/stack-lab.ts';
import { COMPOSE_IMAGE, type Compose, startCompose } from './compose.ts';
import { type Dockerd, startDockerd } from './dockerd.ts';
import { runToEnd } from './process.ts';
import { type Sshd, startSshd } from './sshd.ts';

/** Command of a container that stays until it is told to end, for a Compose file. */
export const STAY = 'trap "exit 0" TERM; while :; do sleep 1 & wait $$!; done';

export interface StackEngine {
  readonly dockerd: Dockerd;
  readonly compose: Compose;
  /** Where stacks are written. */
  readonly folder: string;
  /** In place of the engine's socket: by SSH. */
  bySsh(): object;
  /** Starts Labkeeper before it. @param more options of the engine, in place of others */
  begin(more?: object): Promise<ReturnType<typeof startStackLab>>;
  inspect(name: string): ReturnType<ReturnType<Dockerd['docker']['getContainer']>['inspect']>;
  /** Runs a line of shell in a container. @returns what it writes */
  within(name: string, line: string): Promise<string>;
  /** Ends Labkeeper, and takes away what there is of containers, networks, volumes and stacks. */
  tidy(): Promise<void>;
  stop(): Promise<void>;
}

/** A real engine with real Compose, reached by its socket or by SSH. Needs root. */
export async function startStackEngine(): Promise<StackEngine> {
  const dockerd: Dockerd = await startDockerd();
  const compose = await startCompose(dockerd);
  const sshd: Sshd = await startSshd({ environment: { ...compose.environment } });
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'stacks-')), 'stacks');
  const state = await mkdtemp(path.join(tmpdir(), 'labkeeper-'));
  let lab: ReturnType<typeof startStackLab> | undefined;
  let database: DatabaseSync | undefined;

  async function end(): Promise<void> {
    await lab?.close();
    database?.close();
    lab = undefined;
    database = undefined;
  }
  return {
    ...{ dockerd, compose, folder },
    bySsh: () => ({
      url: `ssh://root@127.0.0.1:${sshd.port}`,
      ...{ host_key: sshd.hostKey, identity_file: sshd.identityFile },
    }),
    begin: async (more = {}) => {
      database = new DatabaseSync(path.join(state, 'state.db'));
      const options = { url: dockerd.url, compose_image: COMPOSE_IMAGE, stacks_folder: folder, ...more };
      lab = startStackLab(options, database, 0.5);
      await lab.seen(HOST);
      return lab;
    },
    inspect: (name) => dockerd.docker.getContainer(name).inspect(),
    within: (name, line) => runToEnd('docker', ['-H', dockerd.url, 'exec', name, 'sh', '-c', line]),
    tidy: async () => {
      await end();
      for (const { Id } of await dockerd.docker.listContainers({ all: true })) {
        await dockerd.docker.getContainer(Id).remove({ force: true });
      }
      await dockerd.docker.pruneNetworks();
      for (const { Name } of (await dockerd.docker.listVolumes()).Volumes)
        await dockerd.docker.getVolume(Name).remove();
      await rm(folder, { recursive: true, force: true });
      await rm(path.join(state, 'state.db'), { force: true });
    },
    stop: async () => {
      await sshd.stop();
      await dockerd.stop();
      await rm(path.dirname(folder), { recursive: true, force: true });
      await rm(state, { recursive: true, force: true });
    },
  };
}
