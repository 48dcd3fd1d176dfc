import type { TObject } from 'typebox';
import { type Option, type OptionSchema, optionsOf } from './option.ts';

/** An entry of `schema` in config.yaml. */
export type Element = string | readonly Element[] | { readonly [key: string]: Element };

/**
 * The options' schema in the Supervisor's terms, and the defaults that it needs. It cannot say everything: lengths and
 * what belongs together are left to our own validation, which also runs under the Supervisor.
 *
 * @throws Error for what the Supervisor's form or validator cannot do
 */
export function supervisorSchema(schema: TObject): {
  readonly schema: Readonly<Record<string, Element>>;
  readonly options: Readonly<Record<string, unknown>>;
} {
  const root = optionsOf(schema);
  return {
    schema: Object.fromEntries(root.map((option) => [option.key, elementOf(option, 0)])),
    // A group or a list of groups can never be optional, so they are there and empty.
    options: Object.fromEntries(
      root.flatMap(({ key, schema: { properties, items } }): [string, unknown][] => {
        if (properties !== undefined) return [[key, {}]];
        return items?.properties === undefined ? [] : [[key, []]];
      }),
    ),
  };
}

function elementOf({ key, schema, required }: Option, depth: number): Element {
  const { properties, items } = schema;
  if (properties !== undefined || items?.properties !== undefined) {
    if (depth > 0)
      throw new Error(`${key}: a group within a group is more than the Supervisor's form can show`);
    const fields = optionsOf(items ?? schema).map((field): [string, Element] => {
      // It would stop the app wherever the group itself is left empty.
      if (items === undefined && field.required) throw new Error(`${key}.${field.key} must be optional`);
      return [field.key, elementOf(field, depth + 1)];
    });
    const group = Object.fromEntries(fields);
    return items === undefined ? group : [group];
  }
  const suffix = required ? '' : '?';
  return items === undefined ? `${typeOf(key, schema)}${suffix}` : [`${typeOf(key, items)}${suffix}`];
}

function typeOf(key: string, schema: OptionSchema): string {
  const { type, minimum: from, maximum: to } = schema;
  if (schema.enum !== undefined) return `list(${schema.enum.join('|')})`;
  if (type === 'boolean') return 'bool';
  if (type === 'integer' && from === 1 && to === 65_535) return 'port';
  if (type === 'integer' && from === undefined && to === undefined) return 'int';
  if (type === 'integer') return `int(${from ?? ''},${to ?? ''})`;
  if (type === 'number')
    return from === undefined && to === undefined ? 'float' : `float(${from ?? ''},${to ?? ''})`;
  if (type !== 'string')
    throw new Error(`${key}: the Supervisor knows no type for ${JSON.stringify(schema)}`);
  if (schema.secret === true) return 'password';
  // Not `str(1,60)`: Supervisors before the summer of 2026 refuse every text where lengths are given.
  return schema.pattern === undefined ? 'str' : `match(${pythonPattern(key, schema.pattern)})`;
}

/** The Supervisor's regular expressions are Python's: what both read alike passes. */
function pythonPattern(key: string, pattern: string): string {
  if (!pattern.startsWith('^') || !pattern.endsWith('$'))
    throw new Error(`${key}: a pattern has to cover the whole text: ^…$`);
  const escapes = pattern.match(/\\./g) ?? [];
  if (pattern.includes('(?') || !escapes.every((pair) => /\\[sS.*+?()[\]{}|^$-]/.test(pair)))
    throw new Error(`${key}: Python may read the pattern ${pattern} in another way`);
  return pattern;
}
