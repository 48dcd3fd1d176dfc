/** An uptime is rounded and old by up to ten seconds: what differs less is the same start. */
const SAME_MS = 60_000;

/**
 * When something started, from its uptime.
 *
 * @param before what was found out earlier, milliseconds since 1970
 * @param uptime seconds; 0 or undefined: it does not run
 * @param now milliseconds since 1970
 */
export function startedAt(
  before: number | undefined,
  uptime: number | undefined,
  now: number,
): number | undefined {
  if (!uptime) return undefined;
  const at = now - uptime * 1_000;
  return before !== undefined && Math.abs(before - at) < SAME_MS ? before : Math.round(at / 1_000) * 1_000;
}

/** When things started, by what they are called. */
export class StartTimes<Key> {
  readonly #known = new Map<Key, { readonly at: number | undefined; readonly uptime: number | undefined }>();

  /** Takes an uptime. The same one again says nothing: who tells it hangs. */
  heard(key: Key, uptime: number | undefined, now: number): void {
    const known = this.#known.get(key);
    if (known === undefined || known.uptime !== uptime)
      this.#known.set(key, { at: startedAt(known?.at, uptime, now), uptime });
  }

  /** Milliseconds since 1970; undefined: it does not run, or nobody knows. */
  get(key: Key): number | undefined {
    return this.#known.get(key)?.at;
  }

  delete(key: Key): void {
    this.#known.delete(key);
  }
}
