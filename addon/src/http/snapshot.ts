import { randomBytes } from 'node:crypto';
import type { HttpParts } from './parts.ts';

/** The whole lab as JSON, made once for each state of it however many ask. */
export class Snapshot {
  readonly #lab: HttpParts['lab'];
  /** Versions of two runs never look alike. */
  readonly #run = randomBytes(6).toString('base64url');
  readonly #unsubscribe: readonly (() => void)[];
  #version = 0;
  #body: string | undefined;

  constructor(lab: HttpParts['lab']) {
    this.#lab = lab;
    const changed = (): void => {
      this.#version += 1;
      this.#body = undefined;
    };
    this.#unsubscribe = [lab.subscribe(changed), lab.subscribeDoubts(changed)];
  }

  /** Changes with the lab, and with nothing else. */
  get etag(): string {
    return `"${this.#run}-${this.#version}"`;
  }

  /** `{resources, doubts}` */
  get body(): string {
    this.#body ??= JSON.stringify({ resources: [...this.#lab.all()], doubts: this.#lab.doubts() });
    return this.#body;
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }
}
