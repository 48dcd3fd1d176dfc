import Type, { type Static } from 'typebox';

/** An id of the lab, `tag:<tag of guests>`, or the name of something that only one bears. */
const REFERENCES = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 500 }),
);

/** The file `power-profiles.yaml`. */
export const powerProfilesSchema = Type.Object(
  {
    profiles: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', examples: ['night'] }),
          title: Type.String({ minLength: 1, maxLength: 60 }),
          on: REFERENCES,
          off: REFERENCES,
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
  },
  { additionalProperties: false },
);

/** What is to run, and what not, at some time of the day or in some need. What it does not name stays as it is. */
export type PowerProfile = Readonly<Static<typeof powerProfilesSchema>['profiles'][number]>;
