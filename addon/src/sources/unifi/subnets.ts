/** A part of the IPv4 addresses, as numbers. */
export interface Subnet {
  readonly first: number;
  readonly last: number;
  /** The address that was written down with it: of a network that of its gateway. */
  readonly own: number;
}

/** undefined: it is no IPv4 address. */
export function ipNumber(ip: string): number | undefined {
  const parts = /^\d{1,3}(\.\d{1,3}){3}$/.test(ip) ? ip.split('.').map(Number) : [];
  const isAddress = parts.length === 4 && parts.every((part) => part < 256);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}

export const ipOf = (number: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');

/** @param text as in `192.168.20.1/24`; undefined: it is none */
export function subnetOf(text: string): Subnet | undefined {
  const [, ip = '', digits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const [own, bits] = [ipNumber(ip), Number(digits)];
  if (own === undefined || digits === '' || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const first = own - (own % size);
  return { first, last: first + size - 1, own };
}

export const overlaps = (one: Subnet, other: Subnet): boolean =>
  one.first <= other.last && other.first <= one.last;

export function isWithin(ip: string, { first, last }: Subnet): boolean {
  const number = ipNumber(ip);
  return number !== undefined && number >= first && number <= last;
}
