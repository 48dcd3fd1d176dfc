/** Something that answers SCPI: undefined, the command has no answer; null, it is not known. */
export interface SimInstrument {
  readonly idn: string;
  readonly errors: string[];
  answer(command: string): string | Buffer | undefined | null;
}

export interface SimOutput {
  on: boolean;
  voltage: number;
  current: number;
}

/** A Rigol DP832: three outputs, each with a resistor on it. */
export class SimSupply implements SimInstrument {
  readonly idn = 'RIGOL TECHNOLOGIES,DP832,DP8C1234567890,00.01.16';
  readonly errors: string[] = [];
  readonly outputs: readonly SimOutput[] = [
    { on: true, voltage: 5, current: 1 },
    { on: false, voltage: 12, current: 0.5 },
    { on: false, voltage: 3.3, current: 1 },
  ];
  readonly ohms = 10;
  /** Whether it does what it is told to. */
  obeys = true;

  answer(command: string): string | undefined | null {
    const output = (channel = ''): SimOutput | undefined => this.outputs[Number(channel) - 1];
    const [, all] = /^:MEAS(?:ure)?:ALL\? CH([123])$/i.exec(command) ?? [];
    if (all !== undefined) return this.#measured(output(all) as SimOutput);
    const [, state] = /^:OUTP(?:ut)?\? CH([123])$/i.exec(command) ?? [];
    if (state !== undefined) return output(state)?.on ? 'ON' : 'OFF';
    const [, which, to] = /^:OUTP(?:ut)? CH([123]),(ON|OFF)$/i.exec(command) ?? [];
    if (which !== undefined) {
      if (this.obeys) (output(which) as SimOutput).on = to?.toUpperCase() === 'ON';
      return undefined;
    }
    const [, at, what, value] = /^:SOUR(?:ce)?([123]):(VOLT|CURR)(\?| [\d.]+)$/i.exec(command) ?? [];
    if (at === undefined) return null;
    const key = what?.toUpperCase() === 'VOLT' ? 'voltage' : 'current';
    const set = output(at) as SimOutput;
    if (value === '?') return set[key].toFixed(3);
    if (this.obeys) set[key] = Number(value);
    return undefined;
  }

  #measured({ on, voltage, current }: SimOutput): string {
    const amperes = on ? Math.min(voltage / this.ohms, current) : 0;
    const volts = amperes * this.ohms;
    return `${volts.toFixed(4)},${amperes.toFixed(4)},${(volts * amperes).toFixed(3)}`;
  }
}

/** A Keysight 34461A that shows what somebody at the bench measures. */
export class SimMeter implements SimInstrument {
  readonly idn = 'Keysight Technologies,34461A,MY53200001,A.03.03-03.15-03.03-00.52-05-02';
  readonly errors: string[] = [];
  /** As its display has it. */
  reading = '+1.23450000E+00 VDC';

  answer(command: string): string | null {
    return /^DATA:LAST\?$/i.test(command) ? this.reading : null;
  }
}

/** A Rigol DS1054Z with a square wave at its first channel, and nothing at the others. */
export class SimScope implements SimInstrument {
  readonly idn = 'RIGOL TECHNOLOGIES,DS1054Z,DS1ZA123456789,00.04.04.SP4';
  readonly errors: string[] = [];
  hertz = 1_000;
  readonly samples = 1_200;

  answer(command: string): string | Buffer | null {
    const [, item, channel] = /^:MEAS(?:ure)?:ITEM\? (VPP|FREQ),CHAN([1-4])$/i.exec(command) ?? [];
    if (item !== undefined) {
      if (channel !== '1') return '9.9E37';
      return item.toUpperCase() === 'VPP' ? '3.040000e+00' : this.hertz.toExponential(6);
    }
    if (!/^:WAV(?:eform)?:DATA\?$/i.test(command)) return null;
    // Line ends among the samples: a block is as long as it says.
    const data = Buffer.alloc(this.samples, 10);
    return Buffer.concat([Buffer.from(`#9${String(data.length).padStart(9, '0')}`), data]);
  }
}
