/** A key of a group, or the place in a list. */
export type Part = string | number;

/** A JSON pointer (RFC 6901) into options, `/docker/0/url`, in its parts. */
export const parseJsonPointer = (pointer: string): readonly Part[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));

/** An option as a person finds it: `docker[0].url`; '' for all options. */
export const pathOf = (parts: readonly Part[]): string =>
  parts.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    // A key that nobody meant can be anything, and must not look like two lines or another path.
    return /^[\w-]+$/.test(part) ? joinPath(path, part) : `${path}[${JSON.stringify(part)}]`;
  }, '');

/** A path within another. */
export const joinPath = (outer: string, inner: string): string =>
  [outer, inner].filter((part) => part !== '').join('.');

/** What stands in a value at a place; undefined where it does not exist. */
export const valueAt = (value: unknown, parts: readonly Part[]): unknown =>
  parts.reduce<unknown>((at, part) => (at as Readonly<Record<Part, unknown>> | null)?.[part], value);
