import type { TObject } from 'typebox';

interface Texts {
  readonly title: string;
  readonly description: string;
}

/** An option's schema with what we say about it there: the one place for it. */
export interface OptionSchema extends Texts {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: OptionSchema;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly string[];
  readonly secret?: boolean;
  readonly de: Texts;
}

/** One option: what it is called, and whether it has to be there. */
export interface Option {
  readonly key: string;
  readonly schema: OptionSchema;
  readonly required: boolean;
}

/** The options of a group, in the order of the schema. */
export function optionsOf(group: TObject | OptionSchema): readonly Option[] {
  const { properties = {}, required = [] } = group as OptionSchema;
  return Object.entries(properties).map(([key, schema]) => ({
    key,
    schema,
    required: required.includes(key),
  }));
}

/** The options of each group in a list of groups; undefined for anything else. */
export const fieldsOf = (schema: OptionSchema): readonly Option[] | undefined => {
  const group = schema.items ?? schema;
  return group.properties === undefined ? undefined : optionsOf(group);
};
