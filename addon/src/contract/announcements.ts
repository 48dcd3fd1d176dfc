import Type, { type Static } from 'typebox';

/** What may be said by itself, and the places where it stands in the file. */
export const RULE_IDS = [
  ...(['failed_backup', 'degraded_pool', 'dead_disk', 'unhealthy_container', 'unprotected_guest'] as const),
  ...(['hot_server', 'update_rolled_back', 'wan_down', 'job_finished'] as const),
] as const;

export type RuleId = (typeof RULE_IDS)[number];

const names = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 50, description }));

const TIME = '^([01][0-9]|2[0-3]):[0-5][0-9]$';

/** Who says it and how; a rule may say otherwise than the whole file. */
const manner = {
  targets: names('entity ids of media players and satellites'),
  areas: names('ids or names of areas'),
  voice: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  volume: Type.Optional(Type.Number({ minimum: 1, maximum: 100, description: 'percent' })),
  chime: Type.Optional(Type.Boolean()),
  repeat: Type.Optional(
    Type.Number({ minimum: 0, maximum: 10_080, description: 'least minutes until the same is said again' }),
  ),
};

const words = Type.Optional(
  Type.Object(
    {
      one: Type.Optional(
        Type.String({ minLength: 1, maxLength: 300, description: '{name} stands for the name' }),
      ),
      many: Type.Optional(
        Type.String({ minLength: 1, maxLength: 300, description: '{names} stands for the names' }),
      ),
    },
    { additionalProperties: false },
  ),
);

const rule = (more = {}) =>
  Type.Optional(
    Type.Object(
      {
        enabled: Type.Optional(Type.Boolean({ description: 'left out: no' })),
        critical: Type.Optional(
          Type.Boolean({ description: 'it is said in quiet hours as well, and first' }),
        ),
        text: Type.Optional(Type.Object({ en: words, de: words }, { additionalProperties: false })),
        ...manner,
        ...more,
      },
      { additionalProperties: false },
    ),
  );

/** The file `announcements.yaml`. */
export const announcementsSchema = Type.Object(
  {
    ...manner,
    language: Type.Optional(Type.Enum(['en', 'de'], { description: 'of what is said by itself' })),
    engine: Type.Optional(
      Type.String({ pattern: '^tts\\.[a-z0-9_]+$', description: 'a text-to-speech of Home Assistant' }),
    ),
    quiet: Type.Optional(
      Type.Object(
        { from: Type.String({ pattern: TIME }), to: Type.String({ pattern: TIME }) },
        { additionalProperties: false, description: 'only what is critical is said then' },
      ),
    ),
    rules: Type.Optional(
      Type.Object(
        {
          ...{ failed_backup: rule(), degraded_pool: rule(), dead_disk: rule() },
          ...{ unhealthy_container: rule(), unprotected_guest: rule() },
          hot_server: rule({
            above: Type.Optional(Type.Number({ minimum: 20, maximum: 120, description: '°C' })),
          }),
          ...{ update_rolled_back: rule(), wan_down: rule(), job_finished: rule() },
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** What is said by itself, and how all that is said. */
export type Announcements = Static<typeof announcementsSchema>;
export type RuleSettings = NonNullable<NonNullable<Announcements['rules']>[RuleId]> & {
  /** °C; of `hot_server` alone. */
  readonly above?: number;
};
