import {
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
  parseDocument,
} from 'yaml';
import { LabError } from '../../../core/errors.ts';

/** A piece of a file with where it stands: the line, from 1. */
export type Piece = Leaf | List | Table;

export interface Leaf {
  readonly kind: 'leaf';
  readonly line: number;
  /** As it is written, for what is no text in quotes: `8080`, `1.10`, `true`. */
  readonly text: string;
  readonly isNull: boolean;
}

export interface List {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly Piece[];
}

export interface Table {
  readonly kind: 'table';
  readonly line: number;
  readonly entries: ReadonlyMap<string, Piece>;
}

/** Characters; what is longer is no file that somebody wrote. */
const LONGEST = 65_536;
/** Levels of what contains what; Compose itself has no more than eight. */
const DEEPEST = 32;
/** Pieces, with what is repeated by aliases counted each time. */
const MOST_PIECES = 20_000;

/**
 * Reads a file that somebody handed in. What would take long, or much memory, is refused before it does.
 *
 * @throws LabError `input_invalid` with the line
 */
export function readYaml(text: string): Piece {
  if (text.length > LONGEST) throw invalid(`is longer than ${LONGEST / 1024} KiB`);
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const [, second] = tokens.filter(({ type }) => type === 'document');
  if (second !== undefined)
    throw invalid('there is more than one file in it', lines.linePos(second.offset).line);
  checkDepth(tokens, (at) => lines.linePos(at).line);
  const document = parseDocument(text, { lineCounter: new LineCounter(), logLevel: 'silent', merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw invalid(firstLine(error.message), lines.linePos(error.pos[0]).line);
  }
  return new Reading(document, (at) => lines.linePos(at).line).read();
}

/** Before anything is built of it: what builds calls itself once a level. */
function checkDepth(tokens: readonly CST.Token[], lineAt: (offset: number) => number): void {
  let level: CST.Token[] = [...tokens];
  for (let depth = 0; level.length > 0; depth += 1) {
    // A level more each for the document and for its end.
    if (depth > DEEPEST + 2)
      throw invalid(`is nested deeper than ${DEEPEST} levels`, lineAt(level[0]?.offset ?? 0));
    level = level.flatMap(childrenOf);
  }
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((one) => one != null));
}

class Reading {
  readonly #document: Document.Parsed<ParsedNode>;
  readonly #lineAt: (offset: number) => number;
  /** Aliases that are being followed: one within itself would never end. */
  readonly #open = new Set<unknown>();
  #pieces = 0;

  constructor(document: Document.Parsed<ParsedNode>, lineAt: (offset: number) => number) {
    this.#document = document;
    this.#lineAt = lineAt;
  }

  read(): Piece {
    return this.#piece(this.#document.contents, 1);
  }

  #piece(node: unknown, lineOfParent: number): Piece {
    this.#pieces += 1;
    const at = (node as Node | null)?.range?.[0];
    const line = at === undefined ? lineOfParent : this.#lineAt(at);
    if (this.#pieces > MOST_PIECES)
      throw invalid(`has more than ${MOST_PIECES} pieces, with its aliases`, line);
    if (isAlias(node)) return this.#alias(node, line);
    if (isMap(node)) return { kind: 'table', line, entries: this.#entries(node, line) };
    if (isSeq(node)) return { kind: 'list', line, items: node.items.map((item) => this.#piece(item, line)) };
    if (!isScalar(node) || node.value === null) return { kind: 'leaf', line, text: '', isNull: true };
    const isPlain = node.type === 'PLAIN' && typeof node.value !== 'string';
    return { kind: 'leaf', line, text: isPlain ? (node.source ?? '') : String(node.value), isNull: false };
  }

  #alias(node: Parameters<typeof isAlias>[0], line: number): Piece {
    if (!isAlias(node)) throw invalid('an alias is missing', line);
    const found = node.resolve(this.#document);
    if (found === undefined) throw invalid(`the alias *${node.source} stands for nothing`, line);
    if (this.#open.has(found)) throw invalid(`the alias *${node.source} stands for what it is in`, line);
    this.#open.add(found);
    const piece = this.#piece(found, line);
    this.#open.delete(found);
    return piece;
  }

  /** What `<<` brings comes first, so that what stands here itself counts. */
  #entries(node: { readonly items: readonly unknown[] }, line: number): ReadonlyMap<string, Piece> {
    const own = new Map<string, Piece>();
    const merged = new Map<string, Piece>();
    for (const { key, value } of node.items as readonly { key: unknown; value: unknown }[]) {
      const name = isScalar(key) ? String(key.source ?? key.value) : '';
      const isMerge = name === '<<' && isScalar(key) && key.type === 'PLAIN';
      const piece = this.#piece(
        value,
        isScalar(key) && key.range != null ? this.#lineAt(key.range[0]) : line,
      );
      if (!isMerge) own.set(name, piece);
      else for (const [from, brought] of broughtBy(piece)) if (!merged.has(from)) merged.set(from, brought);
    }
    return new Map([...merged, ...own]);
  }
}

function broughtBy(piece: Piece): readonly (readonly [string, Piece])[] {
  if (piece.kind === 'table') return [...piece.entries];
  if (piece.kind === 'list') return piece.items.flatMap(broughtBy);
  return [];
}

/** @param line where; left out: the file as a whole */
export function invalid(why: string, line?: number): LabError {
  const where = line === undefined ? 'the Compose file' : `the Compose file, line ${line}:`;
  return new LabError('input_invalid', `${where} ${why}`, { path: 'input.compose' });
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.replace(/ at line .*$/, '') ?? '';
