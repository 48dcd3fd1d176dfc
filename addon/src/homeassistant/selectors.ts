/** What an input's schema says, as far as Home Assistant's forms can show it. */
export interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: FieldSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly title?: string;
  readonly description?: string;
  /** Where the type says too little for a form. */
  readonly selector?: Selector;
  readonly de?: { readonly title: string; readonly description: string };
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

export type Selector = Readonly<Record<string, object>>;

/** From here on a text gets several lines. */
const LONG = 1_000;

/** How a field is asked for in Home Assistant. */
export function selectorOf(schema: FieldSchema): Selector {
  if (schema.selector !== undefined) return schema.selector;
  if (schema.enum !== undefined) return { select: { options: [...schema.enum], mode: 'dropdown' } };
  switch (schema.type) {
    case 'boolean':
      return { boolean: {} };
    case 'integer':
    case 'number':
      return { number: numberOf(schema) };
    case 'string':
      return { text: (schema.maxLength ?? 0) > LONG ? { multiline: true } : {} };
    case 'array':
      return schema.items?.type === 'string' ? { text: { multiple: true } } : { object: {} };
    default:
      return { object: {} };
  }
}

const numberOf = ({ type, minimum, maximum }: FieldSchema): object => ({
  ...(minimum !== undefined && { min: minimum }),
  ...(maximum !== undefined && { max: maximum }),
  step: type === 'integer' ? 1 : 'any',
  mode: 'box',
});
