import type { LabResource, LabResourceOf } from '../../../kinds/index.ts';

type Updated = LabResourceOf<'container'> | LabResourceOf<'stack'>;

/** Adds to resources whether they can be updated, and how far that is. What did not change is the same as before. */
export class ShownUpdates {
  readonly #shown = new WeakMap<LabResource, Updated>();

  /** @param percent of an update; undefined: none is under way */
  of(from: Updated, updatable: boolean, percent: number | undefined): Updated {
    if (!updatable && percent === undefined) return from;
    const known = this.#shown.get(from);
    if (known !== undefined && known.readings.image_progress === percent) return known;
    const readings = {
      ...from.readings,
      ...(updatable && { updatable: true as const }),
      ...(percent !== undefined && { image_progress: percent }),
    };
    const as = { ...from, readings } as Updated;
    this.#shown.set(from, as);
    return as;
  }
}
