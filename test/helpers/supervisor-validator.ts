/**
 * What the Supervisor does with an app's options: the behaviour of `AppOptions` and `UiOptions` (supervisor/apps/options.py
 * of summer 2026), with Python's and voluptuous' ways where they differ from ours. Not ported: devices,
 * digits of other scripts, and that Python tells 2.0 from 2.
 */

/** A type, a list of one, or a group. */
export type SupervisorElement =
  | string
  | readonly SupervisorElement[]
  | { readonly [key: string]: SupervisorElement };
export type SupervisorSchema = Readonly<Record<string, SupervisorElement>>;

/** Options that the Supervisor refuses, so that the app is not started. */
export class Invalid extends Error {}

export const ELEMENT =
  /^(?:|bool|email|url|port|device(?:\((?<filter>subsystem=[a-z]+)\))?|str(?:\((?<sMin>\d+)?,(?<sMax>\d+)?\))?|password(?:\((?<pMin>\d+)?,(?<pMax>\d+)?\))?|int(?:\((?<iMin>-?\d+)?,(?<iMax>-?\d+)?\))?|float(?:\((?<fMin>-?\d*\.?\d+)?,(?<fMax>-?\d*\.?\d+)?\))?|match\((?<match>.*)\)|list\((?<list>.+)\))\??$/;

export interface Validated {
  /** What the app gets. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/**
 * Validates options and leaves out what is not in the schema.
 *
 * @param secrets those of Home Assistant, for `!secret name`
 * @throws Invalid with the first thing that is wrong
 */
export function supervisorValidate(
  schema: SupervisorSchema,
  struct: unknown,
  secrets: Readonly<Record<string, string>> = {},
): Validated {
  const warnings: string[] = [];
  if (!isDict(struct)) throw new Invalid('expected dict');

  const element = (type: SupervisorElement, value: unknown, key: string): unknown => {
    if (Array.isArray(type)) {
      if (type.length === 0) throw new Invalid(`Type error for option '${key}'`);
      if (!Array.isArray(value)) throw new Invalid(`Invalid list for option '${key}'`);
      return value.map((entry) => element(type[0], entry, key));
    }
    if (typeof type !== 'string') {
      if (!isDict(value)) throw new Invalid(`Invalid dict for option '${key}'`);
      return dict(type as SupervisorSchema, value, key);
    }
    return single(type, value, key, secrets);
  };
  const dict = (
    types: SupervisorSchema,
    given: Readonly<Record<string, unknown>>,
    where: string,
  ): Readonly<Record<string, unknown>> => {
    const options: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(given)) {
      const type = Object.hasOwn(types, key) ? types[key] : undefined;
      if (type === undefined) warnings.push(`Option '${key}' does not exist in the schema`);
      else options[key] = element(type, value, key);
    }
    for (const [key, type] of Object.entries(types)) {
      if (key in options) continue;
      // What a list holds decides whether it may be left out.
      const deciding = Array.isArray(type) && type.length > 0 ? type[0] : type;
      if (typeof deciding === 'string' && deciding.endsWith('?')) continue;
      throw new Invalid(`Missing option '${key}' in ${where}`);
    }
    return options;
  };
  return { options: dict(schema, struct, 'root'), warnings };
}

function single(
  type: string,
  given: unknown,
  key: string,
  secrets: Readonly<Record<string, string>>,
): unknown {
  if (given === null || given === undefined) throw new Invalid(`Missing required option '${key}'`);
  let value: unknown = given;
  if (pythonText(value).startsWith('!secret ')) {
    const name = String(value).slice('!secret '.length);
    value = secrets[name];
    if (value === undefined) throw new Invalid(`Unknown secret '${name}'`);
  }
  const groups = ELEMENT.exec(type)?.groups;
  if (groups === undefined) throw new Invalid(`Unknown type '${type}'`);
  const range = (min: string | undefined, max: string | undefined, size: number): void => {
    if (Number.isNaN(size)) throw new Invalid(`Invalid value for option '${key}'`);
    if (min !== undefined && size < Number(min)) throw new Invalid(`Too small or short: option '${key}'`);
    if (max !== undefined && size > Number(max)) throw new Invalid(`Too large or long: option '${key}'`);
  };
  const { sMin, sMax, pMin, pMax, iMin, iMax, fMin, fMax } = groups;
  // In the Supervisor's order, which decides by how the type begins.
  if (type.startsWith('str') || type.startsWith('password')) {
    if (typeof value !== 'string') throw new Invalid(`expected str for option '${key}'`);
    range(sMin ?? pMin, sMax ?? pMax, [...value].length);
    return value;
  }
  if (type.startsWith('int')) {
    const number = pythonInt(value, key);
    range(iMin, iMax, number);
    return number;
  }
  if (type.startsWith('float')) {
    const number = pythonFloat(value, key);
    range(fMin, fMax, number);
    return number;
  }
  if (type.startsWith('bool')) return pythonBool(value, key);
  if (type.startsWith('email') || type.startsWith('url')) {
    const form = type.startsWith('url') ? /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i : /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
    if (typeof value !== 'string' || !form.test(value))
      throw new Invalid(`expected ${type} for option '${key}'`);
    return value;
  }
  if (type.startsWith('port')) {
    const port = pythonInt(value, key);
    range('1', '65535', port);
    return port;
  }
  if (type.startsWith('match')) {
    const text = pythonText(value);
    if (!pythonMatch(groups.match ?? '', text))
      throw new Invalid(`does not match regular expression ${groups.match}: option '${key}'`);
    return text;
  }
  if (type.startsWith('list')) {
    const text = pythonText(value);
    if (!groups.list?.split('|').includes(text))
      throw new Invalid(`value must be one of ${groups.list}: option '${key}'`);
    return text;
  }
  throw new Invalid(`Fatal error for option '${key}' with type '${type}'`);
}

/** The defaults of the app with what the user saved over them: groups are merged, lists replaced. */
export function supervisorOptions(
  defaults: Readonly<Record<string, unknown>>,
  saved: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(saved)) {
    const base = merged[key];
    merged[key] = isDict(base) && isDict(value) ? supervisorOptions(base, value) : value;
  }
  return merged;
}

/** One field of the form that Home Assistant shows. */
export interface UiNode {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly multiple?: boolean;
  readonly options?: readonly string[];
  readonly schema?: readonly UiNode[];
}

/** The form's fields for a schema. */
export function supervisorForm(schema: SupervisorSchema): readonly UiNode[] {
  return Object.entries(schema).flatMap(([key, type]) => nodes(type, key, false));
}

function nodes(type: SupervisorElement, name: string, multiple: boolean): readonly UiNode[] {
  if (Array.isArray(type)) {
    if (multiple) throw new Error(`${name}: a list in a list breaks the Supervisor`);
    return type.length === 0 ? [] : nodes(type[0], name, true);
  }
  if (typeof type !== 'string')
    return [
      { name, type: 'schema', optional: true, multiple, schema: supervisorForm(type as SupervisorSchema) },
    ];
  const groups = ELEMENT.exec(type)?.groups;
  if (groups === undefined) return [];
  const kind = /^(str|password|int|float|bool|email|url|port|match|list|device)/.exec(type)?.[0] ?? '';
  const TYPES: Readonly<Record<string, string>> = {
    int: 'integer',
    port: 'integer',
    float: 'float',
    bool: 'boolean',
    list: 'select',
    device: 'select',
  };
  return [
    {
      name,
      type: TYPES[kind] ?? 'string',
      ...(multiple && { multiple }),
      ...(type.endsWith('?') ? { optional: true } : { required: true }),
      ...(['password', 'email', 'url'].includes(kind) && { format: kind }),
      ...(groups.list !== undefined && { options: groups.list.split('|') }),
    },
  ];
}

/** `isinstance(value, dict)` */
const isDict = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `str(value)` */
function pythonText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `int(value)`, as `vol.Coerce(int)` has it. */
function pythonInt(value: unknown, key: string): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value === 'string' && /^\s*[+-]?\d+(_\d+)*\s*$/.test(value))
    return Number(value.replaceAll('_', ''));
  throw new Invalid(`expected int for option '${key}'`);
}

/** `float(value)` */
function pythonFloat(value: unknown, key: string): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^\s*[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value))
    return Number(value.replaceAll('_', ''));
  throw new Invalid(`expected float for option '${key}'`);
}

/** `vol.Boolean()`: some words, and of anything else whether Python takes it for true. */
function pythonBool(value: unknown, key: string): boolean {
  if (typeof value === 'string') {
    const word = value.toLowerCase();
    if (['1', 'true', 'yes', 'on', 'enable'].includes(word)) return true;
    if (['0', 'false', 'no', 'off', 'disable'].includes(word)) return false;
    throw new Invalid(`expected boolean for option '${key}'`);
  }
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

/** `re.match(pattern, text)`: at the beginning, and `$` also stands before a last line break. */
function pythonMatch(pattern: string, text: string): boolean {
  const expression = new RegExp(`^(?:${pattern})`);
  return expression.test(text) || (text.endsWith('\n') && expression.test(text.slice(0, -1)));
}
