import type { InterfaceRow } from './wire.ts';

/** More say nothing more: privacy extensions make up new ones every day. */
const MOST = 16;
/** What leads nowhere but into the guest itself: loopback, and bridges of containers and of machines in it. */
const INNER =
  /^(lo\d*|docker.*|br-[0-9a-f]{12}|veth.*|virbr.*|hassio|podman\d*|cni.*|flannel.*|cali.*|lxcbr\d*|lxdbr\d*|incusbr\d*)$/;
/** Loopback, link-local, unspecified. */
const NOWHERE = /^(127\.|169\.254\.|fe[89ab][0-9a-f]:|::1?$|0\.0\.0\.0$)/i;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i;

/**
 * The addresses that others reach a guest at, IPv4 first.
 *
 * @param macs of its network cards as configured: where interfaces bear them, no other one leads to it
 */
export function addressesIn(rows: readonly InterfaceRow[], macs: readonly string[]): readonly string[] {
  const outer = rows.filter(({ name = '' }) => !INNER.test(name));
  const cards = new Set(macs.map((mac) => mac.toLowerCase()));
  const own = outer.filter((row) => cards.has((row['hardware-address'] ?? row.hwaddr ?? '').toLowerCase()));
  const found = (own.length > 0 ? own : outer)
    .flatMap(addressesOf)
    .filter((one) => ADDRESS.test(one) && !NOWHERE.test(one));
  const isSix = (address: string): number => Number(address.includes(':'));
  return [...new Set(found)].sort((one, other) => isSix(one) - isSix(other)).slice(0, MOST);
}

function addressesOf(row: InterfaceRow): readonly string[] {
  const { inet, inet6, 'ip-addresses': listed = [] } = row;
  const told = listed.length > 0 ? listed.map((each) => each['ip-address']) : [inet, inet6];
  return told.flatMap((address) => (typeof address === 'string' ? (address.split(/[/%]/)[0] ?? []) : []));
}
