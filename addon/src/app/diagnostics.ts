import type { Executor } from '../actions/executor.ts';
import type { FindingsView } from '../contract/finding.ts';
import type { LogTail } from '../core/log-tail.ts';
import type { SystemsView } from '../http/parts.ts';
import type { LabResource } from '../kinds/index.ts';

const MOST_LINES = 500;
const MOST_JOBS = 100;

export interface DiagnosticsParts {
  readonly version: string;
  readonly started: number;
  readonly now: () => number;
  /** Without their secrets. */
  readonly options: unknown;
  readonly connections: SystemsView;
  readonly findings: FindingsView;
  readonly executor: Pick<Executor, 'jobs' | 'counts'>;
  readonly lab: { all(): Iterable<LabResource> };
  readonly log: LogTail;
  /** Takes out the secrets that Labkeeper knows. */
  readonly redact: (text: string) => string;
}

/** All that helps who looks into a fault: JSON without secrets, with names and addresses of the lab. */
export function diagnosticsOf(parts: DiagnosticsParts): () => object {
  const { version, started, now, options, connections, findings, executor, lab, log, redact } = parts;
  return () => {
    const kinds: Record<string, number> = {};
    for (const { kind } of lab.all()) kinds[kind] = (kinds[kind] ?? 0) + 1;
    const { rss, heapUsed } = process.memoryUsage();
    const all = {
      ...{ version, node: process.version, platform: `${process.platform} ${process.arch}` },
      ...{ now: new Date(now()).toISOString(), started: new Date(started).toISOString() },
      memory: { rss, heap_used: heapUsed },
      broker: connections.broker(),
      options,
      systems: connections.conditions().map(({ trouble, ...rest }) => {
        return { ...rest, trouble: trouble && { code: trouble.code, message: trouble.message } };
      }),
      findings: findings.all(),
      resources: kinds,
      jobs: { counts: Object.fromEntries(executor.counts()), last: executor.jobs({ limit: MOST_JOBS }) },
      log: log.after(0, MOST_LINES).map(({ text }) => text),
    };
    return cleaned(all, redact) as object;
  };
}

/** The same with every text in it cleaned, keys too: what is cleaned as JSON could end in the midst of an escape. */
function cleaned(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((one) => cleaned(one, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [redact(key), cleaned(one, redact)]));
}
