import { asLabError, LabError } from '../../../core/errors.ts';
import type { DockerClient } from '../client.ts';
import { dial } from '../dial.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Hands } from '../update/hands.ts';
import type { DiskUsage } from '../wire.ts';

const MS = 60_000;
/** The engine looks at every file of every volume for it. */
const DISK_MS = 600_000;
const PRUNE_MS = 1_800_000;

/** One of `GET /networks`. */
export interface NetworkRow {
  readonly Id: string;
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** One of `GET /volumes`. */
export interface VolumeRow {
  readonly Name: string;
  readonly CreatedAt?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** One of `GET /images/json`; sizes are bytes. */
export interface ImageRow {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Size: number;
  /** What other images have as well; -1 where the engine does not know. */
  readonly SharedSize?: number;
}

/** What takes the disk, in bytes. */
export interface Usage {
  readonly volumeSizes: ReadonlyMap<string, number>;
  /** What builds keep and nothing uses. */
  readonly buildCache: number;
}

/** Nobody gave it a name. */
export const isAnonymous = ({ Name, Labels }: VolumeRow): boolean =>
  /^[0-9a-f]{64}$/.test(Name) || Labels?.['com.docker.volume.anonymous'] !== undefined;

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

  images(signal: AbortSignal): Promise<readonly ImageRow[]> {
    return this.#get('/images/json', signal, 'shared-size=1') as Promise<readonly ImageRow[]>;
  }

  async usage(signal: AbortSignal): Promise<Usage> {
    // From API 1.52 on, what the sums are made of has to be asked for.
    const { Volumes, BuildCache, VolumeUsage, BuildCacheUsage } = (await this.#get(
      '/system/df',
      signal,
      'verbose=true',
      DISK_MS,
    )) as DiskUsage;
    const volumes = (Volumes ?? VolumeUsage?.Items ?? []) as readonly SizedVolume[];
    const cache = (BuildCache ?? BuildCacheUsage?.Items ?? []) as readonly CachePiece[];
    return {
      volumeSizes: new Map(volumes.map(({ Name, UsageData }) => [Name, UsageData?.Size ?? -1])),
      buildCache: cache.reduce((sum, { Size, InUse }) => sum + (InUse === true ? 0 : Math.max(0, Size)), 0),
    };
  }

  /** @param name or id; never by force */
  removeImage(name: string, signal: AbortSignal): Promise<void> {
    return this.#gone(`/images/${name}`, 'DELETE /images/{name}', signal);
  }

  /** @throws LabError `source_refused` while containers are on it */
  async removeNetwork(id: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#gone(`/networks/${encodeURIComponent(id)}`, 'DELETE /networks/{id}', signal);
    } catch (thrown) {
      // The engine says 403 here, as does what stands before it and lets nothing pass.
      const { json } = (asLabError(thrown).cause ?? {}) as { json?: { message?: string } };
      if (!/active endpoints/.test(json?.message ?? '')) throw thrown;
      throw new LabError('source_refused', 'other containers are on it', { cause: thrown });
    }
  }

  removeVolume(name: string, signal: AbortSignal): Promise<void> {
    return this.#gone(`/volumes/${encodeURIComponent(name)}`, 'DELETE /volumes/{name}', signal);
  }

  /** @returns bytes that it freed */
  async pruneBuildCache(signal: AbortSignal): Promise<number> {
    const answer = await this.#client.call('POST /build/prune', PRUNE_MS, signal, (docker, abortSignal) =>
      dial(docker, {
        path: '/build/prune?all=true&',
        method: 'POST',
        statusCodes: { 200: true },
        abortSignal,
      }),
    );
    return (answer as { readonly SpaceReclaimed?: number }).SpaceReclaimed ?? 0;
  }

  /** What is not there any more is as good as removed. */
  async #gone(path: string, what: string, signal: AbortSignal): Promise<void> {
    await this.#client.ifThere(
      this.#client.call(what, MS, signal, (docker, abortSignal) =>
        dial(docker, {
          path: `${path}?`,
          method: 'DELETE',
          statusCodes: { 200: true, 204: true },
          abortSignal,
        }),
      ),
    );
  }

  #get(path: string, signal: AbortSignal, query = '', ms = MS): Promise<unknown> {
    return this.#client.call(`GET ${path}`, ms, signal, (docker, abortSignal) =>
      dial(docker, { path: `${path}?${query}&`, method: 'GET', statusCodes: { 200: true }, abortSignal }),
    );
  }
}

interface SizedVolume {
  readonly Name: string;
  readonly UsageData?: { readonly Size: number } | null;
}

interface CachePiece {
  readonly Size: number;
  readonly InUse?: boolean;
}
