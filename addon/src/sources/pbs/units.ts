const GIB = 1024 ** 3;

/** Bytes as GiB; null: unknown. */
export const gib = (bytes: number | undefined): number | null => (bytes === undefined ? null : bytes / GIB);

/** Percent; null: unknown. */
export const shareOf = ({
  used,
  total,
}: {
  readonly used?: number;
  readonly total?: number;
} = {}): number | null => (used === undefined || !total ? null : (used / total) * 100);

/** Seconds since 1970 as ISO 8601; null: unknown. */
export const timeOf = (at: number | undefined): string | null =>
  at === undefined ? null : `${new Date(at * 1_000).toISOString().slice(0, 19)}+00:00`;
