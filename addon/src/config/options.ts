import Type, { type Static, type TObject, type TSchema } from 'typebox';
import type { Source } from '../contract/source.ts';

/** The fields that every configured system has, whatever its source. */
const instanceFields = {
  id: Type.String({
    pattern: '^[a-z0-9]{1,16}$',
    description: 'Given once and kept: entities are known by it. Lower-case letters and digits.',
  }),
  title: Type.Optional(
    Type.String({ minLength: 1, maxLength: 60, description: 'Name for people; the id if left out.' }),
  ),
  area: Type.Optional(Type.String({ minLength: 1, description: 'Suggested area of its devices.' })),
};

export type InstanceOptions = Static<TObject<typeof instanceFields>> & Readonly<Record<string, unknown>>;

const general = {
  mqtt: Type.Optional(
    Type.Object(
      {
        host: Type.Optional(
          Type.String({
            minLength: 1,
            description: 'Broker to use. Left out: one of our own, on this machine only.',
          }),
        ),
        port: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 65_535, description: '1883, or 8883 with tls.' }),
        ),
        username: Type.Optional(Type.String()),
        password: Type.Optional(Type.String()),
        tls: Type.Optional(Type.Boolean({ description: 'Encrypt, and verify the broker’s certificate.' })),
        ca: Type.Optional(
          Type.String({ description: 'File with the authority of the broker’s certificate (PEM).' }),
        ),
      },
      { additionalProperties: false },
    ),
  ),
  discovery_prefix: Type.Optional(
    Type.String({
      pattern: '^[^+#/]+(/[^+#/]+)*$',
      description: 'homeassistant, unless changed in Home Assistant.',
    }),
  ),
  site: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9]{1,16}$',
      description: 'Tells several Labkeepers on one broker apart.',
    }),
  ),
  language: Type.Optional(Type.Enum(['en', 'de'], { description: 'Of entity names.' })),
  entities: Type.Optional(
    Type.Enum(['essential', 'standard', 'all'], { description: 'How much is published to Home Assistant.' }),
  ),
  controls: Type.Optional(
    Type.Enum(['config', 'primary'], {
      description: 'primary lets voice assistants and areas reach power controls. config keeps them out.',
    }),
  ),
  log_level: Type.Optional(Type.Enum(['error', 'warn', 'info', 'debug'])),
};

/** The schema of all options: the general ones, and a list for each source. */
export function optionsSchema(sources: Readonly<Record<string, Pick<Source, 'options'>>>): TObject {
  const lists = Object.entries(sources).map(([name, { options }]): [string, TSchema] => [
    name,
    Type.Optional(
      Type.Array(Type.Object({ ...instanceFields, ...options.properties }, { additionalProperties: false })),
    ),
  ]);
  return Type.Object({ ...general, ...Object.fromEntries(lists) }, { additionalProperties: false });
}

export type GeneralOptions = Static<TObject<typeof general>>;
export type Options = GeneralOptions & Readonly<Record<string, unknown>>;
