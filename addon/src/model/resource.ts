/** What a source measured or was told. `null`: unknown at present. A key left out: this thing has no such reading. */
export type Reading = string | number | boolean | null;

/** What describes a resource and hardly changes; shown on its device, never as a state. */
export interface Facts {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly version?: string;
  readonly serial?: string;
  /** Where a person manages it; http or https. */
  readonly url?: string;
  /** Whatever else is worth showing to a person, by name. */
  readonly [name: string]: string | number | boolean | readonly string[] | undefined;
}

/** One thing of the lab. Never changed in place: a new value is a new object, an equal value the same one. */
export interface Resource<K extends string = string, R = Readonly<Record<string, Reading | undefined>>> {
  /** `<source>/<instance>/<kind>/<vendor path>`, made of what never changes in the thing's life. */
  readonly id: string;
  readonly kind: K;
  /** Its name in the lab, as people there write it: hostile input. */
  readonly name: string;
  readonly readings: R;
  readonly facts: Facts;
  /** The id of what contains it. */
  readonly parent?: string;
  /** False while what is known of it may be out of date. */
  readonly available: boolean;
}
