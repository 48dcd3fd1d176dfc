import type { Schema } from '../wire.ts';
import type { PageWords } from '../words/page-words.ts';

/** What somebody fills in for one property of an input. */
export interface Field {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly needed: boolean;
  /** How it is filled in: `lines` is a list, `pairs` are names with values, `json` is what has no better way. */
  readonly way: 'text' | 'long' | 'number' | 'choice' | 'truth' | 'lines' | 'pairs' | 'json';
  readonly schema: Schema;
}

/** What was filled in, as text, by key; '' is nothing. */
export type Filled = Readonly<Record<string, string>>;

/** Longer texts than this are no single line. */
const LINE = 300;

/** The fields of an input, those that are needed first. */
export function fieldsOf(schema: Schema, texts: PageWords): readonly Field[] {
  const required = schema.required ?? [];
  const fields = Object.entries(schema.properties ?? {}).map(([key, property]): Field => {
    const { title, description } = texts.declared(property);
    return {
      ...{ key, title: title === '' ? key : title, description, needed: required.includes(key) },
      ...{ way: wayOf(property), schema: property },
    };
  });
  return fields.toSorted((a, b) => Number(b.needed) - Number(a.needed));
}

function wayOf({ type, enum: values, items, patternProperties, maxLength = 0 }: Schema): Field['way'] {
  if (values !== undefined) return 'choice';
  if (type === 'boolean') return 'truth';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array' && items?.type === 'string') return 'lines';
  if (type === 'object' && Object.values(patternProperties ?? {}).every((one) => one.type === 'string'))
    return 'pairs';
  if (type !== 'string') return 'json';
  return maxLength > LINE && maxLength !== 1_000 ? 'long' : 'text';
}

/** A value of an input as it is filled in. */
export function filledOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join('\n');
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/**
 * The input that was filled in, and what is wrong with it by key. The app checks it all the same; this is to tell it where
 * it stands.
 */
export function inputOf(
  fields: readonly Field[],
  filled: Filled,
  texts: PageWords,
): { readonly input: Readonly<Record<string, unknown>>; readonly faults: Filled } {
  const input: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  for (const field of fields) {
    const text = filled[field.key] ?? '';
    if (text.trim() === '') {
      if (field.needed) faults[field.key] = texts.say('fault_missing');
      continue;
    }
    const { value, fault } = readOf(field, text, texts);
    if (fault !== undefined) faults[field.key] = fault;
    else input[field.key] = value;
  }
  return { input, faults };
}

interface Read {
  readonly value?: unknown;
  readonly fault?: string;
}

function readOf({ way, schema }: Field, text: string, texts: PageWords): Read {
  switch (way) {
    case 'number':
      return numberOf(schema, text, texts);
    case 'truth':
      return { value: text === 'true' };
    case 'lines': {
      const lines = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
      const wrong = lines.find((line) => !fits(schema.items ?? {}, line));
      return wrong === undefined ? { value: lines } : { fault: unfit(schema.items ?? {}, texts) };
    }
    case 'pairs':
      return pairsOf(text, texts);
    case 'json':
      try {
        return { value: JSON.parse(text) };
      } catch {
        return { fault: texts.say('fault_json') };
      }
    case 'text':
      return fits(schema, text.trim()) ? { value: text.trim() } : { fault: unfit(schema, texts) };
    default:
      return { value: text };
  }
}

function numberOf(schema: Schema, text: string, texts: PageWords): Read {
  const { type, minimum, exclusiveMinimum, maximum } = schema;
  const value = Number(text.trim().replace(',', '.'));
  if (!Number.isFinite(value)) return { fault: texts.say('fault_number') };
  if (type === 'integer' && !Number.isInteger(value)) return { fault: texts.say('fault_whole') };
  const least = minimum ?? exclusiveMinimum;
  if (least !== undefined && (value < least || value === exclusiveMinimum)) {
    return { fault: texts.say('fault_least', { n: least }) };
  }
  return maximum !== undefined && value > maximum
    ? { fault: texts.say('fault_most', { n: maximum }) }
    : { value };
}

function pairsOf(text: string, texts: PageWords): Read {
  const pairs: [string, string][] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, name, value] = /^\s*([^=\s]+)\s*=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      return { fault: texts.say('fault_pairs', { n: index + 1 }) };
    pairs.push([name, value]);
  }
  return { value: Object.fromEntries(pairs) };
}

function fits({ pattern }: Schema, text: string): boolean {
  if (pattern === undefined) return true;
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    // What this browser cannot read, the app checks.
    return true;
  }
}

function unfit({ examples = [] }: Schema, texts: PageWords): string {
  const [example] = examples;
  const says = texts.say('fault_pattern');
  return typeof example === 'string' ? `${says} ${texts.say('fault_example', { example })}` : says;
}
