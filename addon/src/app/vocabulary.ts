import type { ReadingWords, Vocabulary } from '../config/build-out-words.ts';
import type { Action } from '../contract/action.ts';
import { KINDS } from '../kinds/index.ts';

/** As much of a schema as counts here. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: { readonly properties?: Readonly<Record<string, Schema>> };
}

/** The words that files of people may use: every kind with its readings, every action. */
export function vocabularyOf(actions: readonly Action[]): Vocabulary {
  return {
    kinds: Object.fromEntries(
      Object.entries(KINDS).map(([kind, { readings }]) => [
        kind,
        wordsOf(readings.properties as Record<string, Schema>),
      ]),
    ),
    actions: Object.fromEntries(actions.map(({ id, input }) => [id, input])),
  };
}

const wordsOf = (properties: Readonly<Record<string, Schema>>): Readonly<Record<string, ReadingWords>> =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, wordOf(schema)]));

function wordOf(schema: Schema): ReadingWords {
  const known = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  if (known.type === 'array') return { type: 'list', items: wordsOf(known.items?.properties ?? {}) };
  if (known.type === 'boolean') return { type: 'boolean' };
  if (known.type === 'number' || known.type === 'integer') return { type: 'number' };
  const { enum: values } = known;
  return values === undefined ? { type: 'text' } : { type: 'text', values: values.map(String) };
}
