/** What Pulse answers, as far as it is used; all of it untrusted. https://github.com/rcourtman/Pulse/blob/main/docs/API.md */

/** `GET /api/health`, with 503 where it is not well. */
export interface Health {
  readonly status: string;
  /** Seconds. */
  readonly uptime: number;
}

/** `GET /api/version` */
export interface Version {
  readonly version?: unknown;
  readonly deploymentType?: unknown;
  readonly updateAvailable?: unknown;
  readonly latestVersion?: unknown;
  /** It runs in a container; then this is its host name. */
  readonly containerId?: unknown;
}

/** `GET /api/state/summary`, since 6.0. */
export interface Summary {
  readonly nodes?: unknown;
  readonly vms?: unknown;
  readonly containers?: unknown;
  readonly dockerHosts?: unknown;
}

/** One of `GET /api/alerts/active`, and of a webhook's `alerts`. */
export interface WireAlert {
  /** Of what is wrong with what: the next time that it happens has the same one. */
  readonly id?: unknown;
  readonly type?: unknown;
  /** `warning` or `critical`. */
  readonly level?: unknown;
  readonly resourceName?: unknown;
  readonly node?: unknown;
  readonly nodeDisplayName?: unknown;
  readonly message?: unknown;
  /** -1: unknown, as everywhere in Pulse. */
  readonly value?: unknown;
  readonly threshold?: unknown;
  /** RFC 3339 with nanoseconds. */
  readonly startTime?: unknown;
  readonly acknowledged?: unknown;
}

/** What Pulse sends by itself, unless a template of the user's says otherwise. */
export interface WebhookBody {
  /** `resolved`, else it is left out. */
  readonly event?: unknown;
  readonly alerts?: unknown;
  readonly resolvedAtIso?: unknown;
}

/** `POST /api/alerts/bulk/acknowledge` */
export interface BulkResult {
  readonly success?: unknown;
  readonly error?: unknown;
}

/** A number that Pulse knows. */
export const known = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value !== -1 ? value : null;

/** How many there are. */
export const counted = (value: unknown): number | null => {
  const count = known(value);
  return count !== null && Number.isInteger(count) && count >= 0 ? count : null;
};
