import Type, { type Static } from 'typebox';

const names = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 50, description }));

/** Who says it and how. */
const manner = {
  targets: names('entity ids of media players and satellites'),
  areas: names('ids or names of areas'),
  voice: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  volume: Type.Optional(Type.Number({ minimum: 1, maximum: 100, description: 'percent' })),
  chime: Type.Optional(Type.Boolean()),
};

/** The file `announcements.yaml`. */
export const announcementsSchema = Type.Object(
  {
    ...manner,
    engine: Type.Optional(
      Type.String({ pattern: '^tts\\.[a-z0-9_]+$', description: 'a text-to-speech of Home Assistant' }),
    ),
  },
  { additionalProperties: false },
);

/** How all is said that does not say otherwise. */
export type Announcements = Static<typeof announcementsSchema>;
