import { LabError } from '../../../core/errors.ts';

export type Variables = Readonly<Record<string, string>>;

/** What comes of putting variables into a text. */
export interface Filled {
  readonly text: string;
  /** Those that it needs, and nobody has set. */
  readonly unset: readonly string[];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * Puts variables into a text, as Compose does: `$NAME`, `${NAME}`, `${NAME:-else}`, `${NAME-else}`, `${NAME:+then}`,
 * `${NAME+then}`, `${NAME:?why}`, `${NAME?why}`, and `$$` for a dollar.
 *
 * @throws LabError `input_invalid` for what is none of these
 */
export function filled(text: string, variables: Variables): Filled {
  const unset: string[] = [];
  let out = '';
  let rest = text;
  for (;;) {
    const at = rest.indexOf('$');
    if (at < 0) return { text: out + rest, unset };
    out += rest.slice(0, at);
    rest = rest.slice(at + 1);
    if (rest.startsWith('$')) {
      out += '$';
      rest = rest.slice(1);
      continue;
    }
    const isBraced = rest.startsWith('{');
    const end = isBraced ? endOf(rest) : (NAME.exec(rest)?.[0].length ?? 0);
    if (end === 0) throw malformed(text);
    const inner = isBraced ? rest.slice(1, end - 1) : rest.slice(0, end);
    const one = valueIn(inner, variables, text);
    out += one.text;
    unset.push(...one.unset);
    rest = rest.slice(end);
  }
}

/** How long a text in braces is, with both of them; 0: it has no end. */
function endOf(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '{' && (index === 0 || text[index - 1] === '$')) depth += 1;
    else if (text[index] === '}') depth -= 1;
    if (depth === 0) return index + 1;
  }
  return 0;
}

function valueIn(inner: string, variables: Variables, whole: string): Filled {
  const name = NAME.exec(inner)?.[0];
  const [, operator = '', word = ''] = /^(:?[-+?])?(.*)$/s.exec(inner.slice(name?.length ?? 0)) ?? [];
  if (name === undefined || (operator === '' && word !== '')) throw malformed(whole);
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const isThere = operator.startsWith(':') ? (value ?? '') !== '' : value !== undefined;
  switch (operator.at(-1)) {
    case '-':
      return isThere ? { text: value ?? '', unset: [] } : filled(word, variables);
    case '+':
      return isThere ? filled(word, variables) : { text: '', unset: [] };
    case '?':
      return { text: value ?? '', unset: isThere ? [] : [name] };
    default:
      return { text: value ?? '', unset: value === undefined ? [name] : [] };
  }
}

const malformed = (text: string): LabError =>
  new LabError('input_invalid', `“${text.slice(0, 80)}” has a $ that begins no variable`, {
    path: 'input.compose',
    hint: 'write $$ for a dollar',
  });

/**
 * The text of a file `.env` that Compose reads these values from, whatever is in them.
 *
 * @throws LabError `input_invalid` for a value that such a file cannot hold
 */
export function variablesFile(variables: Variables): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${written(name, value)}\n`)
    .join('');
}

/** In single quotes everything is what it is; only a quote needs a backslash, which must not follow another. */
function written(name: string, value: string): string {
  if (!/\\('|$)/.test(value)) return `'${value.replaceAll("'", "\\'")}'`;
  if (!/[\n$#"']|^\s|\s$/.test(value)) return value;
  throw new LabError('input_invalid', `no file of variables can hold the value of ${name}`, {
    path: 'input.environment',
    hint: 'it has a backslash before a quote, or at its end: choose another value',
  });
}

const LINE =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(?:'((?:\\'|[^'])*)'|"((?:\\.|[^"\\])*)"|([^\n]*))/gm;

/** What stands in a file `.env`, as far as it has to be known before Compose reads it. */
export function variablesIn(text: string): Variables {
  const found: Record<string, string> = {};
  for (const [, name = '', single, double, plain = ''] of text.matchAll(LINE)) {
    found[name] =
      single?.replaceAll("\\'", "'") ??
      double?.replaceAll(/\\(.)/g, '$1') ??
      plain.replace(/\s#.*$/, '').trim();
  }
  return found;
}
