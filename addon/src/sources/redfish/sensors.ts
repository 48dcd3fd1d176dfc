import type { RedfishClient } from './client.ts';
import { healthOf, isAbsent, isFailing, type Part } from './health.ts';
import { distinct, given, keyOf, measured } from './units.ts';
import type {
  Chassis,
  EnvironmentMetrics,
  Fan,
  Power,
  PowerSubsystem,
  PowerSupply,
  PowerSupplyMetrics,
  Temperature,
  Thermal,
  ThermalMetrics,
  ThermalSubsystem,
} from './wire.ts';

/** What the sensors of a chassis say; what it has none of, or does not show, is left out. */
export interface Sensors {
  readonly temperatures?: readonly Temperature[];
  readonly fans?: readonly Fan[];
  readonly supplies?: readonly PowerSupply[];
  readonly watts?: number | null;
  /** Counted by the controller. */
  readonly kwh?: number | null;
}

/**
 * Reads a chassis: `Power` and `Thermal`, an answer each, where it still has them; else what took their place.
 *
 * @param counts whether it is known to count energy: undefined while nobody has looked
 */
export async function readSensors(
  client: RedfishClient,
  chassis: Chassis,
  counts: boolean | undefined,
  signal: AbortSignal,
): Promise<Sensors> {
  const power = await client.find<Power>(chassis.Power, signal);
  const thermal = await client.find<Thermal>(chassis.Thermal, signal);
  const watts = power?.PowerControl?.find(({ PowerConsumedWatts: consumed }) => consumed != null);
  const metrics =
    watts === undefined || counts !== false
      ? await client.find<EnvironmentMetrics>(chassis.EnvironmentMetrics, signal)
      : undefined;
  const supplies = power?.PowerSupplies ?? (await newSupplies(client, chassis, signal));
  const old = thermal && { temperatures: thermal.Temperatures, fans: thermal.Fans };
  const { temperatures, fans } = old ?? (await newThermal(client, chassis, signal));
  return {
    ...given('temperatures', temperatures),
    ...given('fans', fans),
    ...given('supplies', supplies),
    ...given('watts', wattsOf(power, metrics, supplies)),
    ...given('kwh', metrics?.EnergykWh == null ? undefined : measured(metrics.EnergykWh.Reading)),
  };
}

function wattsOf(
  power: Power | undefined,
  metrics: EnvironmentMetrics | undefined,
  supplies: readonly PowerSupply[] | undefined,
): number | null | undefined {
  const consumed = power?.PowerControl?.find((control) => 'PowerConsumedWatts' in control);
  if (consumed !== undefined) return measured(consumed.PowerConsumedWatts);
  if (metrics?.PowerWatts != null) return measured(metrics.PowerWatts.Reading);
  const inputs = supplies?.flatMap(({ PowerInputWatts: input }) => measured(input) ?? []) ?? [];
  return inputs.length === 0 ? undefined : inputs.reduce((sum, input) => sum + input, 0);
}

async function newSupplies(
  client: RedfishClient,
  chassis: Chassis,
  signal: AbortSignal,
): Promise<readonly PowerSupply[] | undefined> {
  const subsystem = await client.find<PowerSubsystem>(chassis.PowerSubsystem, signal);
  if (subsystem === undefined) return undefined;
  const supplies: PowerSupply[] = [];
  for (const supply of await client.members<PowerSupply>(subsystem.PowerSupplies, signal)) {
    const metrics = await client.find<PowerSupplyMetrics>(supply.Metrics, signal);
    const input = metrics?.InputPowerWatts?.Reading;
    supplies.push({ ...supply, ...given('PowerInputWatts', input) });
  }
  return supplies;
}

async function newThermal(
  client: RedfishClient,
  chassis: Chassis,
  signal: AbortSignal,
): Promise<{ temperatures?: readonly Temperature[] | undefined; fans?: readonly Fan[] | undefined }> {
  const subsystem = await client.find<ThermalSubsystem>(chassis.ThermalSubsystem, signal);
  if (subsystem === undefined) return {};
  const fans = await client.members<Fan>(subsystem.Fans, signal);
  const metrics = await client.find<ThermalMetrics>(subsystem.ThermalMetrics, signal);
  const temperatures = metrics?.TemperatureReadingsCelsius?.map(
    ({ DeviceName: name, DataSourceUri: uri, PhysicalContext: context, Reading: reading }) => ({
      Name: name ?? uri?.split('/').at(-1) ?? 'Temperature',
      PhysicalContext: context ?? null,
      ReadingCelsius: reading ?? null,
    }),
  );
  return { temperatures, fans };
}

/** Of so many all are shown by default; of more those that say most. */
const FEW = 6;
const TELLING = /^(intake|exhaust|cpu|room)$/i;
const TELLING_NAME = /\b(inlet|exhaust|ambient|intake|cpu\s?\d)/i;

/** @returns those that are shown by default, and the others */
export function temperaturesOf(all: readonly Temperature[]) {
  const there = all.filter(({ Status: status }) => !isAbsent(status) && status?.State !== 'Disabled');
  const items = distinct(
    there.map((temperature, index) => {
      const name = temperature.Name ?? temperature.MemberId ?? `Temperature ${index + 1}`;
      return { temperature, key: keyOf('temperature', name), title: name };
    }),
  );
  const tells = ({ temperature, title }: (typeof items)[number]): boolean =>
    TELLING.test(temperature.PhysicalContext ?? '') || TELLING_NAME.test(title);
  const shown = items.length <= FEW ? items : items.filter(tells).slice(0, FEW);
  const itemOf = ({ key, title, temperature }: (typeof items)[number]) => ({
    ...{ key, title },
    temperature: measured(temperature.ReadingCelsius),
  });
  return { first: shown.map(itemOf), others: items.filter((item) => !shown.includes(item)).map(itemOf) };
}

export function fansOf(all: readonly Fan[]) {
  const there = all.filter(({ Status: status }) => !isAbsent(status));
  return distinct(
    there.map((fan, index) => {
      const title = fanName(fan, index);
      const inPercent = fan.ReadingUnits === 'Percent';
      const { Reading: percent, SpeedRPM: rpm } = fan.SpeedPercent ?? {};
      const speed = 'Reading' in fan && !inPercent ? fan.Reading : rpm;
      const share = 'Reading' in fan && inPercent ? fan.Reading : percent;
      return {
        ...{ key: keyOf('fan', title), title, problem: isFailing(fan.Status) },
        ...given('speed', speed === undefined ? undefined : measured(speed)),
        ...given('share', share === undefined ? undefined : measured(share)),
      };
    }),
  );
}

export function suppliesOf(all: readonly PowerSupply[]) {
  const there = all.filter(({ Status: status }) => !isAbsent(status));
  return distinct(
    there.map((supply, index) => {
      const title = supplyName(supply, index);
      return {
        ...{ key: keyOf('supply', title), title, problem: isFailing(supply.Status) },
        ...given(
          'input',
          supply.PowerInputWatts === undefined ? undefined : measured(supply.PowerInputWatts),
        ),
      };
    }),
  );
}

/** What of it may fail. A temperature fails by being too high. */
export function sensorParts({ temperatures = [], fans = [], supplies = [] }: Sensors): readonly Part[] {
  return [
    ...temperatures.map(({ Name: name, Status: status }) => ({ name: name ?? 'Temperature', status })),
    ...fans.map((fan, index) => ({ name: fanName(fan, index), status: fan.Status })),
    ...supplies.map((supply, index) => ({ name: supplyName(supply, index), status: supply.Status })),
  ].filter(({ status }) => healthOf(status) !== null);
}

const fanName = ({ Name, FanName, MemberId }: Fan, index: number): string =>
  Name ?? FanName ?? MemberId ?? `Fan ${index + 1}`;

/** An iDRAC names the state of a supply, not the supply: `PS1 Status`. */
const supplyName = ({ Name, MemberId }: PowerSupply, index: number): string =>
  (Name ?? MemberId ?? `Power supply ${index + 1}`).replace(/ Status$/, '');
