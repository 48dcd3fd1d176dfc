import type { DockerClient } from '../client.ts';

const MS = 60_000;

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
}
