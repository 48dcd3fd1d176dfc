/** Chance that is the same in every run. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  hex(digits: number): string;
  uuid(): string;
  /** In Proxmox VE's own range. */
  mac(): string;
}

/** @param seed any whole number (mulberry32) */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    return mixed(state) / 2 ** 32;
  };
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('');
  return {
    next,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    mac: () => `BC:24:11${hex(6).toUpperCase().replace(/../g, ':$&')}`,
  };
}

/** Between -1 and 1, the same for the same number: noise that can be read twice. */
export const noise = (number: number): number => mixed(Math.imul(number | 0, 0x9e3779b1) >>> 0) / 2 ** 31 - 1;

function mixed(state: number): number {
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return (t ^ (t >>> 14)) >>> 0;
}
