import type { Readable } from 'node:stream';
import { LabError } from '../../../core/errors.ts';
import type { DockerClient } from '../client.ts';

const MS = 60_000;
/** Files of stacks are short; nothing else is read. */
const MOST_BYTES = 1024 ** 2;

/** Puts files into a container and gets them out, whether it runs or not. */
export class FileHands {
  readonly #client: DockerClient;

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /** @param folder in the container; it has to be there */
  async put(id: string, folder: string, archive: Buffer, signal: AbortSignal): Promise<void> {
    await this.#client.call('PUT /containers/{id}/archive', MS, signal, (docker, abortSignal) =>
      docker.getContainer(id).putArchive(archive, { path: folder, abortSignal } as { path: string }),
    );
  }

  /** An archive with one file; undefined: there is no such file. */
  get(id: string, file: string, signal: AbortSignal): Promise<Buffer | undefined> {
    return this.#client.ifThere(
      this.#client.call('GET /containers/{id}/archive', MS, signal, async (docker, abortSignal) => {
        const options = { path: file, abortSignal } as { path: string };
        const stream = (await docker.getContainer(id).getArchive(options)) as Readable;
        const pieces: Buffer[] = [];
        let bytes = 0;
        for await (const piece of stream as AsyncIterable<Buffer>) {
          bytes += piece.length;
          if (bytes > MOST_BYTES)
            throw new LabError('source_refused', `${file} has more than ${MOST_BYTES} bytes`);
          pieces.push(piece);
        }
        return Buffer.concat(pieces);
      }),
    );
  }
}
