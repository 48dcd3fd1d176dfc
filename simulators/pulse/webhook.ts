import http from 'node:http';
import type { PulseMonitor, SimAlert } from './monitor.ts';

/** A webhook of the service “Generic”, without a template of the user's. */
export interface SimWebhook {
  readonly url: string;
  /** Renders the body where the user has a template. */
  readonly template?: (alert: SimAlert, event: string) => string;
}

export interface Attempt {
  readonly eventId: string;
  /** 0: nobody answered. */
  readonly status: number;
}

const ATTEMPTS = 3;

/** Sends what happened, up to three times, as its queue does. */
export async function deliver(
  { url, template }: SimWebhook,
  monitor: PulseMonitor,
  event: 'alert' | 'resolved',
  alerts: readonly SimAlert[],
  tried: (attempt: Attempt) => void,
): Promise<void> {
  const [first] = alerts;
  if (first === undefined) return;
  const eventId = `${first.id}:${event}`;
  const body = template?.(first, event) ?? bodyOf(monitor, event, alerts);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const status = await post(url, body, eventId);
    tried({ eventId, status });
    if (status >= 200 && status < 300) return;
  }
}

/** The body that Pulse makes: what goes on is grouped and says no event, what is over says that. */
export function bodyOf(
  monitor: PulseMonitor,
  event: 'alert' | 'resolved',
  alerts: readonly SimAlert[],
): string {
  const now = monitor.clock.now();
  const [first] = alerts;
  const common = { alerts, count: alerts.length, source: 'pulse-monitoring' };
  return JSON.stringify(
    event === 'alert'
      ? { ...common, grouped: true, timestamp: Math.floor(now / 1_000) }
      : {
          ...{ ...common, event, resolvedAt: Math.floor(now / 1_000) },
          resolvedAtIso: new Date(now).toISOString().replace(/\.\d+/, ''),
          ...(alerts.length === 1 && { alertIdentifier: first?.id }),
        },
  );
}

function post(url: string, body: string, eventId: string): Promise<number> {
  return new Promise((resolve) => {
    const request = http.request(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Pulse-Monitoring/2.0',
        'x-pulse-event-id': eventId,
      },
    });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', () => resolve(0));
    request.end(body);
  });
}
