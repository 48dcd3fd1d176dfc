import { EngineError } from './errors.ts';
import type { EngineEvent } from './events.ts';

export type Filters = ReadonlyMap<string, readonly string[]>;

/**
 * The query parameter `filters`: `{"type":["container"]}`, or `{"type":{"container":true}}` as older clients write it.
 *
 * @throws EngineError 500 when it is no JSON: the engine blames itself too
 */
export function filtersOf(text: string | null): Filters {
  if (text === null || text === '') return new Map();
  let parsed: Record<string, readonly string[] | Record<string, boolean>>;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new EngineError(500, (cause as Error).message);
  }
  const entries = Object.entries(parsed);
  return new Map(
    entries.map(([name, values]) => [name, Array.isArray(values) ? values : Object.keys(values)]),
  );
}

/** Whether one of the wanted values fits; nothing wanted: everything does. */
export function fits(filters: Filters, name: string, matches: (wanted: string) => boolean): boolean {
  const wanted = filters.get(name);
  return wanted === undefined || wanted.length === 0 || wanted.some(matches);
}

/** `key` or `key=value` */
export function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const [key = '', ...value] = wanted.split('=');
  return key in labels && (value.length === 0 || labels[key] === value.join('='));
}

export function eventFits(event: EngineEvent, filters: Filters): boolean {
  const { type, action, id, attributes } = event;
  return (
    fits(filters, 'type', (wanted) => wanted === type) &&
    fits(filters, 'event', (wanted) => wanted === action || action.startsWith(`${wanted}:`)) &&
    fits(filters, 'label', (wanted) => hasLabel(attributes, wanted)) &&
    fits(
      filters,
      'container',
      (wanted) => type === 'container' && (id === wanted || attributes.name === wanted),
    )
  );
}
