import { inGib } from './units.ts';

/** How numbers and times are written for one person. */
export interface Writing {
  /** `en`, `de-AT` … */
  readonly language: string;
  /** A language that writes numbers as this person wants them; left out: as their own does. */
  readonly numbers?: string | undefined;
  /** Left out: the browser's. */
  readonly timeZone?: string | undefined;
  readonly now: number;
}

const formats = new Map<string, Intl.NumberFormat>();

/** With as many decimals as still say something: 3.4, 17, 1,024. */
export function numberText(value: number, writing: Writing, most = 1): string {
  const decimals = Math.abs(value) >= 100 ? 0 : most;
  const locale = writing.numbers ?? writing.language;
  const key = `${locale}/${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(localeOf(locale), { maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  return format.format(value);
}

/** An amount of data in GiB, in the unit that makes it easy to read. */
export function sizeText(gib: number, writing: Writing): string {
  if (gib >= 1_000) return `${numberText(gib / 1_024, writing)} TiB`;
  if (gib >= 1 || gib === 0) return `${numberText(gib, writing)} GiB`;
  return `${numberText(gib * 1_024, writing, 0)} MiB`;
}

/** A rate in MiB/s, in the unit that makes it easy to read. */
export function rateText(mib: number, writing: Writing): string {
  if (mib >= 1) return `${numberText(mib, writing)} MiB/s`;
  return `${numberText(mib * 1_024, writing, 0)} KiB/s`;
}

/** A number with its unit, amounts of data in one that fits them. */
export function quantityText(value: number, unit: string | undefined, writing: Writing): string {
  const gib = inGib(value, unit);
  if (gib !== undefined) return sizeText(gib, writing);
  if (unit === 'MiB/s') return rateText(value, writing);
  const most =
    unit === '%' || unit === 'W' || unit === '°C' || unit === 'rpm' ? 0 : unit === undefined ? 2 : 1;
  const text = numberText(value, writing, most);
  // A narrow space that does not break.
  return unit === undefined ? text : `${text}\u202f${unit}`;
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, or how soon. @returns undefined for what is no time */
export function agoText(iso: string, writing: Writing): string | undefined {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return undefined;
  const seconds = (at - writing.now) / 1_000;
  const format = new Intl.RelativeTimeFormat(localeOf(writing.language), { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, 'minute');
}

/** The language, if it is one: a wrong one makes `Intl` throw. */
function localeOf(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
