import Type, { type Static } from 'typebox';

const list = (selector: object, title: string, description: string, de: readonly [string, string]) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      ...{ maxItems: 50, title, description, selector },
      de: { title: de[0], description: de[1] },
    }),
  );

export const announceInput = Type.Object(
  {
    message: Type.String({
      ...{ minLength: 1, maxLength: 2_000, examples: ['The washing machine is done.'] },
      title: 'Message',
      description: 'What is said, as it is: a template in it is not looked at.',
      de: {
        title: 'Nachricht',
        description: 'Was gesagt wird, so wie es dasteht: Eine Vorlage darin wird nicht ausgewertet.',
      },
    }),
    targets: list(
      { entity: { multiple: true, filter: [{ domain: ['media_player', 'assist_satellite'] }] } },
      'Media players and satellites',
      'Entity ids of those that say it. Left out, with the areas: those of announcements.yaml.',
      [
        'Medienplayer und Satelliten',
        'Entitäts-IDs derer, die es sagen. Ohne Angabe, auch der Bereiche: die aus announcements.yaml.',
      ],
    ),
    areas: list(
      { area: { multiple: true } },
      'Areas',
      'Ids or names of areas. In each, its satellites say it; where it has none, its players that can announce; else its ' +
        'other players.',
      [
        'Bereiche',
        'Kennungen oder Namen von Bereichen. In jedem sagen es seine Satelliten; wo es keine gibt, seine Player, die ' +
          'Durchsagen können; sonst die übrigen.',
      ],
    ),
    voice: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 200, examples: ['emily-en'] },
        title: 'Voice',
        description:
          'Name of the voice, of Labkeeper or of another text-to-speech of Home Assistant. Left out: the default voice; of a ' +
          'satellite, its own.',
        de: {
          title: 'Stimme',
          description:
            'Name der Stimme, von Labkeeper oder einer anderen Sprachausgabe von Home Assistant. Ohne Angabe: die ' +
            'Standardstimme; bei einem Satelliten seine eigene.',
        },
      }),
    ),
    language: Type.Optional(
      Type.String({
        ...{ pattern: '^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$', examples: ['de'] },
        title: 'Language',
        description: 'Code of the language that it is spoken in, as in de. Left out: that of the voice.',
        de: {
          title: 'Sprache',
          description: 'Kürzel der Sprache, in der es gesprochen wird, etwa de. Ohne Angabe: die der Stimme.',
        },
      }),
    ),
    volume: Type.Optional(
      Type.Number({
        ...{ minimum: 1, maximum: 100 },
        title: 'Volume',
        description:
          'Percent, for this message: afterwards each has the volume that it had. Left out: it stays as it is.',
        de: {
          title: 'Lautstärke',
          description:
            'Prozent, für diese Nachricht: Danach hat jeder wieder die Lautstärke, die er hatte. Ohne Angabe: wie sie ist.',
        },
      }),
    ),
    priority: Type.Optional(
      Type.Enum(['normal', 'urgent'], {
        default: 'normal',
        title: 'Priority',
        description: 'One is said after another; what is urgent goes before those that wait.',
        de: {
          title: 'Vorrang',
          description: 'Eine wird nach der anderen gesagt; was dringend ist, kommt vor denen, die warten.',
        },
      }),
    ),
    chime: Type.Optional(
      Type.Boolean({
        title: 'Chime',
        description: 'A sound first. Left out: as announcements.yaml says, else yes.',
        de: {
          title: 'Gong',
          description: 'Ein Klang vorweg. Ohne Angabe: wie es in announcements.yaml steht, sonst ja.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);

export type AnnounceInput = Static<typeof announceInput>;
