import type { TObject } from 'typebox';
import Value from 'typebox/value';
import type { OptionProblem, Source } from '../contract/source.ts';
import { LabError } from '../core/errors.ts';
import { SOURCES } from '../sources/registry.ts';
import { explain } from './explain.ts';
import { checkGeneral } from './general-check.ts';
import { nearest } from './hints.ts';
import { type Options, optionsSchema } from './options.ts';
import { joinPath, type Part, parseJsonPointer, pathOf, valueAt } from './path.ts';

/** What of a source counts here. */
export type Configurable = Pick<Source, 'options' | 'shared' | 'check' | 'checkShared'>;

/**
 * Checks options: their schema, what belongs together, and that each system's `id` is given once.
 *
 * @param sources those that the options name, by the name of their list
 * @returns the options, with a default where an option has one and was left out
 * @throws LabError `options_invalid` with all that is wrong, a line `path: message` each
 */
export function validateOptions(sources: Readonly<Record<string, Configurable>>, options: unknown): Options {
  const problems = optionProblems(sources, options);
  if (problems.length > 0) {
    const lines = problems.map(({ path, message }) => `${path || 'options'}: ${message}`);
    throw new LabError('options_invalid', lines.join('\n'));
  }
  return Value.Default(optionsSchema(sources), Value.Clone(options)) as Options;
}

/** All that is wrong with options, one problem for each path, of which '' is the whole. Unknown keys come first. */
export function optionProblems(
  sources: Readonly<Record<string, Configurable>>,
  options: unknown,
): readonly OptionProblem[] {
  const problems = new Map<string, string>();
  /** What an unknown key was most likely meant to be: that this one is missing goes without saying. */
  const meant = new Set<string>();
  const note = (path: string, message: string): void => {
    if (!problems.has(path)) problems.set(path, message);
  };
  const schema = optionsSchema(sources);
  const errors = Value.Errors(schema, options);
  for (const { keyword, instancePath } of errors) {
    if (keyword !== 'boolean') continue;
    const parts = parseJsonPointer(instancePath);
    const hint = hintFor(schema, options, parts);
    if (hint !== undefined) meant.add(pathOf([...parts.slice(0, -1), hint]));
    note(pathOf(parts), `there is no such option${hint === undefined ? '' : `; did you mean “${hint}”?`}`);
  }
  for (const error of errors) {
    // The first is told of as the unknown key itself, too.
    if (error.keyword === 'additionalProperties' || error.keyword === 'boolean') continue;
    const parts = parseJsonPointer(error.instancePath);
    if (error.keyword !== 'required') {
      note(pathOf(parts), explain(error, schema, valueAt(options, parts)));
      continue;
    }
    for (const key of error.params.requiredProperties) note(pathOf([...parts, key]), 'is missing');
  }
  for (const { path, message } of checksOf(sources, options)) note(path, message);
  return [...problems].filter(([path]) => !meant.has(path)).map(([path, message]) => ({ path, message }));
}

/** What an unknown key was most likely meant to be, of those at its level that are not given. */
function hintFor(schema: TObject, options: unknown, parts: readonly Part[]): string | undefined {
  const around = parts.slice(0, -1);
  const given = Object.keys(valueAt(options, around) as object);
  const level = around.reduce<{ properties?: object; items?: object }>((at, part) => {
    const inner = typeof part === 'number' ? at.items : at.properties?.[part as keyof object];
    return inner ?? {};
  }, schema);
  // A source that the options do not name is not loaded, and so is not in the schema.
  const sources = parts.length === 1 ? Object.keys(SOURCES) : [];
  const known = [...Object.keys(level.properties ?? {}), ...sources];
  return nearest(
    String(parts.at(-1)),
    known.filter((key) => !given.includes(key)),
  );
}

/** What the schema cannot say. */
function* checksOf(
  sources: Readonly<Record<string, Configurable>>,
  options: unknown,
): Generator<OptionProblem> {
  if (!isGroup(options)) return;
  yield* checkGeneral(options);
  for (const [name, source] of Object.entries(sources)) {
    const list = options[name];
    if (!Array.isArray(list)) continue;
    const ids = list.map((entry: unknown) => (isGroup(entry) ? entry.id : undefined));
    yield* source.checkShared?.(options, ids) ?? [];
    for (const [index, entry] of list.entries()) {
      if (!isGroup(entry)) continue;
      const first = ids.indexOf(entry.id);
      if (typeof entry.id === 'string' && first !== index)
        yield { path: `${name}[${index}].id`, message: `“${entry.id}” is taken by ${name}[${first}]` };
      for (const { path, message } of source.check?.(entry) ?? [])
        yield { path: joinPath(`${name}[${index}]`, path), message };
    }
  }
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
