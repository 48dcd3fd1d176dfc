import type { DockerClient } from '../client.ts';
import { dial } from '../dial.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Hands } from '../update/hands.ts';

const MS = 30_000;

/** One of `GET /networks`. */
export interface NetworkRow {
  readonly Id: string;
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** One of `GET /volumes`. */
export interface VolumeRow {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

export const PROJECT = 'com.docker.compose.project';

/** What an engine keeps: containers, networks, volumes. */
export class Stock {
  readonly #client: DockerClient;
  readonly #hands: Hands;

  constructor(client: DockerClient, hands: Hands) {
    this.#client = client;
    this.#hands = hands;
  }

  /** All containers, whatever they do. */
  containers(signal: AbortSignal): Promise<readonly WholeInspect[]> {
    return this.#hands.all(signal);
  }

  /** The containers of a stack, whatever they do. */
  async members(project: string, signal: AbortSignal): Promise<readonly WholeInspect[]> {
    const filters = { label: [`${PROJECT}=${project}`] };
    const rows = await this.#client.call('GET /containers/json', MS, signal, (docker, abortSignal) =>
      docker.listContainers({ all: true, filters, abortSignal } as { all: boolean }),
    );
    const found = await Promise.all(rows.map(({ Id }) => this.#hands.inspect(Id, signal)));
    return found.filter(
      (one) => one !== undefined && one.Config.Labels?.['com.docker.compose.oneoff'] !== 'True',
    ) as WholeInspect[];
  }

  networks(signal: AbortSignal): Promise<readonly NetworkRow[]> {
    return this.#get('/networks', signal) as Promise<readonly NetworkRow[]>;
  }

  async volumes(signal: AbortSignal): Promise<readonly VolumeRow[]> {
    const { Volumes } = (await this.#get('/volumes', signal)) as {
      readonly Volumes?: readonly VolumeRow[] | null;
    };
    return Volumes ?? [];
  }

  #get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#client.call(`GET ${path}`, MS, signal, (docker, abortSignal) =>
      dial(docker, { path: `${path}?`, method: 'GET', statusCodes: { 200: true }, abortSignal }),
    );
  }
}
