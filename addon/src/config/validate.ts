import type { TObject } from 'typebox';
import { Settings } from 'typebox/system';
import Value from 'typebox/value';
import { LabError } from '../core/errors.ts';

/** A person wants to see all that is wrong; the library stops at eight. */
Settings.Set({ maxErrors: 1_000 });

/** An option as a person finds it: `/docker/0/url` is `docker[0].url`. */
const pathOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    );

/**
 * Checks options against their schema, and that each system's `id` is given once.
 *
 * @throws LabError `options_invalid` with all that is wrong, a line `path: message` each
 */
export function validateOptions(schema: TObject, options: unknown): void {
  const problems = new Map<string, string>();
  for (const { instancePath, keyword, message, params } of Value.Errors(schema, options)) {
    // Reported as the unknown key itself, too.
    if (keyword === 'additionalProperties') continue;
    const missing =
      keyword === 'required' ? (params as { requiredProperties: string[] }).requiredProperties : [''];
    for (const key of missing) {
      const path = [pathOf(instancePath), key].filter((part) => part !== '').join('.') || 'options';
      if (!problems.has(path)) problems.set(path, `${path}: ${explain(keyword, message, params)}`);
    }
  }
  for (const [name, list] of Object.entries((options ?? {}) as Record<string, unknown>)) {
    if (!Array.isArray(list)) continue;
    const ids = list.map((entry: { id?: unknown } | null) => entry?.id);
    for (const [index, id] of ids.entries()) {
      if (id === undefined || ids.indexOf(id) === index) continue;
      problems.set(
        `${name}[${index}].id`,
        `${name}[${index}].id: “${id}” is taken by ${name}[${ids.indexOf(id)}]`,
      );
    }
  }
  if (problems.size > 0) throw new LabError('options_invalid', [...problems.values()].join('\n'));
}

function explain(keyword: string, message: string, params: object): string {
  if (keyword === 'boolean') return 'there is no such option';
  if (keyword === 'required') return 'is missing';
  if (keyword === 'enum')
    return `must be one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
  return message;
}
