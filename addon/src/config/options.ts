import Type, { type Static, type TObject, type TSchema } from 'typebox';
import type { Source } from '../contract/source.ts';
import { general, level } from './general.ts';

/** The fields that every configured system has, whatever its source. */
export const instanceFields = {
  id: Type.String({
    pattern: '^[a-z0-9]{1,16}$',
    examples: ['nas (1 to 16 of a-z and 0-9)'],
    title: 'ID',
    description: '1 to 16 of a-z and 0-9. Given once and kept: topics and entities are known by it.',
    de: {
      title: 'ID',
      description:
        '1 bis 16 Zeichen aus a-z und 0-9. Einmal vergeben und behalten: daran hängen die Entitäten.',
    },
  }),
  title: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      title: 'Name',
      description: 'Name for people. Left out: the ID.',
      de: { title: 'Name', description: 'Name für Menschen. Ohne Angabe: die ID.' },
    }),
  ),
  area: Type.Optional(
    Type.String({
      minLength: 1,
      title: 'Area',
      description: 'Area that Home Assistant is to suggest for its devices.',
      de: { title: 'Bereich', description: 'Bereich, den Home Assistant für die Geräte vorschlagen soll.' },
    }),
  ),
  entities: level({
    title: 'Entities',
    description: 'How much of this system is published. Left out: as for all.',
    de: {
      title: 'Entitäten',
      description: 'Wie viel von diesem System erscheint. Ohne Angabe: wie bei allen.',
    },
  }),
};

export type InstanceOptions = Static<TObject<typeof instanceFields>> & Readonly<Record<string, unknown>>;

/** The schema of all options: the general ones, and for each source a list and what its systems share. */
export function optionsSchema(
  sources: Readonly<Record<string, Pick<Source, 'options' | 'shared'>>>,
): TObject {
  const lists = Object.entries(sources).flatMap(([name, { options, shared }]): [string, TSchema][] => {
    const { properties, type: _, required: __, ...texts } = options;
    const item = Type.Object({ ...instanceFields, ...properties }, { additionalProperties: false });
    return [[name, Type.Optional(Type.Array(item, texts))], ...Object.entries(shared?.properties ?? {})];
  });
  return Type.Object({ ...general, ...Object.fromEntries(lists) }, { additionalProperties: false });
}

export type GeneralOptions = Static<TObject<typeof general>>;
export type Options = GeneralOptions & Readonly<Record<string, unknown>>;
