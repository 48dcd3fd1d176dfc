import { SimContainer } from './container.ts';
import { EngineError, noSuchContainer, notRunning } from './errors.ts';
import type { EventLog } from './events.ts';
import { Images, imageId } from './images.ts';
import { Kept } from './kept.ts';
import { Lifecycle } from './lifecycle.ts';
import type { LoadCurve } from './load.ts';
import { decideHealth } from './probes.ts';
import type { ContainerSpec, EngineOptions, RestartPolicy } from './spec.ts';
import { realTime, type Time } from './time.ts';

const DEFAULTS: EngineOptions = {
  name: 'docker-host',
  id: 'LABK:2QXN:7RVD:5JZP:KXW3:HSTM:4BGE:YLCA:6FUI:OQND:3TKR:ZW7M',
  cpus: 4,
  memory: 16 * 1024 ** 3,
  version: '20.10.24+dfsg1',
  stopMs: 200,
  statsWaitMs: 1_000,
};

const UP_BEFORE_MS = 7 * 86_400_000;

/**
 * A Docker engine without containers to run: its state, its events in the engine's order, its refusals. What clients
 * ask of a real engine throws an `EngineError` when that would refuse; the rest are handles for tests and the demo.
 */
export class DockerEngine {
  readonly options: EngineOptions;
  readonly time: Time;
  readonly images = new Images();
  /** Told of each container that somebody starts; for what simulates its program. */
  whenStarted: ((container: SimContainer) => void) | undefined;
  /** Told of each volume that somebody removes, by its name; false: there was none. */
  whenVolumeGoes: ((name: string) => boolean) | undefined;
  /** Those of the machine, where others cannot be mounted; undefined: all there can be. */
  folders: ReadonlySet<string> | undefined;
  /** Files of the machine, by their whole paths. */
  readonly disk = new Map<string, string>();
  readonly kept = new Kept(this);
  readonly #life: Lifecycle;
  readonly #containers = new Map<string, SimContainer>();
  readonly #bootedAt: number;
  #created = 0;

  constructor({ now, after, random, ...options }: Partial<EngineOptions & Time> = {}) {
    this.options = { ...DEFAULTS, ...options };
    this.time = {
      now: now ?? realTime.now,
      after: after ?? realTime.after,
      random: random ?? realTime.random,
    };
    this.#life = new Lifecycle(this.time, this.options);
    this.#bootedAt = this.time.now() - UP_BEFORE_MS;
  }

  get events(): EventLog {
    return this.#life.events;
  }

  /** The newest first, as the engine lists them. */
  get containers(): readonly SimContainer[] {
    return [...this.#containers.values()].reverse();
  }

  get uptimeMs(): number {
    return this.time.now() - this.#bootedAt;
  }

  /** Nanoseconds since 1970, later with each call. */
  tick(): bigint {
    return this.#life.tick();
  }

  /** By id, the beginning of one, or name. */
  find(ref: string): SimContainer {
    const { containers } = this;
    const found =
      this.#containers.get(ref) ??
      containers.find(({ name }) => name === ref.replace(/^\//, '')) ??
      containers.find(({ id }) => ref !== '' && id.startsWith(ref));
    if (found === undefined) throw noSuchContainer(ref);
    return found;
  }

  create(spec: ContainerSpec): SimContainer {
    const taken = this.containers.find(({ name }) => name === spec.name);
    if (taken !== undefined) {
      const by = `is already in use by container "${taken.id}"`;
      throw new EngineError(409, `Conflict. The container name "/${spec.name}" ${by}.`);
    }
    this.#created += 1;
    // What nobody put there is there all the same, as if it were built here.
    const image =
      this.images.tagged(spec.image) ?? this.images.put(spec.image, { id: imageId(spec.image) }).id;
    const container = new SimContainer(this.#life.hexId(), spec, image, this.tick(), this.#created);
    this.#containers.set(container.id, container);
    this.#life.tell(container, 'create');
    return container;
  }

  /** @returns false: it ran already */
  start(ref: string): boolean {
    const container = this.find(ref);
    if (container.status === 'paused') {
      throw new EngineError(409, 'cannot start a paused container, try unpause instead');
    }
    if (container.alive) return false;
    this.#life.startByHand(container);
    this.whenStarted?.(container);
    return true;
  }

  /**
   * @param seconds until it is killed; what the container asks for if left out
   * @returns false: it did not run
   */
  async stop(ref: string, seconds?: number): Promise<boolean> {
    const container = this.find(ref);
    if (!container.alive) return false;
    await this.#life.end(container, seconds);
    this.#life.tell(container, 'stop');
    this.#sweep(container);
    return true;
  }

  async restart(ref: string, seconds?: number): Promise<void> {
    const container = this.find(ref);
    if (container.alive) {
      await this.#life.end(container, seconds);
      this.#life.tell(container, 'stop');
    }
    if (!container.alive) this.#life.startByHand(container);
    this.#life.tell(container, 'restart');
  }

  kill(ref: string, signal = 9): void {
    const container = this.find(ref);
    const { id, status, spec } = container;
    if (!container.alive)
      throw new EngineError(409, `Cannot kill container: ${ref}: ${notRunning(id).message}`);
    container.manuallyStopped = true;
    if (status === 'restarting') {
      this.#life.giveUp(container);
      return;
    }
    this.#life.signal(container, signal);
    // Other signals are between the sender and the process.
    if (signal === 9) this.#life.died(container, 137);
    else if (signal === 15) this.#life.died(container, spec.exitOnStop ?? 0);
    this.#sweep(container);
  }

  pause(ref: string): void {
    const container = this.find(ref);
    const { id, status } = container;
    if (status === 'paused') throw new EngineError(409, `Container ${id} is already paused`);
    if (status === 'restarting') {
      throw new EngineError(409, `Container ${id} is restarting, wait until the container is running`);
    }
    if (!container.alive) throw notRunning(id);
    container.count(this.time.now());
    container.status = 'paused';
    container.stopProbing();
    this.#life.tell(container, 'pause');
  }

  unpause(ref: string): void {
    const container = this.find(ref);
    // 500 is what the engine says here.
    if (container.status !== 'paused') throw new EngineError(500, `Container ${container.id} is not paused`);
    this.#life.resume(container);
  }

  remove(ref: string, force = false): void {
    const container = this.find(ref);
    const { id, status } = container;
    if (container.hasProcess) {
      if (!force) {
        const first = status === 'paused' ? 'Unpause and then stop' : 'Stop';
        const why = `${first} the container before attempting removal or force remove`;
        throw new EngineError(409, `You cannot remove a ${status} container ${id}. ${why}`);
      }
      container.manuallyStopped = true;
      this.#life.tell(container, 'kill', { signal: '9' });
      this.#life.died(container, 137);
    }
    this.#destroy(container);
  }

  /** Its process ends by itself; its restart policy decides what follows. */
  die(name: string, exitCode: number): void {
    const container = this.find(name);
    if (!container.hasProcess) throw notRunning(container.id);
    this.#life.died(container, exitCode);
    this.#sweep(container);
  }

  /** The kernel ends its process, for it took more memory than it may. */
  outOfMemory(name: string): void {
    const container = this.find(name);
    if (!container.hasProcess) throw notRunning(container.id);
    this.#life.tell(container, 'oom');
    container.oomKilled = true;
    this.#life.died(container, 137);
    this.#sweep(container);
  }

  /** What its health check says, now and until told otherwise. */
  setHealth(name: string, status: 'healthy' | 'unhealthy'): void {
    const container = this.find(name);
    if (container.health === undefined) throw new Error(`${name} has no health check`);
    if (container.status !== 'running') throw notRunning(container.id);
    decideHealth(container, status, this.#life.tell);
  }

  /** A container writes something, whole lines with their ends. */
  write(name: string, text: string | Buffer, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.find(name).log.push({ at: this.tick(), stream, bytes: Buffer.from(text) });
  }

  setLoad(name: string, load: LoadCurve): void {
    const container = this.find(name);
    container.count(this.time.now());
    container.load = load;
  }

  /** A new container in the place of an old one, as an update makes it. */
  recreate(name: string, changes: Partial<Omit<ContainerSpec, 'name'>> = {}): SimContainer {
    const { spec, load } = this.find(name);
    this.remove(name, true);
    const container = this.create({ ...spec, load, ...changes });
    this.#life.startByHand(container);
    return container;
  }

  rename(ref: string, name: string): void {
    const container = this.find(ref);
    const taken = this.containers.find((other) => other.name === name);
    if (taken !== undefined) {
      throw new EngineError(
        409,
        `Conflict. The container name "/${name}" is already in use by "${taken.id}".`,
      );
    }
    const oldName = `/${container.name}`;
    container.spec = { ...container.spec, name };
    this.#life.tell(container, 'rename', { oldName });
  }

  setRestart(ref: string, restart: RestartPolicy, maximumRetries = 0): void {
    const container = this.find(ref);
    container.spec = { ...container.spec, restart, maximumRetries };
    this.#life.tell(container, 'update');
  }

  /** Cuts all event streams, as a restart of the network between would. */
  dropStreams(): void {
    this.events.dropAll();
  }

  #sweep(container: SimContainer): void {
    if (container.spec.autoRemove === true && !container.alive) this.#destroy(container);
  }

  #destroy(container: SimContainer): void {
    container.cancelTimers();
    this.#containers.delete(container.id);
    this.#life.tell(container, 'destroy');
  }
}
