/** Passwords and tokens that must never reach a log, an answer or a file. */
export class Secrets {
  readonly #values = new Set<string>();

  /** Remembers a secret. Values shorter than four characters would blank ordinary words, so they are left out. */
  add(value: string | undefined): void {
    if (value !== undefined && value.length >= 4) this.#values.add(value);
  }

  /** `text` with every known secret as `***`, also where it was URL-encoded or JSON-escaped. */
  redact(text: string): string {
    let clean = text;
    // Longest first: one may be the beginning of another.
    for (const value of [...this.#values].sort((a, b) => b.length - a.length)) {
      for (const spelled of new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])) {
        clean = clean.replaceAll(spelled, '***');
      }
    }
    return clean;
  }
}
