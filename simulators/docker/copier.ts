import type { SimContainer } from './container.ts';
import type { DockerEngine } from './engine.ts';
import { pause } from './time.ts';

/** How `cp` of a helper ends where it finds no room. */
const NO_ROOM = 28;

/**
 * What containers keep on the machine of a simulated engine, one text for each place, and the helpers that copy it and
 * put it back: which of the two one does is told by what it may write to.
 */
export class SimCopier {
  /** By volume or folder. */
  readonly data = new Map<string, string>();
  /** Volumes with copies: by the place in the helper. */
  readonly copies = new Map<string, Map<string, string>>();
  /** What was copied or put back while a container that may write to it ran: there should be none. */
  readonly torn: string[] = [];
  /** KiB that are needed and that are free; undefined: there is room. */
  room: readonly [need: number, free: number] | undefined;
  readonly #engine: DockerEngine;
  readonly #stepMs: number;

  /** @param stepMs milliseconds that each place takes */
  constructor(engine: DockerEngine, stepMs = 2) {
    this.#engine = engine;
    this.#stepMs = stepMs;
    engine.whenVolumeGoes = (name) => this.copies.delete(name);
    const before = engine.whenStarted;
    engine.whenStarted = (container) => {
      before?.(container);
      if (container.spec.labels?.['labkeeper.helper'] === 'copy') void this.#run(container);
    };
  }

  async #run({ id, spec: { mounts = [] } }: SimContainer): Promise<void> {
    const volume = mounts.at(-1);
    const places = mounts.slice(0, -1);
    const isKeeping = volume?.readOnly !== true;
    const copy = this.copies.get(volume?.from ?? '') ?? new Map<string, string>();
    this.copies.set(volume?.from ?? '', copy);
    if (isKeeping && this.room !== undefined) {
      this.#engine.write(id, `${this.room.join(' ')}\n`, 'stderr');
      this.#engine.die(id, NO_ROOM);
      return;
    }
    for (const { from, to } of places) {
      await pause(this.#engine.time, this.#stepMs);
      // Somebody removed it meanwhile: what it did not come to stays undone.
      if (!this.#engine.containers.some((one) => one.id === id)) return;
      const writer = this.#engine.containers.find(
        (one) => one.alive && one.id !== id && one.spec.mounts?.some((mount) => mount.from === from),
      );
      if (writer !== undefined) this.torn.push(`${from} by ${writer.name}`);
      if (isKeeping) copy.set(to, this.data.get(from) ?? '');
      else this.data.set(from, copy.get(to) ?? '');
    }
    this.#engine.die(id, 0);
  }
}
