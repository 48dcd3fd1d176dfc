import type { DockerClient } from './client.ts';
import type { ContainerResource } from './map.ts';
import type { Picture } from './picture.ts';

export interface ContainerReaderParts {
  readonly client: Pick<DockerClient, 'inspect'>;
  readonly picture: Picture;
  /** The engine has it no more. */
  readonly forget: (containerId: string) => void;
  /** A container was read. @param before what it took the place of */
  readonly wasRead: (containerId: string, before: ContainerResource | undefined) => void;
}

/** Reads containers into the picture, each by one request at a time, so that no answer is older than what is known. */
export class ContainerReader {
  readonly #parts: ContainerReaderParts;
  /** Containers that are being read. */
  readonly #reading = new Map<string, { again: boolean; gone: boolean }>();

  constructor(parts: ContainerReaderParts) {
    this.#parts = parts;
  }

  /** Reads one, `done` after each time. Asked for while it is at it, it reads once more. */
  async read(id: string, signal: AbortSignal, done: () => void): Promise<void> {
    const { client, picture, forget, wasRead } = this.#parts;
    const underWay = this.#reading.get(id);
    if (underWay !== undefined) {
      underWay.again = true;
      return;
    }
    const state = { again: false, gone: false };
    this.#reading.set(id, state);
    try {
      do {
        state.again = false;
        const inspect = await client.inspect(id, signal);
        if (state.gone) return;
        const before = inspect && picture.saw(inspect);
        if (inspect === undefined) forget(id);
        done();
        wasRead(id, before);
      } while (state.again && !signal.aborted);
    } finally {
      this.#reading.delete(id);
    }
  }

  /** An event said that it was removed: what the engine answered before that would bring it back. */
  gone(id: string): void {
    const underWay = this.#reading.get(id);
    if (underWay !== undefined) underWay.gone = true;
  }
}
