import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import type { Certificates } from './certificates.ts';
import { eventually, type Running, run, runToEnd } from './process.ts';

export const IMAGE = 'lab/busybox:1';

export interface Dockerd {
  /** `unix://…` */
  readonly url: string;
  readonly docker: Docker;
  readonly running: Running;
  /** Ends the engine, and starts it again on the same data. */
  restart(): Promise<void>;
  /** Creates and starts a container that runs until it is told to end. */
  start(name: string, options?: Partial<Docker.ContainerCreateOptions>): Promise<Docker.Container>;
  stop(): Promise<void>;
}

const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Ends on SIGTERM at once, unlike a `sleep` that is process 1. */
export const WELL_BEHAVED = ['/bin/sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1 & wait $!; done'];

export interface DockerdOptions {
  /** `warn` if left out. */
  readonly logLevel?: 'warn' | 'info' | 'debug';
  /** Have a runtime called `nvidia`, which does what the ordinary one does. */
  readonly nvidia?: boolean;
  /** Listen there with TLS too, and want a client certificate. */
  readonly tls?: { readonly port: number; readonly certificates: Certificates };
}

/** Starts a Docker engine of its own with one image, made of Debian's static busybox. Needs root. */
export async function startDockerd({
  tls,
  nvidia,
  logLevel = 'warn',
}: DockerdOptions = {}): Promise<Dockerd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dockerd-'));
  const socket = path.join(folder, 'docker.sock');
  const launch = (): Running =>
    run(
      'dockerd',
      [
        ...['--data-root', path.join(folder, 'data'), '--exec-root', path.join(folder, 'exec')],
        ...['--pidfile', path.join(folder, 'pid'), '-H', `unix://${socket}`, '--log-level', logLevel],
        // Networks of its own choice must not take the Supervisor's subnet, which tests of the image use.
        ...['--default-address-pool', 'base=10.201.0.0/16,size=24'],
        ...(nvidia === true ? ['--add-runtime', 'nvidia=/usr/sbin/runc'] : []),
        ...(tls === undefined ? [] : tlsArguments(tls)),
      ],
      { env: { PATH } },
    );
  let running = launch();
  // Given undefined, docker-modem does not look at DOCKER_HOST.
  const docker = new Docker({ host: undefined, socketPath: socket } as Docker.DockerOptions);
  const answers = (): Promise<unknown> =>
    eventually(
      'dockerd (as root; apt-get install docker.io busybox-static)',
      async () => {
        if (await Promise.race([running.exited.then(() => true), false])) throw new Error(running.output());
        return docker.ping();
      },
      30_000,
    );
  await answers();
  await importImage(folder, docker, socket);
  return {
    url: `unix://${socket}`,
    docker,
    get running() {
      return running;
    },
    restart: async () => {
      await running.stop(20_000);
      running = launch();
      await answers();
    },
    start: async (name, options) => {
      const container = await docker.createContainer({ name, Image: IMAGE, Cmd: WELL_BEHAVED, ...options });
      await container.start();
      return container;
    },
    stop: async () => {
      for (const { Id } of await docker.listContainers({ all: true })) {
        await docker.getContainer(Id).remove({ force: true });
      }
      // What is left of them on this machine, bridges and rules, would change the networks of later engines.
      await docker.pruneNetworks();
      await running.stop(20_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function tlsArguments({ port, certificates: { ca, server } }: NonNullable<DockerdOptions['tls']>): string[] {
  const files = ['--tlscacert', ca, '--tlscert', server.cert, '--tlskey', server.key];
  return ['-H', `tcp://127.0.0.1:${port}`, '--tlsverify', ...files];
}

async function importImage(folder: string, docker: Docker, socket: string): Promise<void> {
  const root = path.join(folder, 'image');
  await mkdir(path.join(root, 'bin'), { recursive: true });
  await cp('/bin/busybox', path.join(root, 'bin/busybox'));
  for (const name of ['sh', 'sleep', 'true']) await symlink('busybox', path.join(root, 'bin', name));
  const archive = path.join(folder, 'image.tar');
  await runToEnd('tar', ['-C', root, '-cf', archive, '.']);
  await runToEnd('docker', ['-H', `unix://${socket}`, 'import', archive, IMAGE]);
  await docker.getImage(IMAGE).inspect();
}
