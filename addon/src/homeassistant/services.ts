import { createHash } from 'node:crypto';
import type { Action, Risk } from '../contract/action.ts';
import { ENVELOPE, type EnvelopeField, SECTION } from './envelope.ts';
import type { FieldTexts, Language, ServiceField } from './fields.ts';
import { iconOf } from './icons.ts';
import { type FieldSchema, selectorOf } from './selectors.ts';

/** What a form says of an action, as in Home Assistant's translations. */
export interface ServiceTexts extends FieldTexts {
  readonly fields: Readonly<Record<string, FieldTexts>>;
  readonly sections: Readonly<Record<string, FieldTexts>>;
}

export interface Section {
  readonly collapsed: true;
  readonly fields: Readonly<Record<string, ServiceField>>;
}

/** An action as Home Assistant offers it. */
export interface Service {
  readonly risk: Risk;
  /** Kinds of what it can be done to; `app` is the lab as a whole. */
  readonly kinds: readonly string[];
  readonly icon: string;
  /** As in services.yaml. */
  readonly fields: Readonly<Record<string, ServiceField | Section>>;
  readonly texts: Readonly<Record<Language, ServiceTexts>>;
}

/** Every action as Home Assistant offers it, with the version of Labkeeper that says so. */
export interface ServiceCatalogue {
  readonly version: string;
  readonly services: Readonly<Record<string, Service>>;
}

export const serviceCatalogue = (actions: readonly Action[], version: string): ServiceCatalogue => ({
  version,
  services: Object.fromEntries(
    actions
      .map((action) => [action.id, serviceOf(action)])
      .sort(([one = ''], [other = '']) => (one < other ? -1 : 1)),
  ),
});

/** The same for the same catalogue, whatever runs it. */
export const digestOf = (catalogue: ServiceCatalogue): string =>
  createHash('sha256').update(JSON.stringify(catalogue)).digest('base64url').slice(0, 16);

function serviceOf(action: Action): Service {
  const { title, description, de = { title, description }, risk, kinds, input } = action;
  const properties = Object.entries(input.properties as Readonly<Record<string, FieldSchema>>);
  const required = (input.required ?? []) as readonly string[];
  const envelope = ENVELOPE.filter(({ isFor }) => isFor(action));
  const placed = (place: EnvelopeField['place']): readonly (readonly [string, ServiceField])[] =>
    envelope.filter((one) => one.place === place).map(({ key, field }) => [key, field(action)] as const);
  return {
    ...{ risk, kinds, icon: iconOf(action) },
    fields: {
      ...Object.fromEntries(placed('first')),
      ...Object.fromEntries(
        properties.map(([key, schema]) => [key, fieldOf(schema, required.includes(key))] as const),
      ),
      ...Object.fromEntries(placed('last')),
      [SECTION.key]: { collapsed: true, fields: Object.fromEntries(placed('section')) },
    },
    texts: {
      en: textsOf('en', { title, description }),
      de: textsOf('de', de),
    },
  };

  function textsOf(
    language: Language,
    own: { readonly title: string; readonly description: string },
  ): ServiceTexts {
    return {
      ...{ name: own.title, description: own.description },
      fields: Object.fromEntries([
        ...envelope.map(({ key, texts }) => [key, texts(action)[language]]),
        ...properties.map(([key, schema]) => [key, fieldTexts(schema, key, language)]),
      ]),
      sections: { [SECTION.key]: SECTION.texts[language] },
    };
  }
}

function fieldOf(schema: FieldSchema, isRequired: boolean): ServiceField {
  const [example] = schema.examples ?? [];
  return {
    ...(isRequired && { required: true }),
    ...(example !== undefined && { example }),
    selector: selectorOf(schema),
  };
}

function fieldTexts(schema: FieldSchema, key: string, language: Language): FieldTexts {
  const { title = key, description = '' } = (language === 'de' ? schema.de : undefined) ?? schema;
  const otherwise = schema.default === undefined ? '' : ` ${OTHERWISE[language]} ${String(schema.default)}.`;
  return { name: title, description: `${description}${otherwise}` };
}

const OTHERWISE: Readonly<Record<Language, string>> = { en: 'Left out:', de: 'Ohne Angabe:' };
