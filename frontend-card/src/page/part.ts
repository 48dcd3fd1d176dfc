import { LitElement } from 'lit';
import type { Context } from './context.ts';

/** A part of the page: knows what all of them work with, and draws again when the lab or a job changed. */
export abstract class Part extends LitElement {
  static override properties = {
    ctx: { attribute: false },
    rest: { attribute: false },
  };

  declare ctx: Context;
  /** What of the address is behind the part's own name. */
  declare rest: readonly string[];
  #end: (() => void) | undefined;

  constructor() {
    super();
    this.rest = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = this.ctx?.feed.listen(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }
}

/** Runs `work` now and every so many milliseconds, as long as somebody looks. The returned function ends it. */
export function repeat(ms: number, work: () => Promise<void>): () => void {
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = async (): Promise<void> => {
    if (!document.hidden) await work();
    if (!ended) timer = setTimeout(again, ms);
  };
  void again();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
