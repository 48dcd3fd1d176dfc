/** What a measurement is, and so the list of readings that it is in. */
export const LISTS = {
  voltage: 'voltages',
  current: 'currents',
  power: 'powers',
  resistance: 'resistances',
  frequency: 'frequencies',
  temperature: 'temperatures',
  capacitance: 'capacitances',
  duration: 'durations',
  percentage: 'percentages',
  number: 'numbers',
  text: 'texts',
} as const;
export type Measure = keyof typeof LISTS;

/** Something that is asked again and again. */
export interface Measurement {
  readonly name: string;
  readonly measures: Measure;
  readonly query: string;
  /** Its first group is the value; one that does not match means that there is none at present. */
  readonly pattern?: RegExp;
  readonly everySeconds?: number;
}

/** An output. `{}` in a command stands for the number. */
export interface Output {
  readonly name: string;
  readonly state?: string;
  /** Where `state` answers with a word of bits in hexadecimal: the bit. */
  readonly bit?: number;
  readonly on: string;
  readonly off: string;
  readonly setVoltage?: string;
  readonly voltage?: string;
  readonly setCurrent?: string;
  readonly current?: string;
  readonly maxVoltage?: number;
  readonly maxCurrent?: number;
}

export interface Preset {
  /** What `*IDN?` says of those that it is for. */
  readonly models: RegExp;
  readonly measurements: readonly Measurement[];
  readonly outputs: readonly Output[];
  /** How its error queue is asked. */
  readonly errors: string;
}

/** Rigol DP800 series: one query tells volts, amperes and watts of a channel. */
const rigolSupply = (channels: readonly number[]): Pick<Preset, 'measurements' | 'outputs'> => ({
  measurements: channels.flatMap((channel) =>
    (['voltage', 'current', 'power'] as const).map((measures, at) => ({
      ...{ name: `CH${channel}`, measures, query: `:MEAS:ALL? CH${channel}` },
      pattern: new RegExp(`^(?:[^,]*,){${at}}([^,]*)`),
    })),
  ),
  outputs: channels.map((channel) => ({
    ...{ name: `CH${channel}`, state: `:OUTP? CH${channel}` },
    ...{ on: `:OUTP CH${channel},ON`, off: `:OUTP CH${channel},OFF` },
    ...{ setVoltage: `:SOUR${channel}:VOLT {}`, voltage: `:SOUR${channel}:VOLT?` },
    ...{ setCurrent: `:SOUR${channel}:CURR {}`, current: `:SOUR${channel}:CURR?` },
  })),
});

/** Keysight E36300 series: channels in lists. */
const keysightSupply = (channels: readonly number[]): Pick<Preset, 'measurements' | 'outputs'> => ({
  measurements: channels.flatMap((channel) => [
    { name: `CH${channel}`, measures: 'voltage' as const, query: `MEAS:VOLT? (@${channel})` },
    { name: `CH${channel}`, measures: 'current' as const, query: `MEAS:CURR? (@${channel})` },
  ]),
  outputs: channels.map((channel) => ({
    ...{ name: `CH${channel}`, state: `OUTP? (@${channel})` },
    ...{ on: `OUTP ON,(@${channel})`, off: `OUTP OFF,(@${channel})` },
    ...{ setVoltage: `VOLT {},(@${channel})`, voltage: `VOLT? (@${channel})` },
    ...{ setCurrent: `CURR {},(@${channel})`, current: `CURR? (@${channel})` },
  })),
});

/** Siglent SPD3303X: whether a channel is on is a bit of its status; the third is not told of. */
const siglentSupply: Pick<Preset, 'measurements' | 'outputs'> = {
  measurements: [1, 2].flatMap((channel) => [
    { name: `CH${channel}`, measures: 'voltage' as const, query: `MEAS:VOLT? CH${channel}` },
    { name: `CH${channel}`, measures: 'current' as const, query: `MEAS:CURR? CH${channel}` },
    { name: `CH${channel}`, measures: 'power' as const, query: `MEAS:POWE? CH${channel}` },
  ]),
  outputs: [1, 2].map((channel) => ({
    ...{ name: `CH${channel}`, state: 'SYST:STAT?', bit: channel + 3 },
    ...{ on: `OUTP CH${channel},ON`, off: `OUTP CH${channel},OFF` },
    ...{ setVoltage: `CH${channel}:VOLT {}`, voltage: `CH${channel}:VOLT?` },
    ...{ setCurrent: `CH${channel}:CURR {}`, current: `CH${channel}:CURR?` },
  })),
};

/** What is on the display, with its unit: asking neither starts a measurement nor changes what is measured. */
const last = (measures: Measure, unit: string): Measurement => ({
  ...{
    name: 'Reading',
    measures,
    query: 'DATA:LAST?',
    pattern: new RegExp(`^\\s*(\\S+)\\s+${unit}\\s*$`, 'i'),
  },
});

/** Fahrenheit is told as F, too; nothing on a bench has a whole farad. */
const CAPACITANCE: Measurement = {
  ...{ name: 'Reading', measures: 'capacitance', query: 'DATA:LAST?' },
  pattern: /^\s*([+-]?[\d.]+E(?:-\d+|[+-]00|\+37))\s+F\s*$/i,
};

/** `:MEAS:ITEM?` measures what is on the screen, and leaves the screen as it is. */
const rigolScope: readonly Measurement[] = [1, 2, 3, 4].flatMap((channel) => [
  {
    name: `CH${channel} peak-to-peak`,
    measures: 'voltage' as const,
    query: `:MEAS:ITEM? VPP,CHAN${channel}`,
  },
  { name: `CH${channel}`, measures: 'frequency' as const, query: `:MEAS:ITEM? FREQ,CHAN${channel}` },
]);

/** With or without the header that `CHDR` decides on: `C1:PAVA PKPK,5.20E+00V`. */
const siglentScope: readonly Measurement[] = [1, 2, 3, 4].flatMap((channel) => [
  {
    ...{ name: `CH${channel} peak-to-peak`, measures: 'voltage' as const, query: `C${channel}:PAVA? PKPK` },
    pattern: /PKPK,(.*)$/,
  },
  {
    ...{ name: `CH${channel}`, measures: 'frequency' as const, query: `C${channel}:PAVA? FREQ` },
    pattern: /FREQ,(.*)$/,
  },
]);

const ERRORS = 'SYST:ERR?';

/** Instruments by what their makers document; the first whose models fit is taken where the options name none. */
export const PRESETS = {
  rigol_dp800: { models: /^rigol.*,DP83/i, ...rigolSupply([1, 2, 3]), errors: ERRORS },
  keysight_e36300: {
    models: /^(keysight|agilent).*,E3631[123]A/i,
    ...keysightSupply([1, 2, 3]),
    errors: ERRORS,
  },
  siglent_spd3303x: { models: /^siglent.*,SPD3303X/i, ...siglentSupply, errors: ERRORS },
  keysight_truevolt: {
    models: /^(keysight|agilent).*,344(60|61|65|70)A/i,
    measurements: [
      ...[last('voltage', 'V(DC|AC)?'), last('current', 'A(DC|AC)?'), last('resistance', '[24W]*OHMS?')],
      ...[last('frequency', 'HZ'), CAPACITANCE, last('temperature', '(DEG )?C')],
    ],
    outputs: [],
    errors: ERRORS,
  },
  rigol_ds1000z: {
    models: /^rigol.*,(DS|MSO)1\d\d\dZ/i,
    measurements: rigolScope,
    outputs: [],
    errors: ERRORS,
  },
  siglent_sds1000xe: {
    ...{ models: /^siglent.*,SDS1\d\d\dX-E/i, measurements: siglentScope, outputs: [], errors: '' },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;
