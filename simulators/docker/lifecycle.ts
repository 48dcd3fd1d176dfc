import type { SimContainer } from './container.ts';
import { EventLog } from './events.ts';
import { hasOwnNetwork, networkId, networkNameOf } from './network.ts';
import { startProbing, type Tell } from './probes.ts';
import type { EngineOptions } from './spec.ts';
import { nanosecondClock, pause, type Time } from './time.ts';

const STOP_SECONDS = 10;
const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 60_000;
/** Who ran this long starts again without having to wait longer each time. */
const SETTLED_MS = 10_000;

/** How containers begin and end, with the events that a real engine tells of it, in its order. */
export class Lifecycle {
  readonly events = new EventLog();
  /** Nanoseconds since 1970, later with each call. */
  readonly tick: () => bigint;
  readonly #time: Time;
  readonly #stopMs: number;

  constructor(time: Time, { stopMs }: Pick<EngineOptions, 'stopMs'>) {
    this.#time = time;
    this.#stopMs = stopMs;
    this.tick = nanosecondClock(time);
  }

  readonly tell: Tell = (container, action, more = {}) => {
    const { labels, image, name } = container.spec;
    const attributes = { ...labels, ...more, image, name };
    this.events.add({ type: 'container', action, id: container.id, attributes, at: this.tick() });
  };

  readonly hexId = (length = 64): string =>
    Array.from({ length }, () => Math.floor(this.#time.random() * 16).toString(16)).join('');

  /** Somebody starts it: its restarts are counted anew. */
  startByHand(container: SimContainer): void {
    container.restartCount = 0;
    container.hurries = 0;
    this.#run(container);
  }

  /** Asks a container to end, and makes it after its time. */
  async end(container: SimContainer, seconds?: number): Promise<void> {
    container.manuallyStopped = true;
    if (container.status === 'restarting') {
      this.giveUp(container);
      return;
    }
    const { startedAt, spec } = container;
    const patience = Math.max(0, seconds ?? spec.stopTimeout ?? STOP_SECONDS) * 1_000;
    const needed = spec.stopMs ?? this.#stopMs;
    this.signal(container, 15);
    await pause(this.#time, Math.min(needed, patience));
    const another = !container.hasProcess || container.startedAt !== startedAt;
    if (another) return;
    if (needed > patience) this.tell(container, 'kill', { signal: '9' });
    this.died(container, needed > patience ? 137 : (spec.exitOnStop ?? 0));
  }

  signal(container: SimContainer, signal: number): void {
    this.tell(container, 'kill', { signal: String(signal) });
    // A frozen process would never see it.
    if (container.status === 'paused') this.resume(container);
  }

  resume(container: SimContainer): void {
    container.count(this.#time.now());
    container.status = 'running';
    this.tell(container, 'unpause');
    startProbing(container, this.#time, this.tell, this.hexId);
  }

  /** Its process is gone; its restart policy decides what follows. */
  died(container: SimContainer, exitCode: number): void {
    const at = this.tick();
    const comesBack = container.comesBack(exitCode);
    const ranMs = Number((at - (container.startedAt ?? at)) / 1_000_000n);
    container.ended(at, exitCode, comesBack ? 'restarting' : 'exited');
    if (comesBack) container.restartCount += 1;
    this.tell(container, 'die', { exitCode: String(exitCode) });
    this.#network(container, 'disconnect');
    if (!comesBack) return;
    if (ranMs > SETTLED_MS) container.hurries = 0;
    const wait = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** container.hurries);
    container.hurries += 1;
    container.cancelRestart = this.#time.after(wait, () => this.#run(container));
  }

  /** Of one that waits to be started again. */
  giveUp(container: SimContainer): void {
    container.cancelRestart();
    container.status = 'exited';
  }

  #run(container: SimContainer): void {
    this.#network(container, 'connect');
    container.started(this.tick(), 1_000 + Math.floor(this.#time.random() * 30_000));
    this.tell(container, 'start');
    startProbing(container, this.#time, this.tell, this.hexId);
  }

  #network(container: SimContainer, action: 'connect' | 'disconnect'): void {
    const { networkMode } = container.spec;
    if (!hasOwnNetwork(networkMode)) return;
    const name = networkNameOf(networkMode);
    const attributes = { container: container.id, name, type: 'bridge' };
    this.events.add({ type: 'network', action, id: networkId(name), attributes, at: this.tick() });
  }
}
