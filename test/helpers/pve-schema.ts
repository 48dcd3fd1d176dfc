import type { Json, JsonObject } from '../../simulators/shape.ts';

/** As in Proxmox VE's `apidoc`. */
export interface Schema {
  readonly type?: string;
  readonly optional?: 0 | 1;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  readonly pattern?: string;
}

/**
 * Where an answer is not what the schema says, one line each.
 *
 * @param beside properties, as in `[].cpuinfo.mhz`, that may be there or differ all the same
 */
export function problemsOf(value: Json, schema: Schema, beside: readonly RegExp[]): readonly string[] {
  const problems = new Set<string>();
  const walk = (held: Json, said: Schema, at: string): void => {
    if (beside.some((pattern) => pattern.test(at))) return;
    const type = problemWith(held, said);
    if (type !== undefined) {
      problems.add(`${at}: ${type}`);
      return;
    }
    if (Array.isArray(held)) {
      for (const item of held as readonly Json[]) walk(item, said.items ?? {}, `${at}[]`);
    } else if (held !== null && typeof held === 'object') {
      for (const problem of membersOf(held as JsonObject, said, at, beside, walk)) problems.add(problem);
    }
  };
  walk(value, schema, '');
  return [...problems];
}

function membersOf(
  held: JsonObject,
  { properties }: Schema,
  at: string,
  beside: readonly RegExp[],
  walk: (value: Json, schema: Schema, at: string) => void,
): readonly string[] {
  // Of what is in it the schema says nothing: recordings have to.
  if (properties === undefined) return [];
  const problems: string[] = [];
  const inside = (key: string): string => (at === '' ? key : `${at}.${key}`);
  for (const [key, inner] of Object.entries(held)) {
    // `net0` is the schema's `net[n]`.
    const schema = properties[key] ?? properties[key.replace(/\d+$/, '[n]')];
    if (schema !== undefined) walk(inner as Json, schema, inside(key));
    else if (!tolerated(inside(key), beside)) problems.push(`${inside(key)}: not in the schema`);
  }
  for (const [key, { optional }] of Object.entries(properties)) {
    const isMissing = optional !== 1 && held[key] === undefined;
    if (isMissing && !tolerated(inside(key), beside)) problems.push(`${inside(key)}: missing`);
  }
  return problems;
}

const tolerated = (at: string, beside: readonly RegExp[]): boolean => beside.some((each) => each.test(at));

function problemWith(value: Json, schema: Schema): string | undefined {
  const { type, enum: values, minimum, maximum, pattern } = schema;
  const fits: Readonly<Record<string, (held: Json) => boolean>> = {
    null: (held) => held === null,
    string: (held) => typeof held === 'string',
    // Perl has none: 0 and 1 are its truth, and text where they come from a configuration file.
    boolean: (held) => [0, 1, '0', '1', true, false].includes(held as never),
    integer: (held) => Number.isInteger(held) || (typeof held === 'string' && /^\d+$/.test(held)),
    number: (held) => typeof held === 'number',
    array: (held) => Array.isArray(held),
    object: (held) => held !== null && typeof held === 'object' && !Array.isArray(held),
  };
  if (type !== undefined && fits[type]?.(value) === false) return `${JSON.stringify(value)} is no ${type}`;
  if (values !== undefined && !values.includes(String(value)))
    return `${JSON.stringify(value)} is none of ${values}`;
  if (typeof value === 'number' && minimum !== undefined && value < Number(minimum))
    return `${value} is too small`;
  if (typeof value === 'number' && maximum !== undefined && value > Number(maximum))
    return `${value} is too big`;
  if (typeof value === 'string' && pattern !== undefined && !perlPattern(pattern).test(value)) {
    return `'${value}' does not match ${pattern}`;
  }
  return undefined;
}

/** Perl writes a pattern's flags into it. */
const perlPattern = (pattern: string): RegExp => new RegExp(`^(?:${pattern.replaceAll('(?^:', '(?:')})$`);
