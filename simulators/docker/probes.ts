import type { Health, SimContainer } from './container.ts';
import type { Time } from './time.ts';

const INTERVAL_MS = 30_000;
/** Failures in a row that make a container unhealthy. */
const RETRIES = 3;
const LOG_LENGTH = 5;
const PROBE_NANOSECONDS = 42_000_000n;

export type Tell = (container: SimContainer, action: string, more?: Readonly<Record<string, string>>) => void;

/** Runs the health check of a container from now on, until it ends or is paused. */
export function startProbing(container: SimContainer, time: Time, tell: Tell, hexId: () => string): void {
  const { health, spec } = container;
  if (health === undefined) return;
  const next = (): void => {
    container.cancelProbe = time.after(spec.health?.intervalMs ?? INTERVAL_MS, () => {
      probe(container, time, tell, hexId());
      next();
    });
  };
  next();
}

/** A check is a command in the container, so there are three events before its verdict. */
function probe(container: SimContainer, time: Time, tell: Tell, execID: string): void {
  const command = `/bin/sh -c ${container.spec.health?.test}`;
  const exitCode = container.well ? 0 : 1;
  tell(container, `exec_create: ${command}`, { execID });
  tell(container, `exec_start: ${command}`, { execID });
  tell(container, 'exec_die', { execID, exitCode: String(exitCode) });
  const health = container.health as Health;
  const start = BigInt(Math.floor(time.now())) * 1_000_000n;
  health.log = [...health.log, { start, end: start + PROBE_NANOSECONDS, exitCode }].slice(-LOG_LENGTH);
  health.failingStreak = container.well ? 0 : health.failingStreak + 1;
  if (container.well) setStatus(container, 'healthy', tell);
  else if (health.failingStreak >= RETRIES) setStatus(container, 'unhealthy', tell);
}

/** Makes the check find the same from now on, and its verdict known at once. */
export function decideHealth(container: SimContainer, status: 'healthy' | 'unhealthy', tell: Tell): void {
  const health = container.health as Health;
  container.well = status === 'healthy';
  health.failingStreak = container.well ? 0 : RETRIES;
  setStatus(container, status, tell);
}

function setStatus(container: SimContainer, status: 'healthy' | 'unhealthy', tell: Tell): void {
  const health = container.health as Health;
  if (health.status === status) return;
  health.status = status;
  tell(container, `health_status: ${status}`);
}
