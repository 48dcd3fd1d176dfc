import type { Machine } from '../machine.ts';
import { collection, link, type Resource, status } from '../resource.ts';

const FANS = Array.from({ length: 8 }, (_, index) => [`Fan${index + 1}A`, `Fan${index + 1}B`]).flat();
const SUPPLIES = ['PS1', 'PS2'];

interface Place {
  readonly name: string;
  readonly id: string;
  readonly context: string;
  /** null: it is not measured while the machine is off. */
  readonly celsius: number | null;
}

function placesOf(machine: Machine): readonly Place[] {
  const { inletCelsius: inlet, isOn } = machine;
  const warm = (more: number): number | null => (isOn ? inlet + more : null);
  return [
    { name: 'CPU1 Temp', id: 'CPU1Temp', context: 'CPU', celsius: warm(24) },
    { name: 'CPU2 Temp', id: 'CPU2Temp', context: 'CPU', celsius: warm(27) },
    { name: 'System Board Inlet Temp', id: 'SystemBoardInletTemp', context: 'Intake', celsius: inlet },
    {
      name: 'System Board Exhaust Temp',
      id: 'SystemBoardExhaustTemp',
      context: 'Exhaust',
      celsius: warm(13),
    },
  ];
}

/** `Power` and `Thermal`, what took their place, and `EnvironmentMetrics`. */
export function sensorResources(machine: Machine, chassis: string): readonly Resource[] {
  const { modern = false, licence = 'Enterprise' } = machine.spec;
  return [
    ...(modern
      ? []
      : [thermal(machine, chassis), ...(licence === 'Enterprise' ? [power(machine, chassis)] : [])]),
    ...(licence === 'Enterprise' ? [...powerSubsystem(machine, chassis), environment(machine, chassis)] : []),
    ...thermalSubsystem(machine, chassis),
  ];
}

function power(machine: Machine, chassis: string): Resource {
  const { consumed, ailing } = machine;
  return {
    '@odata.id': `${chassis}/Power`,
    '@odata.type': '#Power.v1_7_1.Power',
    ...{ Id: 'Power', Name: 'Power' },
    PowerControl: [
      {
        '@odata.id': `${chassis}/Power#/PowerControl/0`,
        ...{ MemberId: 'PowerControl', Name: 'System Power Control' },
        ...{ PowerCapacityWatts: 1_628, PowerConsumedWatts: consumed },
        PowerMetrics: {
          ...{ AverageConsumedWatts: consumed, IntervalInMin: 1 },
          ...{ MaxConsumedWatts: consumed + 20, MinConsumedWatts: consumed - 20 },
        },
      },
    ],
    PowerSupplies: SUPPLIES.map((name, index) => ({
      '@odata.id': `${chassis}/Power#/PowerSupplies/${index}`,
      ...{
        MemberId: `PSU.Slot.${index + 1}`,
        Name: `${name} Status`,
        Model: 'PWR SPLY,750W,RDNT,ARTESYN    ',
      },
      ...{ PowerCapacityWatts: 750, PowerInputWatts: inputOf(machine, name), LastPowerOutputWatts: null },
      Status: status(ailing.get(name) ?? 'OK'),
    })),
  };
}

/** A supply that failed takes nothing: the others take it all. */
function inputOf({ consumed, ailing }: Machine, name: string): number {
  const working = SUPPLIES.filter((each) => ailing.get(each) !== 'Critical');
  return working.includes(name) ? consumed / working.length : 0;
}

function thermal(machine: Machine, chassis: string): Resource {
  return {
    '@odata.id': `${chassis}/Thermal`,
    '@odata.type': '#Thermal.v1_7_1.Thermal',
    ...{ Id: 'Thermal', Name: 'Thermal' },
    Temperatures: placesOf(machine).map(({ name, id, context, celsius }, index) => ({
      '@odata.id': `${chassis}/Thermal#/Temperatures/${index}`,
      ...{
        MemberId: `iDRAC.Embedded.1#${id}`,
        Name: name,
        PhysicalContext: context,
        ReadingCelsius: celsius,
      },
      ...{ UpperThresholdCritical: 90, UpperThresholdNonCritical: 80 },
      Status: celsius === null ? status(null, 'Disabled') : status('OK'),
    })),
    Fans: FANS.map((name, index) => ({
      '@odata.id': `${chassis}/Thermal#/Fans/${index}`,
      ...{ MemberId: `0x17||Fan.Embedded.${name.slice(3)}`, Name: `System Board ${name}` },
      ...{ Reading: machine.isOn ? 5_160 : null, ReadingUnits: 'RPM' },
      Status: machine.isOn ? status(machine.ailing.get(name) ?? 'OK') : status(null, 'StandbyOffline'),
    })),
  };
}

function powerSubsystem(machine: Machine, chassis: string): readonly Resource[] {
  const at = `${chassis}/PowerSubsystem`;
  const supplies = SUPPLIES.flatMap((name, index) => {
    const path = `${at}/PowerSupplies/PSU.Slot.${index + 1}`;
    return [
      {
        '@odata.id': path,
        '@odata.type': '#PowerSupply.v1_5_0.PowerSupply',
        ...{ Id: `PSU.Slot.${index + 1}`, Name: `${name} Status`, PowerCapacityWatts: 750 },
        Metrics: link(`${path}/Metrics`),
        Status: status(machine.ailing.get(name) ?? 'OK'),
      },
      {
        '@odata.id': `${path}/Metrics`,
        '@odata.type': '#PowerSupplyMetrics.v1_1_0.PowerSupplyMetrics',
        ...{ Id: 'Metrics', Name: 'Metrics', InputPowerWatts: { Reading: inputOf(machine, name) } },
      },
    ];
  });
  const names = SUPPLIES.map((_, index) => `${at}/PowerSupplies/PSU.Slot.${index + 1}`);
  return [
    {
      '@odata.id': at,
      '@odata.type': '#PowerSubsystem.v1_1_0.PowerSubsystem',
      ...{ Id: 'PowerSubsystem', Name: 'Power Subsystem', PowerSupplies: link(`${at}/PowerSupplies`) },
    },
    collection(`${at}/PowerSupplies`, 'PowerSupplyCollection', names),
    ...supplies,
  ];
}

function thermalSubsystem(machine: Machine, chassis: string): readonly Resource[] {
  const at = `${chassis}/ThermalSubsystem`;
  const fans = FANS.map((name) => ({
    '@odata.id': `${at}/Fans/Fan.Embedded.${name.slice(3)}`,
    '@odata.type': '#Fan.v1_5_0.Fan',
    ...{ Id: `Fan.Embedded.${name.slice(3)}`, Name: `System Board ${name}` },
    SpeedPercent: { Reading: machine.isOn ? 34 : null, SpeedRPM: machine.isOn ? 5_160 : null },
    Status: machine.isOn ? status(machine.ailing.get(name) ?? 'OK') : status(null, 'StandbyOffline'),
  }));
  return [
    {
      '@odata.id': at,
      '@odata.type': '#ThermalSubsystem.v1_3_0.ThermalSubsystem',
      ...{ Id: 'ThermalSubsystem', Name: 'Thermal Subsystem', Fans: link(`${at}/Fans`) },
      ThermalMetrics: link(`${at}/ThermalMetrics`),
    },
    {
      '@odata.id': `${at}/ThermalMetrics`,
      '@odata.type': '#ThermalMetrics.v1_3_0.ThermalMetrics',
      ...{ Id: 'ThermalMetrics', Name: 'Thermal Metrics' },
      TemperatureReadingsCelsius: placesOf(machine).map(({ name, id, context, celsius }) => ({
        ...{ DataSourceUri: `${chassis}/Sensors/${id}`, DeviceName: name },
        ...{ PhysicalContext: context, Reading: celsius },
      })),
    },
    collection(
      `${at}/Fans`,
      'FanCollection',
      fans.map((fan) => fan['@odata.id']),
    ),
    ...fans,
  ];
}

function environment(machine: Machine, chassis: string): Resource {
  return {
    '@odata.id': `${chassis}/EnvironmentMetrics`,
    '@odata.type': '#EnvironmentMetrics.v1_3_0.EnvironmentMetrics',
    ...{ Id: 'EnvironmentMetrics', Name: 'EnvironmentMetrics' },
    PowerWatts: { DataSourceUri: `${chassis}/Sensors/SystemBoardPwrConsumption`, Reading: machine.consumed },
    ...(machine.spec.countsEnergy === true && {
      EnergykWh: { DataSourceUri: `${chassis}/Sensors/Energy`, Reading: machine.kwh },
    }),
  };
}
