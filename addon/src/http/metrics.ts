import { Counter, Gauge, Registry } from 'prom-client';
import type { TSchema } from 'typebox';
import { JOB_STATES } from '../actions/job.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Item } from '../model/resource.ts';
import type { HttpParts } from './parts.ts';

type MetricParts = Pick<HttpParts, 'version' | 'lab' | 'executor' | 'kinds' | 'systems'>;

/** What a Prometheus reads of Labkeeper: its own health, and every number of the lab. */
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  readonly #parts: MetricParts;

  constructor(parts: MetricParts) {
    this.#parts = parts;
    this.#addProcess();
    this.#addOwn();
  }

  /** In Prometheus' text format. */
  async text(): Promise<string> {
    const { lab, kinds } = this.#parts;
    return `${await this.#registry.metrics()}\n${readingsAsText(lab.all(), kinds)}`;
  }

  /**
   * Under the names that Prometheus' own libraries use. `collectDefaultMetrics` would add a histogram of the event loop,
   * which wakes the process a hundred times a second: three quarters of all CPU time at rest.
   */
  #addProcess(): void {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, value: () => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    };
    gauge('process_resident_memory_bytes', 'Memory of the process', () => process.memoryUsage.rss());
    gauge('nodejs_heap_size_used_bytes', 'Memory that is in use by JavaScript', () => {
      return process.memoryUsage().heapUsed;
    });
    gauge('process_start_time_seconds', 'Time of the start since 1970', () => performance.timeOrigin / 1_000);
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'CPU time of the process',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
  }

  #addOwn(): void {
    const { version, executor, lab, systems } = this.#parts;
    const gauge = (
      name: string,
      help: string,
      label: string,
      values: () => Iterable<readonly [string, number | null]>,
    ): void => {
      new Gauge({
        name: `labkeeper_${name}`,
        help,
        labelNames: [label],
        registers: [this.#registry],
        collect() {
          this.reset();
          for (const [of, value] of values()) if (value !== null) this.set({ [label]: of }, value);
        },
      });
    };
    gauge('info', 'Version of Labkeeper', 'version', () => [[version, 1]]);
    gauge('jobs', 'Jobs that are kept, by state', 'state', () => {
      const counts = executor.counts();
      return JOB_STATES.map((state) => [state, counts.get(state) ?? 0]);
    });
    gauge('resources', 'Resources of the lab, by kind', 'kind', () => {
      const counts = new Map<string, number>();
      for (const { kind } of lab.all()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return counts;
    });
    gauge('system_reachable', 'Whether a system answers', 'system', () =>
      systems().map(({ owner, reachable }) => [owner, Number(reachable)]),
    );
    gauge('system_calls_per_minute', 'Calls to a system, average of ten minutes', 'system', () =>
      systems().map(({ owner, traffic }) => [owner, traffic.callsPerMinute]),
    );
    gauge('system_latency_p95_seconds', 'Time in which 95 % of the calls are answered', 'system', () =>
      systems().map(({ owner, traffic }) => [owner, traffic.p95 === null ? null : traffic.p95 / 1_000]),
    );
    gauge('system_errors', 'Failures of a system since the start', 'system', () =>
      systems().map(({ owner, traffic }) => [owner, traffic.errors]),
    );
  }
}

/**
 * Each number of each kind as a metric `labkeeper_<kind>_<reading>`, with the resource's id and name. What is unknown
 * or out of date is left out. Written by hand: thousands of numbers, of which none has to be kept.
 */
export function readingsAsText(resources: Iterable<LabResource>, kinds: HttpParts['kinds']): string {
  const metrics = new Map<string, { help: string; lines: string[] }>();
  const add = (
    path: readonly string[],
    schema: TSchema | undefined,
    labels: string,
    value: unknown,
  ): void => {
    if (typeof value !== 'number' && typeof value !== 'boolean') return;
    const name = `labkeeper_${path.join('_')}`;
    const { description } = (schema ?? {}) as { description?: string };
    const metric = metrics.get(name) ?? { help: description ?? '', lines: [] };
    metric.lines.push(`${name}{${labels}} ${Number(value)}`);
    metrics.set(name, metric);
  };
  for (const { id, kind, name, readings, available } of resources) {
    if (!available) continue;
    const { properties } = kinds[kind].readings as { properties: Readonly<Record<string, TSchema>> };
    const labels = `id="${escaped(id)}",name="${escaped(name)}"`;
    for (const [reading, value] of Object.entries(readings as Readonly<Record<string, unknown>>)) {
      const schema = properties[reading];
      add([kind, reading], schema, labels, value);
      if (!Array.isArray(value)) continue;
      const ofItem = (schema as { items?: { properties?: Readonly<Record<string, TSchema>> } }).items;
      for (const item of value as readonly Item[]) {
        const itemLabels = `${labels},item="${escaped(item.key)}"`;
        for (const [key, inner] of Object.entries(item)) {
          add([kind, reading, key], ofItem?.properties?.[key], itemLabels, inner);
        }
      }
    }
  }
  return [...metrics]
    .map(([name, { help, lines }]) => {
      return `# HELP ${name} ${help.replace(/[\\\n]/g, ' ')}\n# TYPE ${name} gauge\n${lines.join('\n')}\n`;
    })
    .join('');
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
