import Type, { type Static } from 'typebox';

/** One registry that needs more than its name. */
export const registryOptions = Type.Object(
  {
    host: Type.String({
      pattern: '^[^\\s/@]+$',
      examples: ['docker.io', 'ghcr.io', 'registry.lan:5000'],
      title: 'Registry',
      description: 'As images name it: docker.io, ghcr.io, registry.lan:5000.',
      de: { title: 'Registry', description: 'Wie Images sie nennen: docker.io, ghcr.io, registry.lan:5000.' },
    }),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^/\\s@]+/?$',
        examples: ['https://registry.lan:5000'],
        title: 'Address',
        description:
          'Where it is reached from here, if not under https and that name. With http nothing is secret.',
        de: {
          title: 'Adresse',
          description:
            'Wo sie von hier aus zu erreichen ist, wenn nicht über https und diesen Namen. Mit http ist nichts geheim.',
        },
      }),
    ),
    username: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'User',
        description: 'Left out: nobody logs in.',
        de: { title: 'Benutzer', description: 'Ohne Angabe: niemand meldet sich an.' },
      }),
    ),
    password: Type.Optional(
      Type.String({
        secret: true,
        title: 'Password',
        description: 'Better: an access token that may only read.',
        de: { title: 'Passwort', description: 'Besser: ein Zugangstoken, das nur lesen darf.' },
      }),
    ),
    token_host: Type.Optional(
      Type.String({
        pattern: '^[^\\s/@]+$',
        examples: ['gitlab.lan'],
        title: 'Token service',
        description:
          'Host to which the login may also be sent, where the registry has its tokens made elsewhere.',
        de: {
          title: 'Tokendienst',
          description:
            'Rechner, an den die Anmeldung auch gehen darf, wenn die Registry ihre Token anderswo ausstellen lässt.',
        },
      }),
    ),
    ca: Type.Optional(
      Type.String({
        title: 'Certificate authority',
        description: 'File (PEM) with the authority of its certificate. Left out: the public ones.',
        de: {
          title: 'Zertifizierungsstelle',
          description:
            'Datei (PEM) mit der Zertifizierungsstelle ihres Zertifikats. Ohne Angabe: die öffentlichen.',
        },
      }),
    ),
    fingerprint: Type.Optional(
      Type.String({
        pattern: '^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$',
        examples: ['9D:3A:… (32 pairs of hex digits)'],
        title: 'Fingerprint',
        description: 'SHA-256 of a self-signed certificate: then exactly this one is trusted.',
        de: {
          title: 'Fingerabdruck',
          description: 'SHA-256 eines selbst signierten Zertifikats: dann wird genau diesem vertraut.',
        },
      }),
    ),
    insecure: Type.Optional(
      Type.Boolean({
        title: 'Do not verify',
        description: 'Believe whoever answers. A fingerprint is better.',
        de: {
          title: 'Nicht prüfen',
          description: 'Jedem glauben, der antwortet. Ein Fingerabdruck ist besser.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);

export type RegistryOptions = Static<typeof registryOptions>;
