import { slug } from '../../core/ids.ts';
import type { ScpiOptions } from './config.ts';
import { type Measurement, type Output, PRESETS, type Preset, type PresetName } from './presets.ts';

/** What one instrument is asked for, and what can be done to it. */
export interface Plan {
  readonly measurements: readonly Measurement[];
  readonly outputs: readonly Output[];
  readonly errors: string | undefined;
  /** What in the options makes no sense. */
  readonly problems: readonly string[];
}

/** The preset that fits what `*IDN?` said. */
export const presetFor = (idn: string): PresetName | undefined =>
  (Object.keys(PRESETS) as PresetName[]).find((name) => PRESETS[name].models.test(idn));

/** @param id of the instrument in the options */
export function planFor(options: ScpiOptions, id: string, preset: PresetName | undefined): Plan {
  const base: Preset | undefined = preset === undefined ? undefined : PRESETS[preset];
  const own = (options.scpi_measurements ?? []).filter(({ instrument }) => instrument === id);
  const stated = (options.scpi_outputs ?? []).filter(({ instrument }) => instrument === id);
  const problems: string[] = [];
  const measurements = own.flatMap(({ name, measures, query, pattern, interval }): Measurement[] => {
    const compiled = pattern === undefined ? undefined : compile(pattern);
    if (compiled === null) {
      problems.push(`the pattern of ${name} is no regular expression`);
      return [];
    }
    return [
      {
        ...{ name, measures, query },
        ...(compiled !== undefined && { pattern: compiled }),
        ...(interval !== undefined && { everySeconds: interval }),
      },
    ];
  });
  const known = new Map((base?.outputs ?? []).map((output) => [keyOf(output.name), output]));
  for (const { name, on, off, ...given } of stated) {
    const before = known.get(keyOf(name));
    const switches = { on: on ?? before?.on, off: off ?? before?.off };
    if (switches.on === undefined || switches.off === undefined) {
      problems.push(`the output ${name} is none of the model, and has no commands on and off`);
      continue;
    }
    known.set(keyOf(name), { ...before, name, on: switches.on, off: switches.off, ...spelled(given) });
  }
  return {
    measurements: [...(base?.measurements ?? []), ...measurements],
    outputs: [...known.values()],
    errors: options.error_queue === false ? undefined : (base?.errors ?? 'SYST:ERR?') || undefined,
    problems,
  };
}

type Stated = Omit<NonNullable<ScpiOptions['scpi_outputs']>[number], 'on' | 'off' | 'name'>;

function spelled(given: Stated): Partial<Output> {
  const { state, set_voltage, voltage, set_current, current, max_voltage, max_current } = given;
  return {
    ...(state !== undefined && { state }),
    ...(set_voltage !== undefined && { setVoltage: set_voltage }),
    ...(voltage !== undefined && { voltage }),
    ...(set_current !== undefined && { setCurrent: set_current }),
    ...(current !== undefined && { current }),
    ...(max_voltage !== undefined && { maxVoltage: max_voltage }),
    ...(max_current !== undefined && { maxCurrent: max_current }),
  };
}

/** null: it is none. */
function compile(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern);
  } catch {
    return null;
  }
}

/** The key of an item: part of topics, so it never changes while the name stays. */
export const keyOf = (name: string): string => slug(name);
