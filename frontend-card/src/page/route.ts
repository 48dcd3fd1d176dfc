/** Where somebody is on the page: the part, and what in it, as in `#do/create_vm/proxmox%2Fhome…`. */
export interface Route {
  readonly part: string;
  readonly rest: readonly string[];
}

export function routeOf(hash: string): Route {
  const [part = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  return { part: part === '' ? 'lab' : part, rest };
}

export const hashOf = (part: string, ...rest: readonly string[]): string =>
  `#${[part, ...rest].map(encodeURIComponent).join('/')}`;

/** An address that somebody typed may be no encoding at all. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
