import Type, { type Static } from 'typebox';

export const dockerOptions = Type.Object({
  url: Type.String({
    pattern: '^(unix:///.+|(tcp|https?)://[^/]+/?)$',
    description:
      'Where the engine listens: unix:///var/run/docker.sock, http://host:2375 or https://host:2376.',
  }),
  ca: Type.Optional(
    Type.String({ description: 'File with the certificate authority of a TLS engine (PEM).' }),
  ),
  cert: Type.Optional(Type.String({ description: 'File with our certificate for a TLS engine (PEM).' })),
  key: Type.Optional(Type.String({ description: 'File with the key of our certificate (PEM).' })),
  fingerprint: Type.Optional(
    Type.String({
      pattern: '^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$',
      description:
        'SHA-256 of a self-signed TLS certificate; then nothing else is trusted, and nothing else is asked.',
    }),
  ),
  address: Type.Optional(
    Type.String({ description: 'Host name or address under which people reach the published ports.' }),
  ),
  forget_after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 86_400,
      description:
        'Seconds after which a removed container goes from Home Assistant too; less than the time to recreate one ' +
        'makes its device come and go (60 if left out).',
    }),
  ),
});

export type DockerOptions = Static<typeof dockerOptions>;
