import type { TObject, TSchema } from 'typebox';

/** A record of an input is for people to look back at; a whole file in it is not. */
const MOST_CHARACTERS = 4_000;
const HIDDEN = '***';

/**
 * An input as it may be written down: what its schema marks with `secret: true` is `***`, and so is the value of
 * whatever the schema does not know, since it may be a password whose name was mistyped.
 *
 * @param schema undefined: nothing of it is known
 * @param redact takes out the secrets that are known otherwise
 * @returns JSON, or `null` where it would be too long to keep
 */
export function inputForRecord(
  schema: TObject | undefined,
  input: unknown,
  redact: (text: string) => string,
): string {
  const text = redact(JSON.stringify(visible(schema, input, 0)) ?? 'null');
  return text.length > MOST_CHARACTERS ? 'null' : text;
}

/** Whether an input has something that its record has not. */
export const holdsSecret = (schema: TObject, input: unknown): boolean =>
  JSON.stringify(visible(schema, input, 0)) !== JSON.stringify(input);

function visible(schema: TSchema | undefined, value: unknown, depth: number): unknown {
  const { secret, properties, items, additionalProperties, anyOf } = (schema ?? {}) as {
    secret?: boolean;
    properties?: Readonly<Record<string, TSchema>>;
    items?: TSchema;
    additionalProperties?: TSchema | boolean;
    anyOf?: readonly TSchema[];
  };
  if (schema === undefined || secret === true || depth > 8)
    return isContainer(value) && depth === 0 ? keysOf(value) : HIDDEN;
  if (anyOf?.some((one) => (one as { secret?: boolean }).secret === true)) return HIDDEN;
  if (Array.isArray(value)) return value.map((entry) => visible(items, entry, depth + 1));
  if (!isContainer(value)) return properties === undefined && items === undefined ? value : HIDDEN;
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const known = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : others;
      return [key, visible(known, inner, depth + 1)];
    }),
  );
}

/** What `inputForRecord` made; null where it was too long, or a secret that was taken out held a quote. */
export function recordedInput(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

const keysOf = (value: object): object =>
  Array.isArray(value) ? [] : Object.fromEntries(Object.keys(value).map((key) => [key, HIDDEN]));
