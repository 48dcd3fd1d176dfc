import { invalid, type Leaf, type Piece, type Table } from './yaml.ts';

/** What stands under a key; undefined: nothing does, or nothing is said there. */
export function under(piece: Piece | undefined, key: string): Piece | undefined {
  if (piece?.kind !== 'table') return undefined;
  const found = piece.entries.get(key);
  return found?.kind === 'leaf' && found.isNull ? undefined : found;
}

/** @throws LabError `input_invalid` where something else stands there */
export function tableOf(piece: Piece | undefined, what: string): ReadonlyMap<string, Piece> {
  if (piece === undefined || (piece.kind === 'leaf' && piece.isNull)) return new Map();
  if (piece.kind === 'table') return piece.entries;
  throw invalid(`${what} has to be names with what belongs to them`, piece.line);
}

/** @throws LabError `input_invalid` where something else stands there */
export function itemsOf(piece: Piece | undefined, what: string): readonly Piece[] {
  if (piece === undefined || (piece.kind === 'leaf' && piece.isNull)) return [];
  if (piece.kind === 'list') return piece.items;
  throw invalid(`${what} has to be a list`, piece.line);
}

/** @throws LabError `input_invalid` where something else stands there */
export function leafOf(piece: Piece | undefined, what: string): Leaf | undefined {
  if (piece === undefined || piece.kind === 'leaf') return piece;
  throw invalid(`${what} has to be a text`, piece.line);
}

export const textOf = (piece: Piece | undefined, what: string): string | undefined =>
  leafOf(piece, what)?.text;

export const isTrue = (piece: Piece | undefined): boolean =>
  piece?.kind === 'leaf' && /^(true|yes|on|1)$/i.test(piece.text);

/** Names in a list, or as keys of a table. */
export function namesIn(piece: Piece | undefined, what: string): readonly string[] {
  if (piece?.kind === 'table') return [...piece.entries.keys()];
  return itemsOf(piece, what).map((item) => textOf(item, what) ?? '');
}

/** The same for what says the same, in whatever order its names stand. */
export function wordOf(piece: Piece): unknown {
  if (piece.kind === 'leaf') return piece.isNull ? null : piece.text;
  if (piece.kind === 'list') return piece.items.map(wordOf);
  const sorted = [...piece.entries].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, value]) => [key, wordOf(value)]));
}

/** All of a piece with each text put through `change`; names stay as they are. */
export function mapped(piece: Piece, change: (leaf: Leaf) => string): Piece {
  if (piece.kind === 'leaf') return piece.isNull ? piece : { ...piece, text: change(piece) };
  if (piece.kind === 'list') return { ...piece, items: piece.items.map((item) => mapped(item, change)) };
  const entries = [...piece.entries].map(([key, value]) => [key, mapped(value, change)] as const);
  return { ...piece, entries: new Map(entries) };
}

export type { Leaf, Piece, Table };
