/** Readings of one thing that several readers find out, each its own; no two tell the same. */
export class Parts<Readings> {
  readonly #told = new Map<string, Partial<Readings>>();

  /** Takes all that a reader found out, in place of what it told before. @param reader its name */
  tell(reader: string, readings: Partial<Readings>): void {
    this.#told.set(reader, readings);
  }

  /** What a reader told is not known any more; that there is such a thing still is. */
  fade(reader: string): void {
    const told = this.#told.get(reader);
    if (told === undefined) return;
    const faded = Object.entries(told).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(unknownItem) : null,
    ]);
    this.#told.set(reader, Object.fromEntries(faded) as Partial<Readings>);
  }

  get all(): Partial<Readings> {
    return Object.assign({}, ...this.#told.values()) as Partial<Readings>;
  }
}

/** It stays, as what it is called, with readings that nobody knows. */
const unknownItem = (item: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, name === 'key' || name === 'title' ? value : null]),
  );
