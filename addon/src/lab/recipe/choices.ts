import { type Choice, type Choices, PLACE, type Recipe, WHOLE_PLACE } from '../../contract/recipe.ts';
import { LabError } from '../../core/errors.ts';

/** A text that is put into files: control characters would make more of it than a text. */
const PLAIN = /^[^\p{C}\u2028\u2029]{0,500}$/u;

/**
 * What was chosen, with what is not chosen by its default.
 *
 * @throws LabError `input_invalid` with all that is wrong
 */
export function chosenOf({ title, choices = {} }: Recipe, given: Choices): Choices {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(choices, name));
  const problems = [
    ...unknown.map((name) => `values.${name}: there is nothing to choose by that name`),
    ...Object.entries(choices).flatMap(([name, choice]) => {
      const problem = problemOf(choice, given[name] ?? choice.default);
      return problem === undefined ? [] : [`values.${name} (${choice.title}): ${problem}`];
    }),
  ];
  if (problems.length > 0) {
    throw new LabError('input_invalid', problems.join('; '), {
      path: 'input.values',
      hint: `“${title}” takes: ${Object.keys(choices).join(', ') || 'nothing'}`,
    });
  }
  return Object.fromEntries(
    Object.entries(choices).flatMap(([name, choice]) => {
      const value = given[name] ?? choice.default;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function problemOf(choice: Choice, value: string | number | boolean | undefined): string | undefined {
  const { type, minimum = -Infinity, maximum = Infinity, pattern, optional } = choice;
  if (value === undefined) return optional ? undefined : 'is missing';
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (type === 'integer') {
    if (!Number.isInteger(value)) return 'must be a whole number';
    return Number(value) < minimum || Number(value) > maximum
      ? `must be ${minimum} to ${maximum}`
      : undefined;
  }
  if (typeof value !== 'string') return 'must be a text';
  if (!PLAIN.test(value)) return 'must be one line of at most 500 characters';
  if (choice.enum !== undefined && !choice.enum.includes(value))
    return `must be one of ${choice.enum.join(', ')}`;
  return pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(value)
    ? undefined
    : `must look like ${pattern}`;
}

/**
 * A template with what was chosen in its places. A text that is one place becomes what was chosen, number or boolean; it
 * is left out, with its key, where nothing was.
 */
export function filled(template: unknown, chosen: Choices): unknown {
  if (Array.isArray(template))
    return template.map((one) => filled(one, chosen)).filter((one) => one !== undefined);
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(
      Object.entries(template).flatMap(([key, value]) => {
        const inner = filled(value, chosen);
        return inner === undefined ? [] : [[key, inner]];
      }),
    );
  }
  if (typeof template !== 'string') return template;
  const [, whole] = WHOLE_PLACE.exec(template) ?? [];
  if (whole !== undefined) return chosen[whole];
  return template.replaceAll(PLACE, (_, name: string) => String(chosen[name] ?? ''));
}
