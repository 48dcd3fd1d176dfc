/** A number as it was measured; null: unknown. Controllers write some numbers as text. */
export function measured(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A text that says something; null: there is none. */
export function said(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replaceAll(/\s+/g, ' ').trim();
  return text === '' ? null : text;
}

/** Bytes a second as Mbit/s; null: unknown. */
export function mbits(bytes: unknown): number | null {
  const number = measured(bytes);
  return number === null ? null : (number * 8) / 1e6;
}

/** A property that is there only if it has a value: what does not exist is left out, not unknown. */
export const given = <K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V };

/** ISO 8601, to the second. */
export const isoOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}+00:00`;

/** One spelling of a MAC, twelve digits; undefined: it is none. */
export function plainMac(mac: unknown): string | undefined {
  if (typeof mac !== 'string') return undefined;
  const digits = mac.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  return digits.length === 12 ? digits : undefined;
}

/** Made up by whoever bears it (or by software), not given by a maker. */
export const isMadeUp = (plain: string): boolean => (Number.parseInt(plain.slice(0, 2), 16) & 2) !== 0;
