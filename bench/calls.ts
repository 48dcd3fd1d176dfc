import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const CHANNEL = 'http.server.request.start';

interface Call {
  readonly at: number;
  readonly system: string;
  readonly what: string;
}

/** Calls a minute, of which statistics are one for each container. */
export interface Rate {
  readonly statistics: number;
  readonly others: number;
}

/** Every request that the simulated systems of this process get, counted where they come in. */
export class Calls {
  readonly #systems: ReadonlyMap<number, string>;
  readonly #calls: Call[] = [];
  readonly #onStart = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    const system = this.#systems.get(request.socket.localPort ?? 0);
    if (system === undefined) return;
    this.#calls.push({ at: performance.now(), system, what: pathOf(request) });
  };

  constructor(ports: Readonly<Record<string, readonly number[]>>) {
    this.#systems = new Map(
      Object.entries(ports).flatMap(([system, each]) => each.map((port) => [port, system] as const)),
    );
    subscribe(CHANNEL, this.#onStart);
  }

  /** @param from in milliseconds by `performance.now` */
  rate(system: string, from: number, to: number): Rate {
    const within = this.#calls.filter((call) => call.system === system && call.at >= from && call.at < to);
    const statistics = within.filter(({ what }) => what.endsWith('/stats')).length;
    const minutes = (to - from) / 60_000;
    return { statistics: statistics / minutes, others: (within.length - statistics) / minutes };
  }

  /** What was called how often, the most frequent first. */
  what(from: number, to: number): readonly string[] {
    const within = this.#calls.filter(({ at }) => at >= from && at < to);
    return Object.entries(Object.groupBy(within, ({ system, what }) => `${system} ${what}`))
      .map(([what, calls = []]) => ({ what, count: calls.length }))
      .sort((a, b) => b.count - a.count)
      .map(({ what, count }) => `${count} × ${what}`);
  }

  close(): void {
    unsubscribe(CHANNEL, this.#onStart);
  }
}

/** With what differs from thing to thing left out. */
function pathOf({ method, url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?');
  return `${method} ${path.replace(/\/(containers|nodes|qemu|lxc|storage)\/(?!json)[^/]+/g, '/$1/…')}`;
}
