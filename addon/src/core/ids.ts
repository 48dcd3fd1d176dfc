import { createHash } from 'node:crypto';

const PLAIN = /^[a-z0-9]+$/;

/**
 * The one spelling of a resource's id in topics, device identifiers and unique ids: its parts joined by `_`, lower-cased,
 * other characters than `[a-z0-9]` as `-`. If that lost anything, 8 hex digits of the id's SHA-256 keep it unique.
 *
 * @param resourceId `<source>/<instance>/<kind>/<vendor path>`
 * @param site prefix for several apps on one broker, or ''
 */
export function objectId(resourceId: string, site = ''): string {
  const parts = resourceId.split('/');
  const plain = parts.every((part) => PLAIN.test(part));
  const joined = parts.map((part) => part.toLowerCase().replace(/[^a-z0-9]/g, '-')).join('_');
  const unique = plain
    ? joined
    : `${joined}-${createHash('sha256').update(resourceId).digest('hex').slice(0, 8)}`;
  return site === '' ? unique : `${site}_${unique}`;
}

/** A name as Home Assistant spells it in entity ids: `Mähdrescher 3` becomes `mahdrescher_3`. */
export function slug(name: string): string {
  const ascii = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return ascii.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '') || 'unnamed';
}
