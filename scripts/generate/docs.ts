import type { TObject } from 'typebox';
import { fieldsOf, type Option, type OptionSchema, optionsOf } from './option.ts';

const BEGIN = '<!-- generated: options -->\n';
const END = '<!-- end -->';

/**
 * DOCS.md with its tables of options made anew.
 *
 * @param common the fields that every system has, which get a table of their own
 * @throws Error when the marks are missing
 */
export function withOptionTables(docs: string, options: TObject, common: readonly string[]): string {
  const begin = docs.indexOf(BEGIN);
  const end = docs.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`DOCS.md has lost its marks “${BEGIN.trim()}” and “${END}”`);
  return `${docs.slice(0, begin + BEGIN.length)}\n${tables(options, common)}\n${docs.slice(end)}`;
}

function tables(options: TObject, common: readonly string[]): string {
  const root = optionsOf(options);
  const systems = root.filter(({ schema }) => schema.items?.properties !== undefined);
  const general = root
    .filter((option) => !systems.includes(option))
    .flatMap(({ key, schema, required }) =>
      (fieldsOf(schema) ?? [{ key: '', schema, required }]).map((option) => ({
        ...option,
        key: [key, option.key].filter((part) => part !== '').join('.'),
      })),
    );
  const [first] = systems;
  const shared = (first === undefined ? [] : (fieldsOf(first.schema) ?? [])).filter(({ key }) =>
    common.includes(key),
  );
  return [
    table(general),
    'Every system in a list has:',
    table(shared),
    ...systems.flatMap(({ key, schema }) => [
      `### \`${key}\``,
      schema.description,
      table((fieldsOf(schema) ?? []).filter((field) => !common.includes(field.key))),
    ]),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function table(options: readonly Option[]): string {
  const rows = options.map(({ key, schema, required }) => {
    // Texts say in their last sentence what happens without the option, the table in its last column.
    const [, meaning = schema.description, without = ''] =
      schema.description.match(/^(.*) Left out: ([^.]*)\.$/) ?? [];
    const fallback = required
      ? 'required'
      : schema.default === undefined
        ? plain(without)
        : code(`${schema.default}`);
    return `| \`${key}\` | ${valuesOf(schema)} | ${plain(meaning)} | ${fallback} |`;
  });
  return ['| option | value | meaning | left out |', '|---|---|---|---|', ...rows].join('\n');
}

function valuesOf(schema: OptionSchema): string {
  const { type, minimum, maximum, examples } = schema;
  if (schema.items !== undefined) return `list: ${valuesOf(schema.items)}`;
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'integer') return `${minimum} to ${maximum}`;
  if (type === 'number') return `${minimum === undefined ? 'number' : `${minimum} or more`}, with decimals`;
  if (schema.secret === true) return 'secret';
  return examples === undefined ? 'text' : `like ${examples.map(code).join(', ')}`;
}

const code = (text: string): string => `\`${text}\``;

/** A text that Markdown takes as it is, in a table. */
const plain = (text: string): string => text.replace(/[|*_`<]/g, '\\$&');
