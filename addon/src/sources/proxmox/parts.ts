/** Readings of one thing that several readers find out, each its own; no two tell the same. */
export class Parts<Readings> {
  readonly #told = new Map<string, Partial<Readings>>();

  /** Takes all that a reader found out, in place of what it told before. @param reader its name */
  tell(reader: string, readings: Partial<Readings>): void {
    this.#told.set(reader, readings);
  }

  get all(): Partial<Readings> {
    return Object.assign({}, ...this.#told.values()) as Partial<Readings>;
  }
}
