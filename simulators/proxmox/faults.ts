/** Which requests; what is left out fits all. */
export interface Matcher {
  readonly method?: string;
  /** Below `/api2/json`, without the query. */
  readonly path?: string | RegExp;
  /** Name of the node that is asked. */
  readonly node?: string;
}

/** What happens to an answer. */
export type Fault =
  /** Later, by the cluster's clock; then as always. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Never; the connection stays open. */
  | { readonly kind: 'hang' }
  /** The connection is reset before anything is read of the request, or after it was carried out. */
  | { readonly kind: 'reset'; readonly carriedOut?: boolean }
  /** Only so many bytes of the body come, then the connection ends. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** Something else in its place; the request is not carried out. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly message?: string;
      readonly type?: string;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** A page as a proxy in between shows it. */
export const htmlPage = (status: number, message: string): Fault => ({
  kind: 'answer',
  status,
  message,
  type: 'text/html',
  body: `<html>\r\n<head><title>${status} ${message}</title></head>\r\n<body><center><h1>${status} ${message}</h1></center></body>\r\n</html>\r\n`,
});

interface Injected {
  readonly matcher: Matcher;
  readonly fault: Fault;
  left: number;
}

/** What goes wrong, and how often what was asked. */
export class Faults {
  readonly #injected = new Set<Injected>();
  readonly #counts = new Map<string, number>();

  /**
   * The newest that fits a request counts.
   *
   * @param times so often, then no more; left out: always
   * @returns how to take it back
   */
  inject(matcher: Matcher, fault: Fault, times = Number.POSITIVE_INFINITY): () => void {
    const injected = { matcher, fault, left: times };
    this.#injected.add(injected);
    return () => this.#injected.delete(injected);
  }

  clear(): void {
    this.#injected.clear();
  }

  /** Counts a request, and tells what is to happen to it. */
  meet(method: string, path: string, node: string): Fault | undefined {
    const name = `${method} ${path}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    for (const injected of [...this.#injected].reverse()) {
      if (!fits(injected.matcher, method, path, node)) continue;
      injected.left -= 1;
      if (injected.left <= 0) this.#injected.delete(injected);
      return injected.fault;
    }
    return undefined;
  }

  /** How many requests there were; of those whose `METHOD /path` is or matches `which`. */
  count(which: string | RegExp = /./): number {
    let sum = 0;
    for (const [name, times] of this.#counts) {
      if (typeof which === 'string' ? name === which : which.test(name)) sum += times;
    }
    return sum;
  }

  /** By `METHOD /path`. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  resetCounts(): void {
    this.#counts.clear();
  }
}

function fits(matcher: Matcher, method: string, path: string, node: string): boolean {
  const { method: verb = method, node: name = node } = matcher;
  const where = matcher.path ?? path;
  return verb === method && name === node && (typeof where === 'string' ? where === path : where.test(path));
}
