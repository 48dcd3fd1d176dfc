import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import {
  type Breach,
  breachOfBuiltin,
  breachOfFile,
  breachOfPackage,
  breachOfPlace,
  type Import,
} from './import-rules.ts';

export interface Violation extends Breach {
  /** Relative to `addon/src`, or to that of the cards. */
  readonly file: string;
  readonly line: number;
}

/** @param files text by path, relative to `addon/src` and with slashes */
export function checkImports(files: ReadonlyMap<string, string>): readonly Violation[] {
  const edges = [...files].flatMap(([file, text]) => importsOf(text).map((found) => ({ ...found, file })));
  const violations: Violation[] = [];
  for (const file of files.keys()) {
    const breach = breachOfPlace(file);
    if (breach !== undefined) violations.push({ file, line: 1, ...breach });
  }
  for (const edge of edges) {
    const breach = breachOf(edge.file, edge);
    // A file in no room was named already.
    if (breach === undefined || (breach.rule === 'unknown room' && files.has(targetOf(edge)))) continue;
    violations.push({ file: edge.file, line: edge.line, ...breach });
  }
  return [...violations, ...cyclesIn(edges)];
}

interface Found extends Omit<Import, 'specifier'> {
  /** undefined: computed at run time. */
  readonly specifier: string | undefined;
  readonly line: number;
}

type Edge = Found & { readonly file: string };

function breachOf(file: string, found: Found): Breach | undefined {
  const { specifier } = found;
  if (specifier === undefined) {
    return {
      rule: 'computed',
      message: 'an import that is put together at run time escapes every check: write it out',
    };
  }
  if (isBuiltin(specifier)) return breachOfBuiltin(file, specifier);
  if (/^\.\.?\//.test(specifier))
    return breachOfFile(file, targetOf({ file, specifier }), { ...found, specifier });
  // Absolute paths, URLs and `#…` lead to files that no rule knows.
  if (/^(\/|#|[a-z]+:)/.test(specifier))
    return breachOfFile(file, `../${specifier}`, { ...found, specifier });
  return breachOfPackage(file, specifier);
}

function targetOf({ file, specifier = '' }: Pick<Edge, 'file' | 'specifier'>): string {
  return path.posix.join(path.posix.dirname(file), specifier);
}

/** Each way back to a file that is being walked is one cycle, reported at the import that closes it. */
export function cyclesIn(edges: readonly Edge[]): readonly Violation[] {
  const byFile = Map.groupBy(edges, ({ file }) => file);
  const done = new Set<string>();
  const trail: string[] = [];
  const cycles: Violation[] = [];
  const walk = (file: string): void => {
    trail.push(file);
    for (const edge of byFile.get(file) ?? []) {
      const target = targetOf(edge);
      const start = trail.indexOf(target);
      if (start >= 0) {
        const way = [...trail.slice(start), target].join(' -> ');
        cycles.push({
          file,
          line: edge.line,
          rule: 'cycle',
          message: `${way}: move what both need into a third file`,
        });
      } else if (byFile.has(target) && !done.has(target)) walk(target);
    }
    trail.pop();
    done.add(file);
  };
  for (const file of byFile.keys()) if (!done.has(file)) walk(file);
  return cycles;
}

interface Token {
  readonly kind: 'word' | 'string' | 'mark';
  /** Of a string: what is between its quotes. */
  readonly text: string;
  readonly at: number;
}

/** Every import and re-export of a TypeScript file; what stands in comments and strings is none. */
export function importsOf(text: string): readonly Found[] {
  const tokens = tokensOf(text);
  const is = (index: number, ...texts: string[]): boolean =>
    tokens[index]?.kind !== 'string' && texts.includes(tokens[index]?.text ?? '');
  const found: Found[] = [];
  const note = (at: number, typeOnly: boolean, dynamic: boolean): void => {
    const token = tokens[at];
    const line = text.slice(0, token?.at).split('\n').length;
    found.push({ specifier: token?.kind === 'string' ? token.text : undefined, typeOnly, dynamic, line });
  };
  /** Index of the specifier of `… from '…'`, or -1. */
  const afterFrom = (start: number): number => {
    for (let index = start; index < tokens.length; index += 1) {
      if (is(index, 'from') && tokens[index + 1]?.kind === 'string') return index + 1;
      if (is(index, 'import', 'export') || (tokens[index]?.kind === 'mark' && !is(index, '{', '}', ',', '*')))
        break;
    }
    return -1;
  };
  for (let index = 0; index < tokens.length; index += 1) {
    if (!is(index, 'import', 'export') || is(index - 1, '.', '#')) continue;
    const next = index + 1;
    const isImport = is(index, 'import');
    if (isImport && tokens[next]?.kind === 'string') note(next, false, false);
    else if (isImport && is(next, '(')) note(is(next + 2, ')', ',') ? next + 1 : next, false, true);
    else if (isImport || is(next, '{', '*') || (is(next, 'type') && is(next + 1, '{', '*'))) {
      const specifier = afterFrom(next);
      // `import type from '…'` and `import type, { … } from '…'` give the name "type" to a default export.
      const named = specifier === next + 2 || is(next + 1, ',');
      if (specifier >= 0) note(specifier, is(next, 'type') && !named, false);
    }
  }
  return found;
}

const BLANK = /(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/)+/y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
/** From a backtick, or from the brace that ends an insertion, to the next insertion or the end. */
const TEMPLATE = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const WORD = /[\p{L}\p{N}_$]+/uy;
/** Words after which a slash begins a regular expression; after any other it divides. */
const BEFORE_REGEX = /^(await|case|delete|do|else|in|instanceof|new|of|return|throw|typeof|void|yield)$/;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  /** For each open brace, whether it is a template's insertion. */
  const braces: boolean[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const put = (kind: Token['kind'], raw: string, value = raw): void => {
    tokens.push({ kind, text: value, at });
    at += raw.length;
  };
  while (at < text.length) {
    const blank = take(BLANK);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const char = text[at] as string;
    const inTemplate = char === '`' || (char === '}' && braces.at(-1) === true);
    const template = inTemplate ? take(TEMPLATE) : undefined;
    const literal = take(STRING) ?? (mayBeRegex(tokens.at(-1)) ? take(REGEX) : undefined);
    if (template !== undefined) {
      if (char === '}') braces.pop();
      const whole = char === '`' && template.endsWith('`');
      if (template.endsWith('${')) braces.push(true);
      // Only a template without insertions is a fixed string.
      put(
        whole ? 'string' : 'mark',
        template,
        whole ? template.slice(1, -1) : template.endsWith('`') ? '`' : '${',
      );
    } else if (literal !== undefined)
      put(char === '/' ? 'mark' : 'string', literal, char === '/' ? '/…/' : literal.slice(1, -1));
    else {
      const word = take(WORD);
      if (char === '{') braces.push(false);
      if (char === '}') braces.pop();
      put(word === undefined ? 'mark' : 'word', word ?? char);
    }
  }
  return tokens;
}

function mayBeRegex(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'word') return BEFORE_REGEX.test(before.text);
  return before.kind === 'mark' && ![')', ']', '}', '`', '/…/'].includes(before.text);
}

/** The text of every source file under a folder, by its path from there. */
export function readTree(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => /\.[cm]?[jt]s$/.test(name)).sort();
  const entries = sources.map((name): [string, string] => [
    name.split(path.sep).join('/'),
    readFileSync(path.join(folder, name), 'utf8'),
  ]);
  return new Map(entries);
}
