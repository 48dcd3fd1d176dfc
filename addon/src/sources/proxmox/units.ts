const GIB = 1024 ** 3;

/** 0 to 1 as percent; null: unknown. */
export const percent = (share: number | undefined): number | null =>
  share === undefined ? null : share * 100;

/** Bytes as GiB; null: unknown. */
export const gib = (bytes: number | undefined): number | null => (bytes === undefined ? null : bytes / GIB);

/** Milliseconds since 1970 as ISO 8601 in whole seconds; null: unknown. */
export const timeOf = (at: number | undefined): string | null =>
  at === undefined ? null : `${new Date(at).toISOString().slice(0, 19)}+00:00`;
