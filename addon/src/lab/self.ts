import type { BuildOutView } from '../contract/build-out.ts';
import type { Finding } from '../contract/finding.ts';
import type { Traffic } from '../core/meter.ts';
import type { LabResourceOf } from '../kinds/index.ts';

/** Owner of Labkeeper's own device. */
export const SELF = 'labkeeper/self';
/** Id of Labkeeper's own device. */
export const SELF_ID = `${SELF}/app/main`;

const MIB = 1024 ** 2;

/** What Labkeeper knows of itself. */
export interface SelfKnowledge {
  readonly version: string;
  /** Of its start, milliseconds since 1970. */
  readonly started: number;
  /** Devices that are published. */
  readonly devices: number;
  /** MQTT messages a minute. */
  readonly messages: number | null;
  /** Of the process. */
  readonly memoryBytes: number;
  readonly findings: readonly Finding[];
  /** Left out, or without items: nothing is said of it. */
  readonly buildOut?: BuildOutView;
  /** There is a way to Home Assistant, which can say something. */
  readonly canAnnounce?: boolean;
  readonly systems: readonly {
    /** `<source>/<id>` */
    readonly owner: string;
    readonly title: string;
    readonly reachable: boolean;
    readonly traffic: Traffic;
  }[];
}

/** Labkeeper as a thing of the lab. */
export function selfOf(known: SelfKnowledge): LabResourceOf<'app'> {
  return {
    id: SELF_ID,
    kind: 'app',
    name: 'Labkeeper',
    available: true,
    readings: {
      version: known.version,
      started: `${new Date(known.started).toISOString().slice(0, 19)}+00:00`,
      devices: known.devices,
      messages: known.messages,
      memory: known.memoryBytes / MIB,
      findings: known.findings.filter(({ severity }) => severity !== 'info').length,
      problem: known.findings.some(({ severity }) => severity === 'problem'),
      ...(known.buildOut !== undefined && buildOutOf(known.buildOut)),
      ...(known.canAnnounce && { announcing: true }),
      systems: known.systems.map(({ owner, title, reachable, traffic }) => ({
        key: owner.replace('/', '_'),
        title,
        connected: reachable,
        calls: traffic.callsPerMinute,
        latency: traffic.p95,
        errors: traffic.errors,
        last_error: traffic.lastError,
      })),
    },
    facts: { manufacturer: 'Labkeeper', model: 'Labkeeper', version: known.version },
  };
}

function buildOutOf({
  total,
  done,
  percent,
  next,
}: BuildOutView): Pick<LabResourceOf<'app'>['readings'], 'build_out' | 'build_out_next'> {
  if (total === 0) return {};
  return { build_out: percent, build_out_next: next?.title ?? (done === total ? 'none' : null) };
}
