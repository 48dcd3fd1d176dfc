/**
 * The key that was most likely meant by an unknown one; undefined if none is near.
 *
 * @param known the keys that there are at that level
 */
export function nearest(key: string, known: readonly string[]): string | undefined {
  const plain = plainOf(key);
  const [best] = known
    .map((candidate) => ({ candidate, distance: distanceBetween(plain, plainOf(candidate)) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate ?? known.find((candidate) => isPartOf(plain, plainOf(candidate)));
}

/** `logLevel`, `log-level` and `LOG LEVEL` are how others spell `log_level`. */
const plainOf = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `user` for `username`, `verify` for `verify_tls`; two letters would fit too much. */
const isPartOf = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));

/** How many letters have to be put in, left out, replaced or swapped with the next to make `a` into `b`. */
function distanceBetween(a: string, b: string): number {
  // No key is this long, and the table below grows with both.
  if (a.length > 64) return Number.POSITIVE_INFINITY;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const at = (di: number, dj: number): number => (di === 0 ? row : rows[i - di])?.[j - dj] as number;
      const replaced = at(1, 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? at(2, 2) + 1
          : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(0, 1) + 1, at(1, 0) + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] as number;
}
