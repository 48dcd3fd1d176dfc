import Type, { type Static } from 'typebox';

const part = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Number({ minimum, maximum, description }));

/** How something may be said, with a name. */
export const styleSchema = Type.Object(
  {
    id: Type.String({
      ...{ pattern: '^[a-z0-9]{1,24}$', examples: ['calm'] },
      description: 'what the names of voices in it end with',
    }),
    title: Type.String({ minLength: 1, maxLength: 60, description: 'for people' }),
    exaggeration: part(0.25, 2, 'how much feeling there is in it'),
    cfg_weight: part(0, 1, 'pace: the lower, the slower'),
    temperature: part(0.05, 1.5, 'how much one reading differs from another'),
    speed: part(0.25, 4, '1 is as always'),
    voices: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'names of voices that have it, * stands for anything; left out: all',
      }),
    ),
  },
  { additionalProperties: false },
);

/** The file `styles.yaml`. */
export const stylesSchema = Type.Object(
  { styles: Type.Array(styleSchema, { maxItems: 50 }) },
  { additionalProperties: false },
);

export type Style = Static<typeof styleSchema>;
