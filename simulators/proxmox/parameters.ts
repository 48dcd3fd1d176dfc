import { badParameters } from './errors.ts';

/** What a method says of one of its parameters, as far as the simulator checks it. */
export interface Parameter {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array';
  readonly optional?: true;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** As they came: from a form everything is text, from JSON not. */
export type Values = Readonly<Record<string, unknown>>;

export const text: Parameter = { type: 'string' };
export const flag: Parameter = { type: 'boolean' };
export const whole = (minimum?: number, maximum?: number): Parameter => ({
  type: 'integer',
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
});
export const oneOf = (...values: readonly string[]): Parameter => ({ type: 'string', enum: values });
export const optional = (parameter: Parameter): Parameter => ({ ...parameter, optional: true });

export const ofNode: Parameters = { node: text };
export const ofGuest: Parameters = { node: text, vmid: whole(100, 999_999_999) };

/** @throws PveError 400 that names every parameter that is wrong, in Proxmox VE's words */
export function verify(values: Values, parameters: Parameters): void {
  const errors: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    // `net0` is `net[n]`.
    const parameter = parameters[name] ?? parameters[name.replace(/\d+$/, '[n]')];
    const problem =
      parameter === undefined
        ? 'property is not defined in schema and the schema does not allow additional properties'
        : problemOf(value, parameter);
    if (problem !== undefined) errors[name] = problem;
  }
  for (const [name, { optional: may }] of Object.entries(parameters)) {
    if (may !== true && values[name] === undefined)
      errors[name] = 'property is missing and it is not optional';
  }
  if (Object.keys(errors).length > 0) throw badParameters(errors);
}

function problemOf(
  value: unknown,
  { type, minimum, maximum, maxLength, ...more }: Parameter,
): string | undefined {
  if (type === 'array') return undefined;
  if (value !== null && typeof value === 'object') return `type check ('${type}') failed - got HASH`;
  const said = String(value);
  const fits = {
    string: true,
    boolean: typeof value === 'boolean' || said === '0' || said === '1',
    integer: /^[+-]?\d+$/.test(said),
    number: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(said),
  }[type];
  if (!fits) return `type check ('${type}') failed - got '${said}'`;
  if (more.enum !== undefined && !more.enum.includes(said)) {
    return `value '${said}' does not have a value in the enumeration '${more.enum.join(', ')}'`;
  }
  if (type === 'string' && maxLength !== undefined && said.length > maxLength) {
    return `value may only be ${maxLength} characters long`;
  }
  if (type === 'integer' || type === 'number') {
    if (minimum !== undefined && Number(said) < minimum)
      return `value must have a minimum value of ${minimum}`;
    if (maximum !== undefined && Number(said) > maximum)
      return `value must have a maximum value of ${maximum}`;
  }
  return undefined;
}

// Readers of what was verified.

export const textOf = (values: Values, name: string): string | undefined =>
  values[name] === undefined ? undefined : String(values[name]);

export const numberOf = (values: Values, name: string): number | undefined =>
  values[name] === undefined ? undefined : Number(values[name]);

export const isSet = (values: Values, name: string): boolean =>
  values[name] === true || String(values[name] ?? '') === '1';
