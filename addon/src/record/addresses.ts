import { isIPv6 } from 'node:net';
import type { Pseudonyms } from './pseudonyms.ts';

/** Leading bits that stay as they are: they say what kind of address it is, and of nobody whose. */
const KEPT_V4: readonly (readonly [RegExp, number])[] = [
  [/^(0|127|255)\./, 32],
  [/^169\.254\./, 16],
  [/^192\.168\./, 16],
  [/^172\.(1[6-9]|2\d|3[01])\./, 12],
  [/^10\./, 8],
  [/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./, 10],
  [/^(22[4-9]|23\d)\./, 32],
];
/** Docker's own bridge is the same on every machine. */
const DOCKER_BRIDGE = '172.17.0.1';

/**
 * Another IPv4 address. Those that share their first bits go on sharing as many, so who was in one subnet still is;
 * private ones stay private and keep their last number, others end up in 240.0.0.0/4, which is nobody's.
 */
export function otherIpv4(address: string, pseudonyms: Pseudonyms, prefix?: number): string {
  if (address === DOCKER_BRIDGE) return address;
  const bits = bitsOf(address.split('.').map(Number));
  const kept = KEPT_V4.find(([pattern]) => pattern.test(address))?.[1];
  const made =
    kept === undefined
      ? [1, 1, 1, 1, ...mix(bits, 4, pseudonyms, 'public').slice(4)]
      : // Ranges of addresses stay ranges.
        [...mix(bits.slice(0, 24), kept, pseudonyms, 'v4'), ...bits.slice(24)];
  return octetsOf(onlyNetwork(bits, made, prefix)).join('.');
}

/** Another IPv6 address, in the same way; what is link-local or unique local stays so. */
export function otherIpv6(address: string, pseudonyms: Pseudonyms, prefix?: number): string {
  if (!isIPv6(address) || /^::1?$/.test(address)) return address;
  const bits = bitsOf(octetsOfIpv6(address));
  const kept = /^fe[89ab]/i.test(address) ? 64 : /^f[cd]/i.test(address) ? 8 : 3;
  const made = octetsOf(onlyNetwork(bits, mix(bits, kept, pseudonyms, 'v6'), prefix));
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((made[index * 2] as number) << 8) | (made[index * 2 + 1] as number)).toString(16),
  );
  return groups.join(':').replace(/(?:^|:)(?:0(?::|$)){2,}/, '::');
}

/** Another MAC of the same vendor, written in the same way; none that software made up becomes one that counts. */
export function otherMac(mac: string, pseudonyms: Pseudonyms): string {
  const plain = mac.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  if (new Set(plain).size <= 1) return mac;
  const made = plain.slice(0, 6) + Buffer.from(pseudonyms.octets(`mac ${plain}`, 3)).toString('hex');
  let index = 0;
  const written = mac.replaceAll(/[0-9a-f]/gi, () => made[index++] as string);
  return mac === mac.toUpperCase() ? written.toUpperCase() : written;
}

/** Each bit is turned over or not, by what stands before it; the first one always, so that nothing stays itself. */
function mix(bits: readonly number[], kept: number, pseudonyms: Pseudonyms, kind: string): readonly number[] {
  return bits.map((bit, index) => {
    if (index < kept) return bit;
    if (index === kept) return bit ^ 1;
    const [octet = 0] = pseudonyms.octets(`${kind} ${bits.slice(0, index).join('')}`, 1);
    return bit ^ (octet & 1);
  });
}

/** What was the address of a network stays one. */
function onlyNetwork(
  before: readonly number[],
  after: readonly number[],
  prefix: number | undefined,
): readonly number[] {
  if (prefix === undefined || before.slice(prefix).some((bit) => bit === 1)) return after;
  return after.map((bit, index) => (index < prefix ? bit : 0));
}

const bitsOf = (octets: readonly number[]): readonly number[] =>
  octets.flatMap((octet) => [7, 6, 5, 4, 3, 2, 1, 0].map((place) => (octet >> place) & 1));

const octetsOf = (bits: readonly number[]): readonly number[] =>
  Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0),
  );

function octetsOfIpv6(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): readonly string[] => text.split(':').filter((group) => group !== '');
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255]);
}
