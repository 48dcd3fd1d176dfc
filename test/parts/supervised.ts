import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrokerService, Pushed } from '../helpers/supervisor-server.ts';
import type { Dockerd } from './dockerd.ts';
import { BUILD_IMAGE, cli } from './image.ts';
import { eventually } from './process.ts';

const ROOT = path.join(import.meta.dirname, '../..');
/** As the Supervisor has it: itself at .2, the engine's machine at .1. */
const SUBNET = '172.30.32.0/23';
export const GATEWAY = '172.30.32.1';
const SUPERVISOR_IP = '172.30.32.2';
const SUPERVISOR = 'hassio_supervisor';
const TOKEN = 'token-of-the-app';
/** Its container and host name. */
export const APP = 'app_x_labkeeper';
export const APP_HOST = 'x-labkeeper';

/** An app under a stand-in for the Supervisor, each in a container of a real engine. */
export interface Supervised {
  /** What of the app lies outside of its container: `data`, `config`. */
  readonly folder: string;
  /** Has the Supervisor offer a broker. */
  offer(broker: BrokerService): Promise<void>;
  /** Method and path of what the app has asked the Supervisor. */
  asked(): Promise<readonly string[]>;
  /** What Home Assistant was told. */
  pushed(): Promise<readonly Pushed[]>;
  /** Asks the app over HTTP from the Supervisor's container: there its proxy asks from. */
  viaIngress(
    path: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: string }>;
  /** Starts the app as the Supervisor does, with these options. */
  start(image: string, options: object, more?: readonly string[]): Promise<void>;
  /** Until the engine says that it is well. */
  untilHealthy(): Promise<void>;
  /** Ends the app as the Supervisor does. @returns its exit code and what it has printed */
  end(): Promise<{ code: number; output: string }>;
  logs(): Promise<string>;
  /** Runs a command in the app's container, as the Supervisor does around backups. */
  inside(...command: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startSupervised(dockerd: Dockerd): Promise<Supervised> {
  const docker = cli(dockerd);
  const folder = await mkdtemp(path.join(tmpdir(), 'supervised-'));
  for (const name of ['data', 'config']) await mkdir(path.join(folder, name));
  await docker('network', 'create', '--subnet', SUBNET, '--gateway', GATEWAY, 'hassio');
  await docker(
    ...['run', '--detach', '--name', SUPERVISOR, '--network', 'hassio', '--ip', SUPERVISOR_IP],
    ...['--volume', `${ROOT}:/project:ro`, '--env', `TOKEN=${TOKEN}`, BUILD_IMAGE],
    ...['node', '/project/test/parts/supervisor-main.ts'],
  );
  const heard = async (): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    (await docker('logs', SUPERVISOR))
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  await eventually('the stand-in for the Supervisor', async () => (await heard()).length > 0, 20_000);
  /** Runs a script in the stand-in's container, which prints JSON. */
  const there = async (script: string): Promise<string> =>
    docker('exec', SUPERVISOR, 'node', '--input-type=module', '--eval', script);
  const logs = (): Promise<string> => docker('logs', APP);
  return {
    folder,
    offer: async (broker) => {
      const body = JSON.stringify(JSON.stringify(broker));
      await there(`await fetch('http://127.0.0.1:81', { method: 'PUT', body: ${body} })`);
    },
    asked: async () => (await heard()).flatMap(({ asked }) => (typeof asked === 'string' ? [asked] : [])),
    pushed: async () =>
      (await heard()).flatMap(({ pushed }) => (pushed === undefined ? [] : [pushed as Pushed])),
    viaIngress: async (where, headers = {}) => {
      const url = JSON.stringify(`http://${APP_HOST}:8099${where}`);
      const said = await there(
        `const answer = await fetch(${url}, { headers: ${JSON.stringify(headers)} });
         console.log(JSON.stringify({ status: answer.status, body: await answer.text() }));`,
      );
      return JSON.parse(said);
    },
    start: async (image, options, more = []) => {
      const file = path.join(folder, 'data/options.json');
      // As it writes them: for root alone.
      await rm(file, { force: true });
      await writeFile(file, JSON.stringify(options), { mode: 0o600 });
      await chown(file, 0, 0);
      await docker(
        ...['run', '--detach', '--name', APP, '--hostname', APP_HOST, '--network', 'hassio', '--init'],
        // The check of the image, more often.
        ...['--health-interval', '2s'],
        ...['--network-alias', APP_HOST, '--add-host', `supervisor:${SUPERVISOR_IP}`],
        ...['--security-opt', 'seccomp=unconfined', '--security-opt', 'apparmor=unconfined'],
        ...[
          '--env',
          'TZ=Europe/Berlin',
          '--env',
          `SUPERVISOR_TOKEN=${TOKEN}`,
          '--env',
          `HASSIO_TOKEN=${TOKEN}`,
        ],
        ...[
          '--volume',
          '/dev:/dev:ro',
          '--volume',
          `${folder}/data:/data`,
          '--volume',
          `${folder}/config:/config`,
        ],
        ...[...more, image],
      );
    },
    untilHealthy: async () => {
      await eventually(
        'the app to be healthy',
        async () => {
          const { State } = await dockerd.docker.getContainer(APP).inspect();
          if (!State.Running) throw new Error(`it ended:\n${await logs()}`);
          return State.Health?.Status === 'healthy';
        },
        60_000,
      );
    },
    end: async () => {
      const container = dockerd.docker.getContainer(APP);
      await docker('stop', '--time', '10', APP);
      const { State } = await container.inspect();
      const output = await logs();
      await container.remove({ force: true });
      return { code: State.ExitCode, output };
    },
    logs,
    inside: (...command) => docker('exec', APP, ...command),
    stop: async () => {
      await docker('rm', '--force', APP, SUPERVISOR);
      await docker('network', 'rm', 'hassio');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
