import Type, { type Static } from 'typebox';
import { KINDS, type Kind } from '../kinds/index.ts';

const exact = { additionalProperties: false } as const;
const id = Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', examples: ['docker_host'] });
const title = Type.String({ minLength: 1, maxLength: 80 });
const description = Type.String({ minLength: 1, maxLength: 500 });
const kind = Type.Enum(Object.keys(KINDS) as Kind[]);

/** What a person chooses. Without a default it has to be chosen. */
const choice = Type.Object(
  {
    type: Type.Enum(['string', 'integer', 'boolean']),
    title,
    description: Type.Optional(description),
    de: Type.Optional(Type.Object({ title, description: Type.Optional(description) }, exact)),
    default: Type.Optional(Type.Union([Type.String(), Type.Integer(), Type.Boolean()])),
    minimum: Type.Optional(Type.Integer()),
    maximum: Type.Optional(Type.Integer()),
    enum: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 50 })),
    pattern: Type.Optional(Type.String({ maxLength: 200 })),
    optional: Type.Optional(Type.Literal(true)),
    secret: Type.Optional(Type.Literal(true)),
  },
  exact,
);

/** What one step does: an action with its input, in which `{{ name }}` stands for what was chosen. */
const step = Type.Object(
  {
    action: Type.String({ minLength: 1, maxLength: 60 }),
    input: Type.Record(Type.String(), Type.Unknown()),
    unless: Type.Optional(
      Type.Object(
        {
          kind,
          name: Type.Optional(
            Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 20 })]),
          ),
          facts: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 20 })),
        },
        exact,
      ),
    ),
  },
  exact,
);

/** The file of a recipe. */
export const recipeSchema = Type.Object(
  {
    id,
    title,
    description,
    de: Type.Optional(Type.Object({ title, description }, exact)),
    target: kind,
    choices: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$' }), choice)),
    steps: Type.Array(step, { minItems: 1, maxItems: 20 }),
    notes: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { maxItems: 10 })),
  },
  exact,
);

/** Something that many labs want, with all that has to be decided about it but what a person chooses. */
export type Recipe = Readonly<Static<typeof recipeSchema>>;
export type Choice = Readonly<Static<typeof choice>>;
export type Choices = Readonly<Record<string, string | number | boolean>>;

/** Where something chosen goes: `{{ name }}`. */
export const PLACE = /\{\{ *([a-z][a-z0-9_]*) *\}\}/g;
/** A text that is one place and nothing else. */
export const WHOLE_PLACE = /^\{\{ *([a-z][a-z0-9_]*) *\}\}$/;

/** Names that a template asks for. */
export const placesIn = (template: unknown): readonly string[] =>
  [...JSON.stringify(template).matchAll(PLACE)].map(([, name = '']) => name);

/** Recipes, with why some files do not count, a line each. */
export interface Recipes {
  readonly recipes: readonly Recipe[];
  readonly problems: readonly string[];
}
