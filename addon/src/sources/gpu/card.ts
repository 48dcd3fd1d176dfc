import type { LabResourceOf } from '../../kinds/index.ts';

export type GpuResource = LabResourceOf<'gpu'>;
export type GpuReadings = GpuResource['readings'];

/** What one way to the numbers tells of a card at one moment. What it does not tell is not there. */
export interface Card {
  /** As the driver makes it, without `GPU-` and in lower case: the same by every way. */
  readonly uuid: string;
  readonly name?: string;
  readonly serial?: string;
  readonly driver?: string;
  readonly cuda?: string;
  readonly vbios?: string;
  /** Where the machine that it is in has it: with passthrough not where its node has it. */
  readonly pci?: string;
  /** Vendor and device, as in `10de:2204`. */
  readonly device?: string;
  /** kWh, by a counter that begins anew with the driver. */
  readonly counted?: number;
  /** Errors of the driver since it started, by number; or the last one alone, counted as once. */
  readonly xids?: Readonly<Record<number, number>>;
  readonly readings: Partial<GpuReadings>;
  readonly processes?: readonly Process[];
}

export interface Process {
  readonly pid: number;
  readonly name?: string;
  /** GiB */
  readonly vram?: number;
}

/** What the driver writes where there is nothing to tell; with or without brackets. */
const NOTHING =
  /^\[?(n\/?a|not (supported|available|found)|unknown error|insufficient permissions|gpu is lost|gpu requires reset|requested functionality has been deprecated|none)\]?$/i;

/** A text that says something; undefined: it does not. */
export function said(text: string | undefined): string | undefined {
  const plain = text?.trim() ?? '';
  return plain === '' || NOTHING.test(plain) ? undefined : plain;
}

/**
 * A number that was measured; undefined: none. DCGM writes “blank” values where there is none, the largest of their
 * types: 2147483632, 140737488355328 and 9223372036854775792, each with the reason added as 1 to 3.
 */
export function measured(value: number | undefined): number | undefined {
  if (value === undefined || !Number.isFinite(value) || value < 0) return undefined;
  if (value >= 2 ** 47 || (value >= 2_147_483_632 && value <= 2_147_483_647)) return undefined;
  return value;
}

/** A number at the beginning of a text, before its unit; undefined: there is none. */
export function numberIn(text: string | undefined): number | undefined {
  const found = /^[+-]?\d+(\.\d+)?/.exec(said(text) ?? '')?.[0];
  return found === undefined ? undefined : measured(Number(found));
}

/** The UUID of a card in its one spelling; undefined: it has none. */
export function uuidOf(text: string | undefined): string | undefined {
  const plain = said(text)?.toLowerCase().replace(/^gpu-/, '');
  return plain !== undefined && /^[0-9a-f-]{8,64}$/.test(plain) ? plain : undefined;
}

/** Bits of the driver's mask, the gravest first. */
const REASONS = [
  ['power_brake', 0x80],
  ['thermal', 0x40 | 0x20],
  ['hardware', 0x08],
  ['power_cap', 0x04],
  ['sync', 0x10],
  ['clock_setting', 0x02 | 0x100],
  ['idle', 0x01],
] as const;

/** The gravest reason of a mask as the driver makes it (`nvmlClocksEventReasons`). */
export function throttleOf(mask: number | undefined): GpuReadings['throttle'] {
  if (mask === undefined) return undefined;
  return REASONS.find(([, bits]) => (mask & bits) !== 0)?.[0] ?? 'none';
}

/** A property that is there only if it has a value. */
export const given = <K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V };

/** Without what is undefined. */
export function present<T extends object>(values: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as unknown as Partial<T>;
}
