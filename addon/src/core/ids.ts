import { createHash } from 'node:crypto';

/**
 * The one spelling of a resource's id in topics, device identifiers and unique ids: its parts joined by `_`, lower-cased,
 * other characters than `[a-z0-9]` as `-`. If that lost anything, 8 hex digits of the id's SHA-256 keep it unique.
 *
 * @param resourceId `<source>/<instance>/<kind>/<vendor path>`
 * @param site prefix for several apps on one broker, or ''
 */
export function objectId(resourceId: string, site = ''): string {
  const spelled = resourceId.toLowerCase().replace(/[^a-z0-9/]/g, '-');
  const joined = spelled.replaceAll('/', '_');
  // One that looks as if it had its digits gets real ones: nobody can name a thing into another's place.
  const plain = spelled === resourceId && !/-[0-9a-f]{8}$/.test(spelled);
  const unique = plain ? joined : `${joined}-${hashOf(resourceId)}`;
  return site === '' ? unique : `${site}_${unique}`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Letters that are more than a plain one with a mark. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  ð: 'd',
  đ: 'd',
  ł: 'l',
  þ: 'th',
};

/** A name as Home Assistant spells it in entity ids: `Mähdrescher 3` becomes `mahdrescher_3`. */
export function slug(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæøœðđłþ]/g, (letter) => SPELLED[letter] ?? '');
  return ascii.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '') || 'unnamed';
}
