export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * The type of every field: `State.Health.Log[].Start` -> `string`. Of a list the first item stands for all.
 *
 * @param named fields whose keys are names of things: what they hold is at `*`, whatever it is called
 */
export function shapeOf(value: Json, named: RegExp): ReadonlyMap<string, string> {
  const shape = new Map<string, string>();
  const walk = (held: Json, at: string): void => {
    if (at !== '') shape.set(at, typeOf(held));
    if (isList(held)) {
      if (held[0] !== undefined) walk(held[0], `${at}[]`);
    } else if (held !== null && typeof held === 'object') {
      for (const [key, inner] of Object.entries(held)) {
        const name = named.test(at) ? '*' : key;
        walk(inner, at === '' ? name : `${at}.${name}`);
      }
    }
  };
  walk(value, '');
  return shape;
}

/**
 * What a simulator says that a recording does not, or says otherwise; null fits every type.
 *
 * @param known fields in which they may differ
 */
export function strangersIn(
  simulated: Json,
  recorded: Json,
  named: RegExp,
  known: readonly RegExp[],
): readonly string[] {
  const there = shapeOf(recorded, named);
  return [...shapeOf(simulated, named)].flatMap(([field, type]) => {
    if (known.some((pattern) => pattern.test(field))) return [];
    const other = there.get(field);
    if (other === undefined) return [`${field}: not recorded`];
    return [other, 'null'].includes(type) || other === 'null' ? [] : [`${field}: ${type}, recorded ${other}`];
  });
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const typeOf = (value: Json): string => (value === null ? 'null' : isList(value) ? 'array' : typeof value);
