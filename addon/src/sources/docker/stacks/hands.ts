import type { DockerClient } from '../client.ts';
import { dial } from '../dial.ts';

const MS = 60_000;
/** Compose may wait for what services depend on. */
const WORK_MS = 1_800_000;

/** What updates of stacks do to an engine beside what those of containers do. */
export class StackHands {
  readonly #client: DockerClient;

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /**
   * Has a name point at an image.
   *
   * @param name with its tag: `registry.lan/team/app:1`
   */
  async tag(image: string, name: string, signal: AbortSignal): Promise<void> {
    const [, repo = name, tag = 'latest'] = /^(.+?)(?::([^/:]+))?$/.exec(name) ?? [];
    await this.#client.call('POST /images/{name}/tag', MS, signal, (docker) =>
      docker.getImage(image).tag({ repo, tag }),
    );
  }

  /** Takes a name from an image; with its last one the image goes, unless a container is made from it. */
  async untag(name: string, signal: AbortSignal): Promise<void> {
    await this.#client.call('DELETE /images/{name}', MS, signal, (docker) => docker.getImage(name).remove());
  }

  /** Waits until a container has ended. */
  async ended(id: string, signal: AbortSignal): Promise<number> {
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
}
