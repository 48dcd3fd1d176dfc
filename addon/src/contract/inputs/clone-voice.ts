import Type, { type Static } from 'typebox';

export const cloneVoiceInput = Type.Object(
  {
    name: Type.String({
      ...{ pattern: '^[A-Za-z0-9][A-Za-z0-9_]{0,39}$', examples: ['Grandma'] },
      title: 'Name',
      description:
        'What the voice is to be called: letters, digits and _. One that is there already is left as it is.',
      de: {
        title: 'Name',
        description:
          'Wie die Stimme heißen soll: Buchstaben, Ziffern und _. Eine, die es schon gibt, bleibt, wie sie ist.',
      },
    }),
    sample: Type.String({
      ...{ pattern: '^[^/\\\\]{1,200}\\.([wW][aA][vV]|[mM][pP]3)$', examples: ['grandma.wav'] },
      title: 'Sample',
      description:
        'Name of a file (.wav or .mp3) in the folder voices of the folder of configuration: somebody who speaks for 10 to 30 ' +
        'seconds, and nothing else. Have their consent.',
      de: {
        title: 'Probe',
        description:
          'Name einer Datei (.wav oder .mp3) im Ordner voices des Konfigurationsordners: jemand, der 10 bis 30 Sekunden ' +
          'spricht, und sonst nichts. Holen Sie die Zustimmung ein.',
      },
    }),
    language: Type.Optional(
      Type.String({
        ...{ pattern: '^[a-z]{2,3}$', examples: ['de'] },
        title: 'Language',
        description:
          'Code of the language that the voice speaks, where its server wants to know. Left out: en.',
        de: {
          title: 'Sprache',
          description:
            'Kürzel der Sprache, die die Stimme spricht, wo der Server das wissen will. Ohne Angabe: en.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);

export type CloneVoiceInput = Static<typeof cloneVoiceInput>;
