import Type, { type Static, type TSchemaOptions } from 'typebox';
import type { OptionProblem } from '../../contract/source.ts';

const FINGERPRINT = '([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}';

const texts = (title: string, description: string, de: readonly [string, string]): TSchemaOptions => ({
  ...{ title, description, de: { title: de[0], description: de[1] } },
});
const optional = (least: number, most: number, own: TSchemaOptions) =>
  Type.Optional(Type.Number({ minimum: least, maximum: most, ...own }));

/** One Chatterbox. */
export const chatterboxOptions = Type.Object(
  {
    url: Type.String({
      ...{ pattern: '^https?://[^/@\\s?#]+(/[^\\s?#]*)?$', examples: ['http://docker-host.lan:8004'] },
      ...texts('Address', 'Where it answers, without /v1.', ['Adresse', 'Wo er antwortet, ohne /v1.']),
    }),
    server: Type.Optional(
      Type.Enum(['auto', 'devnen', 'travisvn', 'openai'], {
        default: 'auto',
        ...texts(
          'Server',
          'Which one it is: Chatterbox-TTS-Server by devnen, chatterbox-tts-api by travisvn, or any with the interface of OpenAI. auto: it is found out.',
          [
            'Server',
            'Welcher es ist: Chatterbox-TTS-Server von devnen, chatterbox-tts-api von travisvn, oder irgendeiner mit der Schnittstelle von OpenAI. auto: wird herausgefunden.',
          ],
        ),
      }),
    ),
    key: Type.Optional(
      Type.String({
        ...{ pattern: '^[!-~]+$', examples: ['sk-…'], secret: true },
        ...texts('Key', 'What it wants to see, as a bearer token.', [
          'Schlüssel',
          'Was er sehen will, als Bearer-Token.',
        ]),
      }),
    ),
    model: Type.Optional(
      Type.String({
        ...{ minLength: 1, examples: ['chatterbox'] },
        ...texts('Model', 'Of a server with the interface of OpenAI. Left out: the first that it has.', [
          'Modell',
          'Eines Servers mit der Schnittstelle von OpenAI. Ohne Angabe: sein erstes.',
        ]),
      }),
    ),
    voices: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        ...texts(
          'Voices',
          'Only these of its voices, as it calls them. A server with the interface of OpenAI does not tell, so there they have to be named.',
          [
            'Stimmen',
            'Nur diese seiner Stimmen, wie er sie nennt. Ein Server mit der Schnittstelle von OpenAI verrät sie nicht, dort müssen sie genannt werden.',
          ],
        ),
      }),
    ),
    languages: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z]{2,3}$', examples: ['de'] }), {
        ...texts(
          'Languages',
          'Codes of the languages in which a multilingual model is offered, as in de. Left out: all that it speaks.',
          [
            'Sprachen',
            'Kürzel der Sprachen, in denen ein mehrsprachiges Modell angeboten wird, etwa de. Ohne Angabe: alle, die es spricht.',
          ],
        ),
      }),
    ),
    voice: Type.Optional(
      Type.String({
        ...{ minLength: 1, examples: ['emily-de'] },
        ...texts(
          'Default voice',
          'Name of the voice that speaks where none is asked for, until another is chosen at its device. Left out: the first.',
          [
            'Standardstimme',
            'Name der Stimme, die spricht, wenn keine verlangt ist, bis am Gerät eine andere gewählt wird. Ohne Angabe: die erste.',
          ],
        ),
      }),
    ),
    exaggeration: optional(
      0.25,
      2,
      texts('Exaggeration', 'How much feeling there is in it, 0.25 to 2. Left out: as the server is set.', [
        'Übertreibung',
        'Wie viel Gefühl darin liegt, 0,25 bis 2. Ohne Angabe: wie der Server eingestellt ist.',
      ]),
    ),
    cfg_weight: optional(
      0,
      1,
      texts('Pace', 'Its cfg_weight, 0 to 1: the lower, the slower. Left out: as the server is set.', [
        'Tempo',
        'Sein cfg_weight, 0 bis 1: je kleiner, desto langsamer. Ohne Angabe: wie der Server eingestellt ist.',
      ]),
    ),
    temperature: optional(
      0.05,
      1.5,
      texts(
        'Temperature',
        'How much one reading differs from another, 0.05 to 1.5. Left out: as the server is set.',
        [
          'Temperatur',
          'Wie sehr sich Vorträge unterscheiden, 0,05 bis 1,5. Ohne Angabe: wie der Server eingestellt ist.',
        ],
      ),
    ),
    seed: Type.Optional(
      Type.Integer({
        ...{ minimum: 1, maximum: 2_147_483_647, default: 4_711 },
        ...texts('Seed', 'The chance that all sentences share, so that they sound like one reading.', [
          'Startwert',
          'Der Zufall, den alle Sätze teilen, damit sie wie aus einem Guss klingen.',
        ]),
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        ...{ minimum: 1, maximum: 3, default: 1 },
        ...texts(
          'At a time',
          'Sentences that it makes at the same time; most servers cannot do more than one.',
          [
            'Gleichzeitig',
            'Sätze, die er zur selben Zeit erzeugt; die meisten Server können nicht mehr als einen.',
          ],
        ),
      }),
    ),
    patience: Type.Optional(
      Type.Number({
        ...{ minimum: 1, maximum: 600, default: 30 },
        ...texts('Patience', 'Seconds in which the sound of a sentence has to come.', [
          'Geduld',
          'Sekunden, in denen der Ton eines Satzes kommen muss.',
        ]),
      }),
    ),
    interval: Type.Optional(
      Type.Number({
        ...{ minimum: 10, default: 30 },
        ...texts('Interval', 'Seconds between two looks.', ['Abstand', 'Sekunden zwischen zwei Abfragen.']),
      }),
    ),
    container: Type.Optional(
      Type.String({
        ...{ pattern: '^docker/[a-z0-9]{1,16}/container/.+$' },
        ...{ examples: ['docker/lab/container/ai.chatterbox.1'] },
        ...texts(
          'Container',
          'Id of the container that it runs in. Left out: the one that publishes the port of its address.',
          [
            'Container',
            'Id des Containers, in dem er läuft. Ohne Angabe: der, der den Port seiner Adresse veröffentlicht.',
          ],
        ),
      }),
    ),
    fingerprint: Type.Optional(
      Type.String({
        pattern: `^${FINGERPRINT}([\\s,]+${FINGERPRINT})*$`,
        examples: ['9D:3A:… (32 pairs of hex digits)'],
        ...texts(
          'Fingerprint',
          'SHA-256 of the self-signed certificate: then this one is trusted and no other.',
          ['Fingerabdruck', 'SHA-256 des selbst signierten Zertifikats: nur diesem wird dann vertraut.'],
        ),
      }),
    ),
    ca: Type.Optional(
      Type.String({
        minLength: 1,
        ...texts(
          'Certificate authority',
          'File (PEM) with the authority of the certificate, where that is your own.',
          [
            'Zertifizierungsstelle',
            'Datei (PEM) mit der Zertifizierungsstelle des Zertifikats, falls es eine eigene ist.',
          ],
        ),
      }),
    ),
    verify_tls: Type.Optional(
      Type.Boolean({
        default: true,
        ...texts('Verify the certificate', 'Off, anyone on the way can listen; it shows as a warning.', [
          'Zertifikat prüfen',
          'Aus: Wer dazwischen sitzt, kann mithören; es wird als Warnung angezeigt.',
        ]),
      }),
    ),
  },
  {
    ...texts('Chatterbox', 'Chatterbox servers, which speak for Home Assistant.', [
      'Chatterbox',
      'Chatterbox-Server, die für Home Assistant sprechen.',
    ]),
  },
);

export type ChatterboxOptions = Static<typeof chatterboxOptions>;

export function checkServer({ server, voices }: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  if (server !== 'openai' || (Array.isArray(voices) && voices.length > 0)) return [];
  return [
    { path: 'voices', message: 'is missing: a server with the interface of OpenAI does not tell its voices' },
  ];
}
