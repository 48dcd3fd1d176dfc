import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OPERATOR_TOKEN, type ProxmoxSimulator } from '../../simulators/proxmox/index.ts';
import { type Dockerd, startDockerd } from './dockerd.ts';
import { Home } from './home.ts';
import { type HomeAssistant, startHomeAssistant } from './homeassistant.ts';
import { type Labkeeper, startLabkeeper } from './labkeeper.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';
import { freePort } from './process.ts';
import { Retained } from './retained.ts';

/** A real engine, broker and Home Assistant, and ways to look into each. */
export interface World {
  readonly dockerd: Dockerd;
  readonly mosquitto: Mosquitto;
  readonly homeAssistant: HomeAssistant;
  readonly home: Home;
  readonly broker: Retained;
  /** Starts the app on these parts; `docker` is added to the one engine's options, or, as a list, takes its place. */
  labkeeper(options?: {
    readonly docker?: object | readonly object[];
    readonly [name: string]: unknown;
  }): Promise<Labkeeper>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(path.join(tmpdir(), 'world-'));
  const started: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of started.reverse()) await end();
  };
  try {
    const mosquitto = await startMosquitto();
    started.push(mosquitto.stop);
    const homeAssistant = await startHomeAssistant({
      folder,
      port: await freePort(),
      mqttPort: mosquitto.port,
    });
    started.push(homeAssistant.stop);
    const dockerd = await startDockerd();
    started.push(dockerd.stop);
    const broker = await Retained.of(mosquitto.port);
    started.push(() => broker.close());
    const home = new Home(await homeAssistant.connect());
    started.push(async () => home.close());
    const labkeeper: World['labkeeper'] = async ({ docker, ...options } = {}) => {
      const labkeeper = await startLabkeeper({
        mqtt: { host: '127.0.0.1', port: mosquitto.port },
        docker: Array.isArray(docker) ? docker : [{ id: 'nas', title: 'NAS', url: dockerd.url, ...docker }],
        // The tests run on nothing of that lab; without it nothing of it could be ended.
        self: 'none',
        ...options,
      });
      started.push(() => labkeeper.stop());
      return labkeeper;
    };
    return { dockerd, mosquitto, homeAssistant, home, broker, labkeeper, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** The labels that Docker Compose gives to a container. */
export const composeLabels = (project: string, service: string, number = 1): Record<string, string> => ({
  'com.docker.compose.project': project,
  'com.docker.compose.service': service,
  'com.docker.compose.container-number': String(number),
  'com.docker.compose.oneoff': 'False',
});

/** An entry of the option `proxmox` for a simulated cluster, as instance `home`. */
export const proxmoxOptions = ({ urls, nodes, tokens }: ProxmoxSimulator): object => ({
  id: 'home',
  title: 'Home',
  urls,
  fingerprint: [...nodes.values()].map(({ fingerprint }) => fingerprint).join(', '),
  token_id: OPERATOR_TOKEN,
  token_secret: tokens.find(({ id }) => id === OPERATOR_TOKEN)?.secret,
});
