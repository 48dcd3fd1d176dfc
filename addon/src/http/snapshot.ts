import { randomBytes } from 'node:crypto';
import type { HttpParts } from './parts.ts';

/** The whole lab as JSON, made once for each state of it however many ask. */
export class Snapshot {
  readonly #lab: HttpParts['lab'];
  readonly #findings: HttpParts['findings'];
  /** Versions of two runs never look alike. */
  readonly #run = randomBytes(6).toString('base64url');
  readonly #unsubscribe: readonly (() => void)[];
  #version = 0;
  #body: string | undefined;

  constructor({ lab, findings }: Pick<HttpParts, 'lab' | 'findings'>) {
    this.#lab = lab;
    this.#findings = findings;
    const changed = (): void => {
      this.#version += 1;
      this.#body = undefined;
    };
    this.#unsubscribe = [lab.subscribe(changed), lab.subscribeDoubts(changed), findings.subscribe(changed)];
  }

  /** Changes with the lab and what is found in it, and with nothing else. */
  get etag(): string {
    return `"${this.#run}-${this.#version}"`;
  }

  /** `{resources, doubts, findings}` */
  get body(): string {
    this.#body ??= JSON.stringify({
      resources: [...this.#lab.all()],
      doubts: this.#lab.doubts(),
      findings: this.#findings.all(),
    });
    return this.#body;
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }
}
