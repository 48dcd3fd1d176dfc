import { shown } from '../../core/words.ts';
import type { LabResourceOf } from '../../kinds/index.ts';
import { ALERT_LEVELS } from '../../kinds/monitor.ts';
import { type Alias, alias } from '../../model/resource.ts';
import { type Alert, keyOf } from './alert.ts';
import { counted, type Health, type Summary, type Version } from './wire.ts';

export type Monitor = LabResourceOf<'monitor'>;

/** Active alerts that are listed one by one; all are counted. */
const MOST_LISTED = 50;
const VERSION = /^\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,40}$/;

/** What was found at the last look. */
export interface Seen {
  readonly health: Health;
  /** Milliseconds. */
  readonly latency: number;
  readonly alerts: readonly Alert[];
  /** undefined: this version of Pulse does not tell. */
  readonly summary: Summary | undefined;
  readonly version: Version | undefined;
  /** When it was started, ISO 8601; null: it does not know. */
  readonly started: string | null;
}

/** Where it hangs, and what it is called here. */
export interface Place {
  readonly owner: string;
  readonly title: string;
  /** Where people open it. */
  readonly page: string;
  /** As a person stated it. */
  readonly guest: string | undefined;
  /** What its guest or container may be known by. */
  readonly knownBy: readonly Alias[];
}

export const monitorId = (owner: string): string => `${owner}/monitor/self`;

export function monitorOf(seen: Seen, { owner, title, page, guest, knownBy }: Place): Monitor {
  const { health, alerts, summary, version, started, latency } = seen;
  const of = (level: string): number => alerts.filter((alert) => alert.level === level).length;
  const latest = versionIn(version?.latestVersion);
  const { dockerHosts } = summary ?? {};
  const own = versionIn(version?.version);
  const deployment = shown(version?.deploymentType);
  return {
    ...{ id: monitorId(owner), kind: 'monitor', name: title, available: true },
    ...(guest === undefined ? { parentKnownBy: knownBy } : { parent: guest }),
    readings: {
      ...{ problem: health.status !== 'healthy', latency: Math.round(latency), started },
      ...{ alerts: alerts.length, critical: of('critical'), warning: of('warning') },
      unacknowledged: alerts.filter(({ acknowledged }) => !acknowledged).length,
      active: alerts.slice(0, MOST_LISTED).map(itemOf),
      ...(summary !== undefined && {
        ...{ nodes: counted(summary.nodes), machines: counted(summary.vms) },
        containers: counted(summary.containers),
        docker_hosts: Array.isArray(dockerHosts) ? dockerHosts.length : null,
      }),
      version: own ?? null,
      ...(latest !== undefined && {
        ...{ latest_version: latest },
        release: `https://github.com/rcourtman/Pulse/releases/tag/v${latest}`,
      }),
    },
    facts: {
      ...{ manufacturer: 'Pulse', model: 'Pulse', url: page },
      ...(own !== undefined && { version: own }),
      ...(deployment !== '' && { deployment }),
    },
  };
}

/**
 * What the guest or container under it may be known by: its addresses, its own host name or the one that it is asked
 * under, and the port that it publishes.
 *
 * @param addresses of the host in its address
 */
export function knownBy(
  { hostname, port, protocol }: URL,
  addresses: readonly string[],
  version: Version | undefined,
): readonly Alias[] {
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const places = [...new Set([host, ...addresses])];
  const isName = !addresses.includes(host);
  const own = typeof version?.containerId === 'string' ? version.containerId : undefined;
  const names = own !== undefined && own !== '' ? [own] : isName ? [host.split('.', 1)[0] ?? host] : [];
  return [
    ...places.map((place) => alias('endpoint', `${place}:${number}`)),
    ...addresses.map((address) => alias('ip', address)),
    ...names.map((name) => alias('hostname', name)),
  ];
}

function itemOf({ id, level, type, resource, node, since, acknowledged }: Alert) {
  return {
    ...{ key: keyOf(id), id, type, since, acknowledged },
    title: (node === '' || node === resource ? resource : `${resource} (${node})`) || type,
    level: ALERT_LEVELS.find((known) => known === level) ?? null,
  };
}

/** As Pulse says it, without the letter that tags have. */
function versionIn(value: unknown): string | undefined {
  const text = String(value ?? '').replace(/^v/, '');
  return VERSION.test(text) ? text : undefined;
}
