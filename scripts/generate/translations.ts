import type { TObject } from 'typebox';
import { GENERATED, PORTS, toYaml } from './addon-config.ts';
import { fieldsOf, type Option, type OptionSchema, optionsOf } from './option.ts';

export type Language = 'en' | 'de';

interface Translation {
  readonly name: string;
  readonly description: string;
  readonly fields?: Readonly<Record<string, Translation>>;
}

const LEFT_OUT: Readonly<Record<Language, string>> = { en: 'Left out:', de: 'Ohne Angabe:' };

/** `addon/translations/<language>.yaml`: what the app's form says about each option and port. */
export function translations(options: TObject, language: Language): string {
  const network = Object.entries(PORTS).map(([port, texts]) => [port, texts[language]]);
  return `# ${GENERATED}\n${toYaml({
    configuration: configuration(optionsOf(options), language),
    network: Object.fromEntries(network),
  })}`;
}

function configuration(
  options: readonly Option[],
  language: Language,
): Readonly<Record<string, Translation>> {
  return Object.fromEntries(options.map(({ key, schema }) => [key, translation(schema, language)]));
}

function translation(schema: OptionSchema, language: Language): Translation {
  const { title: name, description } = language === 'en' ? schema : schema[language];
  const otherwise = schema.default === undefined ? '' : ` ${LEFT_OUT[language]} ${schema.default}.`;
  const fields = fieldsOf(schema);
  return {
    name,
    description: `${description}${otherwise}`,
    ...(fields !== undefined && { fields: configuration(fields, language) }),
  };
}
