/**
 * What a zone's clocks show more than UTC at a time.
 *
 * @param at milliseconds since 1970
 * @param zone as in `Europe/Berlin`
 * @returns milliseconds; undefined: the zone is not known here
 */
export function zoneOffset(at: number, zone: string): number | undefined {
  if (/^(Etc\/)?UTC$/.test(zone)) return 0;
  if (!/^[A-Za-z]\w*([/+-]\w+){0,3}$/.test(zone)) return undefined;
  const offset = offsetByDate(at, zone);
  // A zone that is not known is taken for UTC there. So few are like it all the year that they may be asked for here.
  const halfYear = 182 * 86_400_000;
  if (offset !== 0 || offsetByDate(at + halfYear, zone) !== 0) return offset;
  return isZone(zone) ? offset : undefined;
}

/** By the process's own zone for a moment: the first use of `Intl` takes 8 MB for good, this one 3. */
function offsetByDate(at: number, zone: string): number {
  const own = process.env.TZ;
  process.env.TZ = zone;
  try {
    return 0 - new Date(at).getTimezoneOffset() * 60_000;
  } finally {
    if (own === undefined) delete process.env.TZ;
    else process.env.TZ = own;
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}
