import type { Clock } from '../../addon/src/core/clock.ts';
import { realClock } from '../clock.ts';

/** An alert as Pulse 6 has it. */
export interface SimAlert {
  readonly id: string;
  readonly type: string;
  level: 'warning' | 'critical';
  readonly resourceId: string;
  readonly canonicalSpecId: string;
  readonly canonicalKind: string;
  readonly canonicalState: string;
  readonly resourceName: string;
  readonly node: string;
  readonly instance: string;
  message: string;
  value: number;
  readonly threshold: number;
  readonly startTime: string;
  lastSeen: string;
  acknowledged: boolean;
  ackTime?: string;
  ackUser?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Raised {
  /** Of the guest or node that it is about. */
  readonly name: string;
  readonly node?: string;
  readonly vmid?: number;
  readonly type?: string;
  readonly level?: SimAlert['level'];
  readonly value?: number;
  readonly threshold?: number;
  readonly message?: string;
}

export type Occasion = (event: 'alert' | 'resolved', alerts: readonly SimAlert[]) => void;

/** Go's time, with more digits of a second than JavaScript has. */
export const goTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000000Z');

/** What a Pulse knows, and what happens to it. */
export class PulseMonitor {
  readonly clock: Clock;
  readonly alerts = new Map<string, SimAlert>();
  started: number;
  healthy = true;
  version = '6.3.0';
  latest: string | undefined = '6.3.1';
  /** Host name of the container that it runs in. */
  containerId: string | undefined = 'pulse';
  /** What it watches. */
  summary = {
    nodes: 1,
    vms: 3,
    containers: 1,
    dockerHosts: [{ name: 'docker-host', containers: 14, uptimeSeconds: 86_400, cpuUsagePercent: 12.5 }],
  };
  /** Told of all that webhooks tell. */
  onEvent: Occasion = () => {};

  constructor(clock: Clock = realClock) {
    this.clock = clock;
    this.started = clock.now() - 3_600_000;
  }

  /** Something is wrong from now on. The same thing has the same id each time. */
  raise({ name, vmid, node = 'pve1', type = 'cpu', level = 'warning', ...more }: Raised): SimAlert {
    const { value = 92.4, threshold = 80 } = more;
    const instance = 'home';
    const resourceId = vmid === undefined ? `${instance}-${node}` : `${instance}:${node}:${vmid}`;
    const spec = `metric-threshold:${type}`;
    const id = `${resourceId}::${spec}`;
    const now = goTime(this.clock.now());
    const alert: SimAlert = {
      ...{ id, type, level, resourceId, canonicalSpecId: spec, canonicalKind: 'metric-threshold' },
      ...{ canonicalState: id, resourceName: name, node, instance, value, threshold },
      message: more.message ?? `${name} ${type} at ${value}%`,
      ...{ startTime: now, lastSeen: now, acknowledged: false },
      metadata: {
        resourceType: vmid === undefined ? 'node' : 'vm',
        clearThreshold: threshold - 5,
        monitorOnly: false,
      },
    };
    this.alerts.set(id, alert);
    this.onEvent('alert', [alert]);
    return alert;
  }

  /** It got worse: told once more, under the same id. */
  escalate(id: string): void {
    const alert = this.#find(id);
    alert.level = 'critical';
    this.onEvent('alert', [alert]);
  }

  resolve(id: string): void {
    const alert = this.#find(id);
    this.alerts.delete(id);
    this.onEvent('resolved', [alert]);
  }

  /** @returns false: there is no such alert */
  acknowledge(id: string, user: string): boolean {
    const alert = this.alerts.get(id);
    if (alert === undefined) return false;
    Object.assign(alert, { acknowledged: true, ackTime: goTime(this.clock.now()), ackUser: user });
    return true;
  }

  #find(id: string): SimAlert {
    const alert = this.alerts.get(id);
    if (alert === undefined) throw new Error(`there is no alert ${id}`);
    return alert;
  }
}

/** With something to look at. */
export function seededMonitor(clock: Clock = realClock): PulseMonitor {
  const monitor = new PulseMonitor(clock);
  monitor.raise({ name: 'pve1', type: 'memory', value: 87.1, threshold: 85 });
  monitor.raise({
    name: 'docker-host',
    vmid: 101,
    type: 'disk',
    value: 96.2,
    threshold: 90,
    level: 'critical',
  });
  return monitor;
}
