/** Who an instrument says that it is (`*IDN?`). */
export interface Identification {
  readonly maker: string;
  readonly model: string;
  /** undefined: it does not tell, or has none. */
  readonly serial: string | undefined;
  readonly version: string;
}

/** One entry of an instrument's error queue. */
export interface QueuedError {
  readonly code: number;
  readonly message: string;
}

/** From here on a number says that there is none: 9.9E37 is too much to measure, 9.91E37 not a number. */
const BEYOND = 9.9e36;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(\s*E\s*[+-]?\d+)?/i;
/** Units that instruments write behind numbers, with what may stand before them. */
const UNIT = /^\s*([a-zµΩ°%/]{0,12})$/i;
const PREFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  µ: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
};

/**
 * A number as instruments write it: NR1 `5`, NR2 `5.0`, NR3 `+5.0E+00`, perhaps with a unit behind (`1.02kHz`).
 *
 * @returns null: too much to measure, or not a number; undefined: it is no number at all
 */
export function numberOf(text: string): number | null | undefined {
  const plain = text.trim();
  if (/^[+-]?(NAN|INF(INITY)?)$/i.test(plain) || /^[*-]{2,}/.test(plain)) return null;
  const [digits] = NUMBER.exec(plain) ?? [];
  if (digits === undefined) return undefined;
  const [, unit] = UNIT.exec(plain.slice(digits.length)) ?? [];
  if (unit === undefined) return undefined;
  const value = Number(digits.replaceAll(/\s/g, ''));
  if (!Number.isFinite(value) || Math.abs(value) >= BEYOND) return null;
  return value * factorOf(unit);
}

/** What a unit is multiplied with: `mV` 0.001, `V` 1. `m` alone is a unit, and so are `min` and `mol`. */
function factorOf(unit: string): number {
  if (!/^[nuµmkMG](V|A|W|Hz|s|F|Ohm|OHM|Ω)/.test(unit)) return 1;
  return PREFIXES[unit[0] ?? ''] ?? 1;
}

/** Answers that are joined in one line, by `;` or `,`, whichever is asked for; not where it stands in quotes. */
export function partsOf(text: string, by: ';' | ','): readonly string[] {
  const parts: string[] = [''];
  let quote: string | undefined;
  for (const letter of text) {
    if (quote === undefined && (letter === '"' || letter === "'")) quote = letter;
    else if (letter === quote) quote = undefined;
    if (letter === by && quote === undefined) parts.push('');
    else parts.push(`${parts.pop()}${letter}`);
  }
  return parts.map((part) => part.trim());
}

/** A text without the quotes around it; doubled ones within stand for one. */
export function unquoted(text: string): string {
  const plain = text.trim();
  const quote = plain[0];
  if (plain.length < 2 || (quote !== '"' && quote !== "'") || plain.at(-1) !== quote) return plain;
  return plain.slice(1, -1).replaceAll(`${quote}${quote}`, quote);
}

/** undefined: this is no answer to `*IDN?`. */
export function identificationOf(text: string): Identification | undefined {
  const [maker = '', model = '', serial = '', ...version] = text.split(',').map((part) => shown(part));
  if (maker === '' || model === '' || text.split(',').length < 3) return undefined;
  return {
    ...{ maker, model, version: version.join(',') },
    // What was never filled in tells nobody apart.
    serial: /[^0\s-]/.test(serial) && !/^(n\/?a|none|unknown|serial.*)$/i.test(serial) ? serial : undefined,
  };
}

/** `-113,"Undefined header"`; undefined: this is no answer to `SYST:ERR?`. */
export function queuedErrorOf(text: string): QueuedError | undefined {
  const found = /^\s*([+-]?\d{1,6})\s*(?:,(.*))?$/s.exec(text);
  if (found === null) return undefined;
  return { code: Number(found[1]), message: shown(unquoted(found[2] ?? '')) };
}

/** Whether something is on; undefined: the answer does not tell. */
export function switchOf(text: string): boolean | undefined {
  const plain = unquoted(text).toUpperCase();
  if (/^(\+?1(\.0*)?|ON)$/.test(plain)) return true;
  return /^(\+?0(\.0*)?|OFF)$/.test(plain) ? false : undefined;
}

/** For people: one line, not too long, nothing that is not to be seen. */
export const shown = (text: string): string =>
  text
    .replaceAll(/[^\x20-\x7e\xa0-\xff]+/g, ' ')
    .trim()
    .slice(0, 200);
