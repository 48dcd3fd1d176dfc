/** Characters of a name that are shown. */
const LONGEST = 80;

/** What somebody else wrote, fit for people: without what is not for reading, and only so much. */
export function shown(text: unknown, longest = LONGEST): string {
  const clean = String(text ?? '')
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  const letters = [...clean];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : clean;
}

/** Names in one line, at most so many; undefined for none. */
export function listed(names: readonly string[], most: number): string | undefined {
  if (names.length === 0) return undefined;
  const rest = names.length - most;
  const some = names.slice(0, most).map((name) => shown(name));
  return rest > 0 ? `${some.join(', ')} and ${rest} more` : some.join(', ');
}
