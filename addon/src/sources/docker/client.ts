import type Docker from 'dockerode';
import type { LogTail } from '../../contract/capabilities.ts';
import type { Clock } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { withDeadline } from '../../net/deadline.ts';
import { isRefusal } from './access.ts';
import type { DockerOptions } from './config.ts';
import { type Way, wayTo } from './connection.ts';
import { dial, streamOf } from './dial.ts';
import { explain, statusOf } from './explain.ts';
import { tailOf } from './log-tail.ts';
import type {
  ContainerInspect,
  ContainerStats,
  DiskUsage,
  EngineInfo,
  EngineVersion,
  ImageInspect,
} from './wire.ts';

const READ_MS = 15_000;
const DISK_MS = 120_000;
/** Beyond the engine's own patience with the container, for the engine itself. */
const STOP_MARGIN_MS = 30_000;
/** Seconds that the engine gives a container to end before it kills it, where the container says nothing itself. */
const STOP_SECONDS = 10;

/** One engine, over any of the ways to reach it. All errors are `LabError`s that name the engine. */
export class DockerClient {
  readonly #way: Way;
  readonly #clock: Clock;
  readonly #meter: Meter;
  readonly #name: string;
  readonly #url: string;

  /** @throws LabError `options_invalid` when a certificate file cannot be read */
  constructor(options: DockerOptions, name: string, clock: Clock, meter: Meter) {
    this.#way = wayTo(options, name, meter);
    this.#clock = clock;
    this.#meter = meter;
    this.#name = name;
    this.#url = options.url;
  }

  /** Calls that may wait at a time; undefined: as many as one likes. */
  get width(): number | undefined {
    return this.#way.width;
  }

  /** What the way to the engine can do for its stacks, beside the engine itself. */
  get way(): Pick<Way, 'stacks' | 'run'> {
    return this.#way;
  }

  /** Lets go of what the way to the engine holds. */
  close(): void {
    this.#way.close();
  }

  /**
   * Whether a change of this name may be asked for: of a container that cannot be there, so nothing happens. The engine
   * does not write down that it knows no `labkeeper`; it does of others, so those are asked for only if need be.
   */
  async lets(verb: string, signal: AbortSignal): Promise<boolean> {
    const path = `/containers/${'0'.repeat(64)}/${verb}?`;
    try {
      await this.call(`POST /containers/{id}/${verb}`, READ_MS, signal, (docker, abortSignal) =>
        dial(docker, { path, method: 'POST', statusCodes: { 200: true }, abortSignal }),
      );
      return true;
    } catch (thrown) {
      if (asLabError(thrown).code === 'unreachable') throw thrown;
      return !isRefusal(thrown);
    }
  }

  info(signal: AbortSignal): Promise<EngineInfo> {
    return this.call('GET /info', READ_MS, signal, (docker, abortSignal) =>
      // dockerode takes a signal here; its types have not heard of it.
      (docker.info as (options: object) => Promise<EngineInfo>).call(docker, { abortSignal }),
    );
  }

  /** Where people manage its stacks, by name; empty where the way to the engine knows of no such place. */
  async stackPages(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const { stackPages: read } = this.#way;
    if (read === undefined) return new Map();
    try {
      return await this.call('GET /api/stacks', READ_MS, signal, (_, inner) => read(inner));
    } catch (thrown) {
      if (isRefusal(thrown)) return new Map();
      throw thrown;
    }
  }

  version(signal: AbortSignal): Promise<EngineVersion> {
    return this.call('GET /version', READ_MS, signal, (docker, abortSignal) =>
      (docker.version as (options: object) => Promise<EngineVersion>).call(docker, {
        abortSignal,
      }),
    );
  }

  /** The engine looks at every file of every container and volume for it, which takes minutes on a slow disk. */
  diskUsage(signal: AbortSignal): Promise<DiskUsage> {
    return this.call('GET /system/df', DISK_MS, signal, (docker, abortSignal) =>
      (docker.df as (options: object) => Promise<DiskUsage>).call(docker, { abortSignal }),
    );
  }

  /** Ids of all containers, running or not. */
  async list(signal: AbortSignal): Promise<readonly string[]> {
    const containers = await this.call('GET /containers/json', READ_MS, signal, (docker, abortSignal) =>
      docker.listContainers({ all: true, abortSignal }),
    );
    return containers.map(({ Id }) => Id);
  }

  /** undefined: there is no such container any more. */
  inspect(id: string, signal: AbortSignal): Promise<ContainerInspect | undefined> {
    return this.ifThere(
      this.call('GET /containers/{id}/json', READ_MS, signal, (docker, abortSignal) =>
        docker.getContainer(id).inspect({ abortSignal }),
      ) as Promise<unknown> as Promise<ContainerInspect>,
    );
  }

  /** An image by its id or name; undefined: there is none. */
  image(name: string, signal: AbortSignal): Promise<ImageInspect | undefined> {
    return this.ifThere(
      this.call(
        'GET /images/{name}/json',
        READ_MS,
        signal,
        (docker) => docker.getImage(name).inspect() as Promise<unknown> as Promise<ImageInspect>,
      ),
    );
  }

  /** One reading of the counters; undefined: there is no such container any more. */
  stats(id: string, signal: AbortSignal): Promise<ContainerStats | undefined> {
    return this.ifThere(
      this.call('GET /containers/{id}/stats', READ_MS, signal, (docker, abortSignal) =>
        docker.getContainer(id).stats({ stream: false, 'one-shot': true, abortSignal } as { stream: false }),
      ),
    );
  }

  /**
   * The engine's events about containers, from `since` on if that is given, else from now on.
   *
   * @param since `<seconds>.<nanoseconds>` since 1970
   */
  events(
    since: string | undefined,
    signal: AbortSignal,
  ): Promise<NodeJS.ReadableStream & AsyncIterable<Buffer>> {
    this.#way.forget();
    const opened = this.call('GET /events', READ_MS, signal, (docker) =>
      // The signal of this call ends with it, the stream shall not.
      docker.getEvents({
        filters: { type: ['container'] },
        ...(since !== undefined && { since }),
        abortSignal: signal,
      } as object),
    );
    return opened as Promise<NodeJS.ReadableStream & AsyncIterable<Buffer>>;
  }

  /** A line of the events was read; for whoever listens to all that is said. */
  overhear(line: string): void {
    const answer = { status: 200, statusText: 'OK', headers: {}, body: line, piece: true } as const;
    this.#meter.listener?.({ origin: this.#url, method: 'GET', path: '/events', answer });
  }

  /**
   * The end of what a container wrote.
   *
   * @throws LabError `target_unknown` when there is no such container any more
   */
  async log(id: string, lines: number, signal: AbortSignal): Promise<LogTail> {
    const inspect = await this.inspect(id, signal);
    if (inspect === undefined) throw new LabError('target_unknown', `${this.#name}: no container ${id}`);
    const path = `/containers/${encodeURIComponent(id)}/logs?stdout=1&stderr=1&timestamps=1&tail=${lines}`;
    return this.call('GET /containers/{id}/logs', READ_MS, signal, async (docker, abortSignal) => {
      const stream = await streamOf(docker, path, abortSignal);
      try {
        return await tailOf(stream, inspect.Config.Tty === true, lines);
      } finally {
        stream.destroy();
      }
    });
  }

  start(id: string, signal: AbortSignal): Promise<void> {
    return this.#change('start', READ_MS + STOP_MARGIN_MS, signal, (docker, abortSignal) =>
      docker.getContainer(id).start({ abortSignal }),
    );
  }

  async stop(id: string, signal: AbortSignal): Promise<void> {
    const limit = await this.#patience(id, signal);
    await this.#change('stop', limit, signal, (docker, abortSignal) =>
      docker.getContainer(id).stop({ abortSignal }),
    );
  }

  async restart(id: string, signal: AbortSignal): Promise<void> {
    const limit = await this.#patience(id, signal);
    await this.#change('restart', limit, signal, (docker, abortSignal) =>
      docker.getContainer(id).restart({ abortSignal }),
    );
  }

  pause(id: string, signal: AbortSignal): Promise<void> {
    return this.#change('pause', READ_MS, signal, (docker, abortSignal) =>
      docker.getContainer(id).pause({ abortSignal }),
    );
  }

  unpause(id: string, signal: AbortSignal): Promise<void> {
    return this.#change('unpause', READ_MS, signal, (docker, abortSignal) =>
      docker.getContainer(id).unpause({ abortSignal }),
    );
  }

  /** Ends it at once, by SIGKILL. */
  kill(id: string, signal: AbortSignal): Promise<void> {
    return this.#change('kill', READ_MS, signal, (docker, abortSignal) =>
      docker.getContainer(id).kill({ abortSignal }),
    );
  }

  /** How long a container may take to end: some ask for minutes. */
  async #patience(id: string, signal: AbortSignal): Promise<number> {
    const inspect = await this.inspect(id, signal);
    const seconds = inspect?.Config.StopTimeout ?? STOP_SECONDS;
    return Math.max(0, seconds) * 1_000 + STOP_MARGIN_MS;
  }

  /** A change that had been made already (304) is as good as one made now. */
  async #change(
    verb: string,
    ms: number,
    signal: AbortSignal,
    send: (docker: Docker, signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    try {
      await this.call(`POST /containers/{id}/${verb}`, ms, signal, send);
    } catch (thrown) {
      if (statusOf((thrown as LabError).cause) === 304) return;
      throw thrown;
    }
  }

  async ifThere<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (thrown) {
      if (statusOf((thrown as LabError).cause) === 404) return undefined;
      throw thrown;
    }
  }

  /** One exchange with the engine, told to the meter, its errors explained. */
  async call<T>(
    what: string,
    ms: number,
    signal: AbortSignal,
    send: (docker: Docker, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const sent = this.#clock.elapsed();
    const took = (): number => this.#clock.elapsed() - sent;
    try {
      const answer = await withDeadline(this.#clock, `${this.#name}: ${what}`, ms, signal, async (inner) =>
        send(await this.#way.open(inner), inner),
      );
      this.#meter.record(took());
      return answer;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error =
        thrown instanceof LabError
          ? thrown
          : explain(thrown, { what, name: this.#name, url: this.#url, refusedHint: this.#way.refusedHint });
      // Nothing to change, nothing there any more, and what may not be asked are answers.
      this.#meter.record(
        took(),
        [304, 403, 404, 405].includes(statusOf(error.cause) ?? 0) ? undefined : error,
      );
      throw error;
    }
  }
}
