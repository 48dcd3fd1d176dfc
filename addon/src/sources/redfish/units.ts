const GIB = 1024 ** 3;

/** A number as it was measured; null: unknown. Some services write numbers as text, or a word for “none”. */
export function measured(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Bytes as GiB; null: unknown. */
export const gib = (bytes: unknown): number | null => {
  const number = measured(bytes);
  return number === null ? null : number / GIB;
};

/** A text that says something; null: there is none. */
export function said(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replaceAll(/\s+/g, ' ').trim();
  return text === '' || /^(n\/?a|none|unknown|not available|not specified)$/i.test(text) ? null : text;
}

/** A property that is there only if it has a value: what does not exist is left out, not unknown. */
export const given = <K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V };

/** The key of an item, from what a service calls it. */
export const keyOf = (list: string, name: string): string =>
  `${list}_${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')}`;

/** Items whose keys are all different: a name that comes again gets a number. */
export function distinct<T extends { readonly key: string }>(items: readonly T[]): T[] {
  const times = new Map<string, number>();
  return items.map((item) => {
    const before = times.get(item.key) ?? 0;
    times.set(item.key, before + 1);
    return before === 0 ? item : { ...item, key: `${item.key}_${before + 1}` };
  });
}
