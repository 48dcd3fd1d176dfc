import type { TSchema } from 'typebox';

/**
 * Every secret that options hold: the values of what the schema marks with `secret: true`. To be kept out of logs and
 * answers from then on.
 */
export function secretsOf(schema: TSchema, options: unknown): readonly string[] {
  const { secret, items, properties } = schema as {
    secret?: boolean;
    items?: TSchema;
    properties?: Readonly<Record<string, TSchema>>;
  };
  if (typeof options === 'string') return secret === true ? [options] : [];
  if (Array.isArray(options))
    return items === undefined ? [] : options.flatMap((entry) => secretsOf(items, entry));
  if (typeof options !== 'object' || options === null) return [];
  return Object.entries(properties ?? {}).flatMap(([key, inner]) =>
    secretsOf(inner, (options as Readonly<Record<string, unknown>>)[key]),
  );
}

/** The same options with `***` for each secret, however short it is. */
export function withoutSecrets(schema: TSchema, options: unknown): unknown {
  const { secret, items, properties } = schema as {
    secret?: boolean;
    items?: TSchema;
    properties?: Readonly<Record<string, TSchema>>;
  };
  if (secret === true) return options === undefined ? undefined : '***';
  if (Array.isArray(options)) {
    return items === undefined ? options : options.map((entry) => withoutSecrets(items, entry));
  }
  if (typeof options !== 'object' || options === null) return options;
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      const inner = properties?.[key];
      return [key, inner === undefined ? value : withoutSecrets(inner, value)];
    }),
  );
}
