/** Runs `work` over all items, at most `width` at a time. */
export async function abreast<T>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}
