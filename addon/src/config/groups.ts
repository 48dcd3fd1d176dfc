import Type, { type TProperties, type TSchemaOptions } from 'typebox';

/** Options that belong to one thing; the Supervisor's form can show one such level, and never leave it out. */
const group = <T extends TProperties>(properties: T, texts: TSchemaOptions) =>
  Type.Optional(Type.Object(properties, { additionalProperties: false, ...texts }));

export const mqtt = group(
  {
    host: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'Broker',
        description:
          'Host name or address of an MQTT broker. Left out: as an app, the broker that Home Assistant offers; else one of ' +
          'our own.',
        de: {
          title: 'Broker',
          description:
            'Name oder Adresse eines MQTT-Brokers. Ohne Angabe: als App der Broker, den Home Assistant anbietet; sonst ' +
            'ein eigener.',
        },
      }),
    ),
    port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        title: 'Port',
        description: 'Port of that broker. Left out: 1883, or 8883 with encryption.',
        de: { title: 'Port', description: 'Port dieses Brokers. Ohne Angabe: 1883, verschlüsselt 8883.' },
      }),
    ),
    username: Type.Optional(
      Type.String({
        title: 'User name',
        description: 'For the broker; for our own: what its clients have to give.',
        de: {
          title: 'Benutzername',
          description: 'Für den Broker; beim eigenen: was andere angeben müssen.',
        },
      }),
    ),
    password: Type.Optional(
      Type.String({
        secret: true,
        title: 'Password',
        description: 'For the broker; for our own: what its clients have to give.',
        de: { title: 'Passwort', description: 'Für den Broker; beim eigenen: was andere angeben müssen.' },
      }),
    ),
    tls: Type.Optional(
      Type.Boolean({
        default: false,
        title: 'Encrypt',
        description: 'Encrypt, and verify the broker’s certificate.',
        de: { title: 'Verschlüsseln', description: 'Verschlüsseln und das Zertifikat des Brokers prüfen.' },
      }),
    ),
    ca: Type.Optional(
      Type.String({
        title: 'Certificate authority',
        description: 'File (PEM) with the authority of the broker’s certificate. Left out: the public ones.',
        de: {
          title: 'Zertifizierungsstelle',
          description:
            'Datei (PEM) mit der Zertifizierungsstelle des Brokers. Ohne Angabe: die öffentlichen.',
        },
      }),
    ),
    listen: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['0.0.0.0'],
        title: 'Own broker listens on',
        description:
          'Address on which our own broker listens, where no other is used. If others reach it, it needs a user name ' +
          'and a password. Left out: reachable from the same machine only.',
        de: {
          title: 'Eigener Broker lauscht auf',
          description:
            'Adresse, auf der der eigene Broker lauscht, falls kein anderer benutzt wird. Erreichen ihn andere, ' +
            'braucht er Benutzername und Passwort. Ohne Angabe: nur vom selben Rechner erreichbar.',
        },
      }),
    ),
    birth_topic: Type.Optional(
      Type.String({
        pattern: '^[^+#]+$',
        examples: ['homeassistant/status'],
        default: 'homeassistant/status',
        title: 'Birth topic',
        description: 'Where Home Assistant says that it has started, if you changed it there.',
        de: {
          title: 'Birth-Topic',
          description: 'Wo Home Assistant meldet, dass es gestartet ist, falls dort geändert.',
        },
      }),
    ),
    birth_payload: Type.Optional(
      Type.String({
        minLength: 1,
        default: 'online',
        title: 'Birth payload',
        description: 'What Home Assistant says there, if you changed it.',
        de: { title: 'Birth-Nachricht', description: 'Was Home Assistant dort meldet, falls geändert.' },
      }),
    ),
    link: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '^[^#+]+$',
        examples: ['link/garage'],
        title: 'Link topic',
        description:
          'Only where this broker is bridged to the one of Home Assistant: the topic on which the bridge says 1 or 0. Everything ' +
          'shows as unavailable while the link is broken.',
        de: {
          title: 'Link-Topic',
          description:
            'Nur, wo dieser Broker mit dem von Home Assistant über eine Bridge verbunden ist: das Topic, auf dem die Bridge 1 ' +
            'oder 0 meldet. Ist die Verbindung weg, gilt alles als nicht verfügbar.',
        },
      }),
    ),
  },
  {
    title: 'MQTT',
    description: 'The broker through which the lab comes to Home Assistant.',
    de: { title: 'MQTT', description: 'Der Broker, über den das Labor zu Home Assistant kommt.' },
  },
);

export const homeassistant = group(
  {
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^/\\s]+(/\\S*)?$',
        examples: ['http://homeassistant.local:8123'],
        title: 'Address',
        description: 'Where Home Assistant is reached, as in http://homeassistant.local:8123.',
        de: {
          title: 'Adresse',
          description: 'Wo Home Assistant erreichbar ist, etwa http://homeassistant.local:8123.',
        },
      }),
    ),
    token_file: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'File with token',
        description: 'File that holds a long-lived access token of an administrator, and nothing else.',
        de: {
          title: 'Datei mit Token',
          description: 'Datei, in der nur ein langlebiger Zugangstoken eines Administrators steht.',
        },
      }),
    ),
  },
  {
    title: 'Home Assistant',
    description: 'Only for use without the Supervisor; as an app Labkeeper knows the way itself.',
    de: {
      title: 'Home Assistant',
      description: 'Nur ohne den Supervisor nötig; als App kennt Labkeeper den Weg selbst.',
    },
  },
);

export const voice = group(
  {
    fallback: Type.Optional(
      Type.String({
        pattern: '^tcp://[^/@\\s?#:]+:[0-9]{1,5}$',
        examples: ['tcp://core-piper:10200'],
        title: 'Fallback',
        description:
          'Another Wyoming server, as Piper, that speaks where Chatterbox is away, out of memory or too slow. Left out: ' +
          'then nobody speaks.',
        de: {
          title: 'Ersatz',
          description:
            'Ein anderer Wyoming-Server, etwa Piper, der spricht, wenn Chatterbox fehlt, keinen Speicher hat oder zu ' +
            'langsam ist. Ohne Angabe: dann spricht niemand.',
        },
      }),
    ),
    fallback_voice: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['en_GB-alba-medium'],
        title: 'Voice of the fallback',
        description: 'Name of the voice that speaks there. Left out: its own choice.',
        de: {
          title: 'Stimme des Ersatzes',
          description: 'Name der Stimme, die dort spricht. Ohne Angabe: seine eigene Wahl.',
        },
      }),
    ),
    cache: Type.Optional(
      Type.Integer({
        ...{ minimum: 0, maximum: 10_000, default: 100 },
        title: 'Kept sound',
        description:
          'MiB of finished sound that are kept, so that what is said again is heard at once; 100 are about half an hour.',
        de: {
          title: 'Aufgehobener Ton',
          description:
            'MiB fertigen Tons, die aufgehoben werden, damit Wiederholtes sofort zu hören ist; 100 sind etwa eine ' +
            'halbe Stunde.',
        },
      }),
    ),
  },
  {
    title: 'Voice',
    description: 'How Labkeeper speaks, where a Chatterbox is configured.',
    de: { title: 'Stimme', description: 'Wie Labkeeper spricht, wo ein Chatterbox eingerichtet ist.' },
  },
);
