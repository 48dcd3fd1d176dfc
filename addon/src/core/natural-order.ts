/**
 * Puts names in the order that people expect, regardless of case and by the numbers in them: `web2` before `Web10`. Not by
 * `Intl`, whose first use takes 8 MB for good.
 */
export function naturalOrder(one: string, other: string): number {
  const [ones, others] = [partsOf(one), partsOf(other)];
  for (const [index, part] of ones.entries()) {
    const against = others[index];
    if (against === undefined) return 1;
    if (part === against) continue;
    const [number, than] = [Number(part), Number(against)];
    if (number !== than && !Number.isNaN(number) && !Number.isNaN(than)) return number - than;
    if (Number.isNaN(number) || Number.isNaN(than)) return part < against ? -1 : 1;
  }
  // What differs in nothing but case or leading zeros has an order of its own all the same.
  return ones.length - others.length || (one < other ? -1 : Number(one > other));
}

const partsOf = (name: string): readonly string[] => name.toLowerCase().match(/\d+|\D+/g) ?? [];
