import type { Comparison } from '../../contract/build-out.ts';
import { patternOf } from '../../core/pattern.ts';
import { plain } from './words.ts';

/** The patterns of a file, which are held against thousands of texts each time. */
const patterns = new Map<string, (text: string) => boolean>();

export function fitsPattern(pattern: string, text: string): boolean {
  let isSo = patterns.get(pattern);
  if (isSo === undefined) {
    isSo = patternOf(pattern);
    patterns.set(pattern, isSo);
  }
  return isSo(text);
}

type Simple = boolean | number | string;
type ItemLike = Readonly<Record<string, unknown>> & { readonly title: string };

/**
 * Whether a reading or fact is as it shall be; null where it is not known.
 *
 * @param value undefined: the thing has no such one, so it is not so
 */
export function compare(value: unknown, wanted: Comparison): boolean | null {
  if (value === undefined) return false;
  // A word that some readings have for what they do not know.
  if (value === null || (value === 'unknown' && wanted !== 'unknown')) return null;
  if (typeof wanted !== 'object') return fits(value, wanted);
  if (isList(wanted)) return wanted.some((one) => fits(value, one));
  const { least, most, not, some } = wanted;
  if (least !== undefined && !(sizeOf(value) >= least)) return false;
  if (most !== undefined && !(sizeOf(value) <= most)) return false;
  if (not !== undefined && (isList(not) ? not : [not]).some((one) => fits(value, one))) return false;
  return some === undefined ? true : someOf(value, some);
}

/** A reading or fact and what it is, for people. */
export function told(name: string, value: unknown, wanted: Comparison): string {
  if (value === undefined) return `it has no ${name}`;
  if (value === null || value === 'unknown') return `${name} is not known`;
  if (Array.isArray(value)) return `${name}: ${toldOfList(value, wanted)}`;
  if (typeof value === 'number') return `${name} is ${Number(value.toFixed(2))}`;
  return `${name} is ${typeof value === 'string' ? `“${plain(value)}”` : value}`;
}

function fits(value: unknown, wanted: Simple): boolean {
  if (typeof wanted !== 'string') return value === wanted;
  return Array.isArray(value)
    ? value.some((one) => typeof one === 'string' && fitsPattern(wanted, one))
    : typeof value === 'string' && fitsPattern(wanted, value);
}

const isList = <T>(value: T): value is T & readonly string[] => Array.isArray(value);

/** NaN for what has no size, which is neither least nor most. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' ? value : Number.NaN;
}

function someOf(value: unknown, some: Readonly<Record<string, Comparison>>): boolean | null {
  if (!Array.isArray(value)) return false;
  const found = value.map((item: ItemLike) => ofItem(item, some));
  return found.includes(true) ? true : found.includes(null) ? null : false;
}

function ofItem(item: ItemLike, some: Readonly<Record<string, Comparison>>): boolean | null {
  const found = Object.entries(some).map(([name, wanted]) => compare(item[name], wanted));
  return found.includes(false) ? false : found.includes(null) ? null : true;
}

function toldOfList(list: readonly unknown[], wanted: Comparison): string {
  if (typeof wanted !== 'object' || isList(wanted) || wanted.some === undefined)
    return `${list.length} of them`;
  const { some } = wanted;
  const right = (list as readonly ItemLike[]).find((item) => ofItem(item, some) === true);
  return right === undefined ? `none of ${list.length} fits` : `“${plain(right.title)}”`;
}
