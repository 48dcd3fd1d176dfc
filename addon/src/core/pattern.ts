/**
 * Whether a text is what a pattern says: the whole of it, upper and lower case alike, `*` for anything. Takes no more
 * time for a text that somebody made to be slow.
 */
export function patternOf(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split(/\*+/);
  const last = rest.pop();
  return (text) => {
    const plain = text.toLowerCase();
    if (last === undefined) return plain === first;
    if (!plain.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = plain.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return plain.length - last.length >= at && plain.endsWith(last);
  };
}
