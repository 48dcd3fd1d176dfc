import { createHash } from 'node:crypto';
import type { HttpParts } from './parts.ts';

/**
 * How the lab hangs together, without what is measured, as JSON: seldom another one, so whoever asks often is told that
 * nothing changed.
 */
export class Graph {
  readonly #parts: Pick<HttpParts, 'lab' | 'findings' | 'deviceOf'>;
  readonly #unsubscribe: readonly (() => void)[];
  #made: { readonly body: string; readonly etag: string } | undefined;

  constructor(parts: Pick<HttpParts, 'lab' | 'findings' | 'deviceOf'>) {
    this.#parts = parts;
    const changed = (): void => {
      this.#made = undefined;
    };
    const { lab, findings } = parts;
    this.#unsubscribe = [lab.subscribe(changed), lab.subscribeDoubts(changed), findings.subscribe(changed)];
  }

  /** `{resources, doubts, findings}`, and what is the same as long as that is. */
  get now(): { readonly body: string; readonly etag: string } {
    if (this.#made !== undefined) return this.#made;
    const { lab, findings, deviceOf } = this.#parts;
    const body = JSON.stringify({
      resources: [...lab.all()].map(({ id, kind, name, parent, links }) => {
        return { id, device: deviceOf(id), kind, name, parent, links };
      }),
      doubts: lab.doubts(),
      findings: findings.all(),
    });
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    this.#made = { body, etag };
    return this.#made;
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }
}
