import type { Delivery } from '../../contract/hook.ts';
import { type Alert, alertOf } from './alert.ts';
import type { WebhookBody, WireAlert } from './wire.ts';

/** Of one webhook; Pulse puts those of some seconds into one. */
const MOST_ALERTS = 500;

/** What a webhook says. */
export interface Told {
  readonly alerts: readonly Alert[];
  readonly areOver: boolean;
  /** When they ended, ISO 8601. */
  readonly ended: string | undefined;
}

/** undefined: the user has a template of their own, so only that something happened is told. */
export function toldBy({ headers, body }: Delivery): Told | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { event, alerts, resolvedAtIso } = body as WebhookBody;
  if (!Array.isArray(alerts)) return undefined;
  // `<id of the first alert>:<event>`; of what goes on, the body of older versions says no event.
  const id = String(headers['x-pulse-event-id'] ?? '');
  const areOver = event === 'resolved' || (event === undefined && id.endsWith(':resolved'));
  const time = typeof resolvedAtIso === 'string' ? Date.parse(resolvedAtIso) : Number.NaN;
  return {
    alerts: alerts
      .slice(0, MOST_ALERTS)
      .flatMap((alert) => (typeof alert === 'object' && alert !== null ? alertOf(alert as WireAlert) : []))
      .filter((alert) => alert !== undefined),
    areOver,
    ended: areOver && !Number.isNaN(time) ? new Date(time).toISOString() : undefined,
  };
}
