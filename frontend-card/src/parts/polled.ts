import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Asks again and again while its host is on the page and somebody looks at that. */
export class Polled<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #ask: () => Promise<T> | undefined;
  readonly #seconds: (value: T | undefined) => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connected = false;
  value: T | undefined;
  /** Why there is none, in words of whoever refused. */
  refusal: string | undefined;

  /** @param seconds until it is asked again, by what was answered */
  constructor(
    host: ReactiveControllerHost,
    ask: () => Promise<T> | undefined,
    seconds: (value: T | undefined) => number,
  ) {
    this.#host = host;
    this.#ask = ask;
    this.#seconds = seconds;
    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = true;
    // What it asks with is handed to the host after this.
    queueMicrotask(() => this.again());
  }

  hostDisconnected(): void {
    this.#connected = false;
    clearTimeout(this.#timer);
  }

  /** Asks now. */
  async again(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#connected) return;
    if (document.visibilityState === 'visible') {
      try {
        const asked = this.#ask();
        if (asked !== undefined) {
          this.value = await asked;
          this.refusal = undefined;
        }
      } catch (refused) {
        const { message } = (refused ?? {}) as { message?: unknown };
        this.refusal = typeof message === 'string' ? message : String(refused);
      }
      this.#host.requestUpdate();
    }
    clearTimeout(this.#timer);
    if (this.#connected) this.#timer = setTimeout(() => this.again(), this.#seconds(this.value) * 1_000);
  }
}
