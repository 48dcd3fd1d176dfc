/** An uptime is rounded and old by up to ten seconds: what differs less is the same start. */
const SAME_MS = 60_000;

/**
 * When something started, from its uptime.
 *
 * @param before what was found out earlier, milliseconds since 1970
 * @param uptime seconds; 0 or undefined: it does not run
 * @param now milliseconds since 1970
 */
export function startedAt(
  before: number | undefined,
  uptime: number | undefined,
  now: number,
): number | undefined {
  if (!uptime) return undefined;
  const at = now - uptime * 1_000;
  return before !== undefined && Math.abs(before - at) < SAME_MS ? before : Math.round(at / 1_000) * 1_000;
}
