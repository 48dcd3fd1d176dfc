import type { Protection, TakeSnapshot } from '../../../contract/update.ts';
import { asLabError, OPEN_ENDED } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import { exposedOf } from '../update/exposed.ts';
import type { Copier } from './copier.ts';
import { type Place, placesOf } from './places.ts';

/** What keeps the data of an update, as it is written down with it. */
export interface Guard {
  readonly by: Exclude<Protection, 'none'>;
  /** Of the copy. */
  readonly key: string;
  /** What is copied. */
  readonly places: readonly Place[];
  /**
   * `making`: not to be relied upon yet. `whole`: it has the data as they were. `wanted`: the data may differ from it, and
   * are to be as they were. `restored`: they are.
   */
  readonly state: 'making' | 'whole' | 'wanted' | 'restored';
  /** Of the guest that the engine runs on. */
  readonly snapshot?: string;
}

/** What an entry of a journal has of it. */
export interface Guarded {
  readonly guard?: Guard;
}

/** Makes the protection of an update, and makes use of it; whoever writes to the data has to be stopped. */
export class Guardian {
  readonly #copier: Copier;
  readonly #log: Log;

  constructor(copier: Copier, log: Log) {
    this.#copier = copier;
    this.#log = log;
  }

  /** Has all at hand that protecting needs, before anything is stopped. */
  async prepare({ guard }: Guarded, signal: AbortSignal): Promise<void> {
    if (guard?.by === 'copy' && guard.places.length > 0) await this.#copier.prepare(signal);
  }

  /**
   * Protects the data.
   *
   * @returns the entry with what protects it; the same where nothing does
   */
  async protect<E extends Guarded>(
    entry: E,
    put: (entry: E) => E,
    takeSnapshot: TakeSnapshot | undefined,
    signal: AbortSignal,
  ): Promise<E> {
    const { guard } = entry;
    if (guard === undefined) return entry;
    if (guard.by === 'copy') {
      if (guard.places.length > 0) await this.#copier.keep(guard.key, guard.places, signal);
      return put({ ...entry, guard: { ...guard, state: 'whole' } });
    }
    const snapshot = await takeSnapshot?.(signal);
    return put({
      ...entry,
      guard: { ...guard, state: 'whole', ...(snapshot !== undefined && { snapshot }) },
    });
  }

  /** Has the data be as they were, where that is wanted; a guest's snapshot is never gone back to from here. */
  async putBack<E extends Guarded>(entry: E, put: (entry: E) => E, signal: AbortSignal): Promise<E> {
    const { guard } = entry;
    if (guard?.by !== 'copy' || guard.state !== 'wanted') return entry;
    if (guard.places.length > 0) await this.#copier.putBack(guard.key, guard.places, signal);
    return put({ ...entry, guard: { ...guard, state: 'restored' } });
  }

  /** Lets go of copies. */
  async release({ guard }: Guarded, signal: AbortSignal): Promise<void> {
    if (guard?.by !== 'copy' || guard.places.length === 0) return;
    try {
      await this.#copier.drop(guard.key, signal);
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      if (signal.aborted || OPEN_ENDED.includes(code)) throw thrown;
      // It only takes room.
      this.#log.warn(`a copy of data stays: ${message}`);
    }
  }
}

/** What will protect containers, if anything, and what they may write to that it does not. */
export function guardOf(
  by: Protection,
  units: readonly WholeInspect[],
  all: readonly WholeInspect[],
): Guarded & { readonly exposed: readonly string[] } {
  const [main] = units;
  const exposed = [...new Set(units.flatMap(exposedOf))];
  if (by === 'none' || main === undefined) return { exposed };
  const { own, left } = placesOf(units, all);
  const places = by === 'copy' ? own : [];
  const guard: Guard = { by, key: main.Id.slice(0, 12), places, state: 'making' };
  return { guard, exposed: by === 'copy' ? left : exposed };
}

/** Of an entry whose new containers may have written. */
export function wanted<E extends Guarded>(entry: E): E {
  const { guard } = entry;
  return guard?.state === 'whole' ? { ...entry, guard: { ...guard, state: 'wanted' } } : entry;
}

/** The step that protects, for people; none where nothing is to be protected. */
export function guardSteps({ guard }: Guarded): readonly string[] {
  if (guard?.by === 'vm_snapshot') return ['Take a snapshot of the guest that the engine runs on'];
  if (guard === undefined || guard.places.length === 0) return [];
  return [`Copy ${guard.places.map(({ about }) => about).join(', ')}`];
}

/** What a person should know of what is not protected, or not undone by itself. */
export function guardWarnings(
  { guard, exposed }: Guarded & { readonly exposed: readonly string[] },
  what: string,
  after: string,
): readonly string[] {
  if (exposed.length === 0) return [];
  const places = exposed.join(', ');
  const unless = `${what} does not take back data; ${after}`;
  if (guard?.by === 'vm_snapshot')
    return [
      `only the snapshot protects ${places}, and only you go back to it: it takes back all of the guest`,
      after,
    ];
  if (guard?.by === 'copy') return [`not copied: ${places}: ${unless}`];
  return [`nothing protects ${places}: ${unless}`];
}

/** For people: where the data are as they were. */
export function keptWhere({ guard }: Guarded): string | undefined {
  if (guard?.by === 'vm_snapshot' && guard.snapshot !== undefined)
    return `the snapshot ${guard.snapshot} has all of it as it was`;
  return undefined;
}
