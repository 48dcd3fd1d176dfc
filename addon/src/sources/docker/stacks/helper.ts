import { asLabError, LabError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { Ran } from '../../../net/ssh-run.ts';
import { HELPER_LABEL } from '../identity.ts';
import type { Hands, RegistryLogin } from '../update/hands.ts';
import { haveImage } from '../update/image.ts';
import { foldersOf, type Project } from './project.ts';

const SOCKET = '/var/run/docker.sock';

export interface HelperParts {
  readonly hands: Hands;
  readonly log: Log;
  /** An image that has `docker` with Compose. */
  readonly image: string;
  /** Of the engine, on its machine. */
  readonly socket: string;
  /** Who logs in at a registry; undefined: nobody. */
  readonly loginOf: (registry: string) => RegistryLogin | undefined;
}

/** There can be no helper here; nothing was run. */
export class NoHelper extends LabError {}

const nameOf = ({ name }: Project): string => `labkeeper-compose-${name}`;

/**
 * Runs `docker compose` on an engine's machine in a container that has the project's folders, read-only, where they
 * are on the machine, and the engine's socket. So whatever its files name by a path is the same as without us.
 */
export class Helper {
  readonly #parts: HelperParts;

  constructor(parts: HelperParts) {
    this.#parts = parts;
  }

  /**
   * @param words for `docker`
   * @throws NoHelper where none can be made
   */
  async run(project: Project, words: readonly string[], signal: AbortSignal): Promise<Ran> {
    const { hands } = this.#parts;
    await this.settle(project, signal);
    await this.haveImage(signal);
    const id = await this.#make(project, words, signal);
    try {
      await hands.start(id, signal);
      const code = await hands.ended(id, signal);
      const err = await hands.said(id, signal);
      return { code, out: '', err };
    } finally {
      // Cut off, it goes on: whoever comes next waits for it.
      if (!signal.aborted) await this.#remove(id, signal);
    }
  }

  /** Waits for what an earlier run of Labkeeper left at work. */
  async settle(project: Project, signal: AbortSignal): Promise<void> {
    const { hands } = this.#parts;
    const left = await hands.inspect(nameOf(project), signal);
    if (left === undefined || left.Config.Labels?.[HELPER_LABEL] === undefined) return;
    if (left.State.Status === 'running') await hands.ended(left.Id, signal);
    await this.#remove(left.Id, signal);
  }

  /** @throws NoHelper where its image cannot be had */
  async haveImage(signal: AbortSignal): Promise<void> {
    const { hands, image, loginOf } = this.#parts;
    const cause = await haveImage(hands, image, loginOf, signal);
    if (cause !== undefined)
      throw new NoHelper('source_failed', `there is no ${image} to run docker compose in`, { cause });
  }

  async #make(project: Project, words: readonly string[], signal: AbortSignal): Promise<string> {
    const { hands, image, socket } = this.#parts;
    const bind = (from: string, to: string, isReadOnly: boolean) => ({
      ...{ Type: 'bind', Source: from, Target: to, ReadOnly: isReadOnly },
    });
    const body = {
      Image: image,
      Entrypoint: ['docker'],
      Cmd: words,
      Env: [`DOCKER_HOST=unix://${SOCKET}`, 'COMPOSE_ANSI=never'],
      WorkingDir: project.folder,
      Labels: { [HELPER_LABEL]: 'compose', 'labkeeper.update': 'false' },
      HostConfig: {
        NetworkMode: 'none',
        // SELinux would keep it from the socket, and so would users of its own.
        SecurityOpt: ['label=disable'],
        UsernsMode: 'host',
        Mounts: [
          bind(socket, SOCKET, false),
          ...foldersOf(project).map((folder) => bind(folder, folder, true)),
        ],
      },
    };
    try {
      return await hands.create(nameOf(project), body, signal);
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      if (signal.aborted || !['source_refused', 'source_failed', 'credentials_refused'].includes(code))
        throw thrown;
      const missing = /bind source path does not exist: (\S+)/.exec(message)?.[1];
      const why = missing === undefined ? message : `${missing} is not on the engine’s machine`;
      // Only what is missing of the project stays so; the socket is a matter of the options.
      throw new NoHelper(
        missing === undefined || missing === socket ? 'source_failed' : 'source_refused',
        `docker compose cannot be run in a helper: ${why}`,
        { cause: thrown, ...(missing === socket && { hint: 'say where the socket is: compose_socket' }) },
      );
    }
  }

  async #remove(id: string, signal: AbortSignal): Promise<void> {
    const { hands, log } = this.#parts;
    await hands.remove(id, true, signal).catch((thrown: Error) => log.warn(thrown.message));
  }
}
