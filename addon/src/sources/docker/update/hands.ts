import type Docker from 'dockerode';
import { LabError } from '../../../core/errors.ts';
import type { DockerClient } from '../client.ts';
import { dial } from '../dial.ts';
import { linesOf } from '../json-lines.ts';
import type { ImageConfig, WholeInspect } from './anatomy.ts';
import type { NetworkPlace } from './networking.ts';

const MS = 60_000;
/** Large images over slow lines. */
const PULL_MS = 3_600_000;
/** Compose may wait for what services depend on, and copies may be large. */
const WORK_MS = 3_600_000;

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}

/** What of an image another container is made from. */
export interface WholeImage {
  readonly Id: string;
  readonly Config?: ImageConfig | null;
}

/** What an update does to an engine, call by call. Each of them either happened or throws a `LabError`. */
export class Hands {
  readonly #client: DockerClient;

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /** By id or name; undefined: there is none. */
  inspect(ref: string, signal: AbortSignal): Promise<WholeInspect | undefined> {
    return this.#client.inspect(ref, signal) as Promise<unknown> as Promise<WholeInspect | undefined>;
  }

  image(ref: string, signal: AbortSignal): Promise<WholeImage | undefined> {
    return this.#client.image(ref, signal) as Promise<WholeImage | undefined>;
  }

  /** All containers, whatever they do. */
  async all(signal: AbortSignal): Promise<readonly WholeInspect[]> {
    const ids = await this.#client.list(signal);
    const found: WholeInspect[] = [];
    for (const id of ids) {
      const one = await this.inspect(id, signal);
      if (one !== undefined) found.push(one);
    }
    return found;
  }

  /**
   * Has the engine fetch what a tag points at.
   *
   * @param told of bytes that have come and bytes that there are, of the layers seen so far
   * @throws LabError `source_failed` with what the registry says
   */
  async pull(
    image: string,
    login: RegistryLogin | undefined,
    told: (share: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#client.call('POST /images/create', PULL_MS, signal, async (docker, abortSignal) => {
      const options = { abortSignal, ...(login !== undefined && { authconfig: login }) };
      const stream = (await docker.pull(image, options)) as NodeJS.ReadableStream & AsyncIterable<Buffer>;
      const layers = new Map<string, { readonly current: number; readonly total: number }>();
      for await (const line of linesOf(stream)) {
        const { id = '', error, progressDetail } = JSON.parse(line) as PullLine;
        if (error !== undefined)
          throw new LabError('source_failed', `${image} could not be pulled: ${error}`);
        const { current = 0, total = 0 } = progressDetail ?? {};
        if (total <= 0) continue;
        layers.set(id, { current, total });
        const all = [...layers.values()];
        told(all.reduce((sum, one) => sum + one.current, 0) / all.reduce((sum, one) => sum + one.total, 0));
      }
    });
  }

  /** @returns the new container's id */
  create(name: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<string> {
    return this.#client.call('POST /containers/create', MS, signal, async (docker) => {
      const options = { _query: { name }, _body: body };
      const { id } = await docker.createContainer(options as unknown as Docker.ContainerCreateOptions);
      return id;
    });
  }

  async connect(id: string, { name, endpoint }: NetworkPlace, signal: AbortSignal): Promise<void> {
    await this.#client.call('POST /networks/{id}/connect', MS, signal, (docker) =>
      docker.getNetwork(name).connect({ Container: id, EndpointConfig: endpoint }),
    );
  }

  async rename(id: string, name: string, signal: AbortSignal): Promise<void> {
    await this.#client.call('POST /containers/{id}/rename', MS, signal, (docker) =>
      docker.getContainer(id).rename({ name }),
    );
  }

  /** Whether the engine starts it by itself, as after a power cut. */
  async setRestart(id: string, policy: unknown, signal: AbortSignal): Promise<void> {
    await this.#client.call('POST /containers/{id}/update', MS, signal, (docker) =>
      docker.getContainer(id).update({ RestartPolicy: policy }),
    );
  }

  /** With what it wrote beside its volumes, which stay. */
  async remove(id: string, force: boolean, signal: AbortSignal): Promise<void> {
    await this.#client.call('DELETE /containers/{id}', MS, signal, (docker) =>
      docker.getContainer(id).remove({ force }),
    );
  }

  /** A volume by its name; one that is not there is as good as removed. */
  async removeVolume(name: string, signal: AbortSignal): Promise<void> {
    await this.#client.ifThere(
      this.#client.call('DELETE /volumes/{name}', MS, signal, (docker) => docker.getVolume(name).remove()),
    );
  }

  /** Waits until a container has ended; its exit code. */
  ended(id: string, signal: AbortSignal): Promise<number> {
    return this.#client.call('POST /containers/{id}/wait', WORK_MS, signal, async (docker, abortSignal) => {
      const path = `/containers/${encodeURIComponent(id)}/wait?`;
      const answer = await dial(docker, { path, method: 'POST', statusCodes: { 200: true }, abortSignal });
      return (answer as { readonly StatusCode: number }).StatusCode;
    });
  }

  /** The end of what a container wrote. */
  async said(id: string, signal: AbortSignal): Promise<string> {
    const { text } = await this.#client.log(id, 200, signal);
    // The engine puts the time before each line.
    return text.replaceAll(/^\d{4}-\d\d-\d\dT\S+ /gm, '');
  }

  start(id: string, signal: AbortSignal): Promise<void> {
    return this.#client.start(id, signal);
  }

  stop(id: string, signal: AbortSignal): Promise<void> {
    return this.#client.stop(id, signal);
  }
}

interface PullLine {
  readonly id?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}
