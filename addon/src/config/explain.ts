import type { TObject } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import { parseJsonPointer, valueAt } from './path.ts';

/** A person wants to see all that is wrong; the library stops at eight. */
Settings.Set({ maxErrors: 1_000 });

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of options',
};

/** What a schema's complaint means for the person who wrote the option. Never repeats the value: it may be a secret. */
export function explain(error: TLocalizedValidationError, schema: TObject, value: unknown): string {
  if (value === null) return 'is empty; give it a value, or remove the line';
  switch (error.keyword) {
    case 'enum':
      return `must be one of ${error.params.allowedValues.join(', ')}`;
    case 'type': {
      const wanted = `must be ${TYPES[String(error.params.type)] ?? error.params.type}`;
      // YAML takes 0815, true and 1e3 for something else.
      const quotes = error.params.type === 'string' && typeof value !== 'object';
      return quotes ? `${wanted}; put it in quotes` : wanted;
    }
    case 'minLength':
      return error.params.limit === 1 ? 'must not be empty' : error.message;
    case 'minItems':
      return `needs at least ${error.params.limit} ${error.params.limit === 1 ? 'entry' : 'entries'}`;
    case 'pattern': {
      const examples = valueAt(schema, [...parseJsonPointer(error.schemaPath.slice(1)), 'examples']);
      return Array.isArray(examples) ? `must look like ${examples.join(' or ')}` : error.message;
    }
    default:
      return error.message;
  }
}
