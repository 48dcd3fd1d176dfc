/** How a registry wants to be asked, from its `WWW-Authenticate`. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined };

/** Hostile headers are cut here: what is read below takes time with their length. */
const LONGEST = 4_096;

/**
 * Reads `WWW-Authenticate` (RFC 9110, 11.6.1). Of several ways the token is taken: passwords travel less.
 *
 * @returns undefined: no way that we know
 */
export function challengeOf(header: string | readonly string[] | undefined): Challenge | undefined {
  const text = (typeof header === 'string' ? header : (header ?? []).join(', ')).slice(0, LONGEST);
  const found = schemesOf(text);
  const bearer = found.find(({ scheme, values }) => scheme === 'bearer' && values.has('realm'));
  if (bearer !== undefined) {
    const { values } = bearer;
    return { scheme: 'bearer', realm: values.get('realm') as string, service: values.get('service') };
  }
  return found.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}

/** One piece of the header: `Scheme`, or `name=value`, quoted or not. */
const PIECE = /([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/y;

function schemesOf(
  text: string,
): readonly { readonly scheme: string; readonly values: ReadonlyMap<string, string> }[] {
  const schemes: { scheme: string; values: Map<string, string> }[] = [];
  for (let at = 0; at < text.length; ) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (match === null) {
      at += 1;
      continue;
    }
    at = PIECE.lastIndex;
    const [, name = '', quoted, plain] = match;
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) schemes.push({ scheme: name.toLowerCase(), values: new Map() });
    // The first counts: a second one of the same name is somebody's trick.
    else if (!schemes.at(-1)?.values.has(name.toLowerCase()))
      schemes.at(-1)?.values.set(name.toLowerCase(), value);
  }
  return schemes;
}
