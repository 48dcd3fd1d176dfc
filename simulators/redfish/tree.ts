import type { Machine } from './machine.ts';
import { collection, link, type Resource, status } from './resource.ts';
import { logResources } from './views/log.ts';
import { sensorResources } from './views/sensors.ts';
import { storageResources } from './views/storage.ts';

export const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
export const CHASSIS = '/redfish/v1/Chassis/System.Embedded.1';
export const MANAGER = '/redfish/v1/Managers/iDRAC.Embedded.1';
export const SESSIONS = '/redfish/v1/SessionService/Sessions';
export const RESET = `${SYSTEM}/Actions/ComputerSystem.Reset`;

export const RESET_TYPES = [
  'On',
  'ForceOff',
  'ForceRestart',
  'GracefulRestart',
  'GracefulShutdown',
  'PushPowerButton',
  'Nmi',
  'PowerCycle',
];

/** Everything that the service shows, by path. */
export function resourcesOf(machine: Machine): ReadonlyMap<string, Resource> {
  const all = [
    ...[root(machine), system(machine), chassis(machine), manager(machine)],
    collection('/redfish/v1/Systems', 'ComputerSystemCollection', [SYSTEM]),
    collection('/redfish/v1/Chassis', 'ChassisCollection', [CHASSIS]),
    collection('/redfish/v1/Managers', 'ManagerCollection', [MANAGER]),
    {
      '@odata.id': '/redfish/v1/SessionService',
      '@odata.type': '#SessionService.v1_1_9.SessionService',
      ...{ Id: 'SessionService', Name: 'Session Service', SessionTimeout: 1_800, Sessions: link(SESSIONS) },
    },
    ...processors(),
    ...memory(machine),
    ...sensorResources(machine, CHASSIS),
    ...storageResources(machine, SYSTEM),
    ...logResources(machine, MANAGER),
  ];
  return new Map(all.map((resource) => [resource['@odata.id'], resource]));
}

function root({ spec }: Machine): Resource {
  return {
    '@odata.id': '/redfish/v1',
    '@odata.type': '#ServiceRoot.v1_11_0.ServiceRoot',
    Id: 'RootService',
    Name: 'Root Service',
    Product: 'Integrated Dell Remote Access Controller',
    RedfishVersion: '1.17.0',
    Vendor: 'Dell',
    Systems: link('/redfish/v1/Systems'),
    Chassis: link('/redfish/v1/Chassis'),
    Managers: link('/redfish/v1/Managers'),
    SessionService: link('/redfish/v1/SessionService'),
    Links: { Sessions: link(SESSIONS) },
    ProtocolFeaturesSupported: {
      ExpandQuery: {
        ...{ ExpandAll: spec.expands === true, Levels: spec.expands === true, Links: spec.expands === true },
        ...{ MaxLevels: 1, NoLinks: spec.expands === true },
      },
      SelectQuery: true,
    },
  };
}

function system(machine: Machine): Resource {
  const { spec, health, power, identify } = machine;
  const rollups = Object.fromEntries(
    [
      'BatteryRollupStatus',
      'CPURollupStatus',
      'FanRollupStatus',
      'PSRollupStatus',
      'StorageRollupStatus',
    ].map((name) => [name, machine.rollups.get(name) ?? 'OK']),
  );
  return {
    '@odata.id': SYSTEM,
    '@odata.type': '#ComputerSystem.v1_20_1.ComputerSystem',
    Id: 'System.Embedded.1',
    Name: 'System',
    SystemType: 'Physical',
    Manufacturer: 'Dell Inc.',
    Model: 'PowerEdge R640',
    SKU: spec.serviceTag,
    SerialNumber: 'CNIVC007CV0803',
    UUID: spec.uuid,
    HostName: spec.hostName,
    BiosVersion: machine.biosVersion,
    PowerState: power,
    PowerRestorePolicy: machine.powerRestore,
    ...(spec.locationIndicator === true
      ? { LocationIndicatorActive: identify }
      : { IndicatorLED: identify ? 'Blinking' : 'Lit' }),
    Status: { Health: health, HealthRollup: health, State: 'Enabled' },
    ProcessorSummary: {
      ...{ Count: 2, CoreCount: 32, LogicalProcessorCount: 64 },
      Model: 'Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz',
      Status: status('OK'),
    },
    // Its own sum counts in other units than it says.
    MemorySummary: { TotalSystemMemoryGiB: 178.813934, MemoryMirroring: 'System', Status: status('OK') },
    Processors: link(`${SYSTEM}/Processors`),
    Memory: link(`${SYSTEM}/Memory`),
    Storage: link(`${SYSTEM}/Storage`),
    Links: { Chassis: [link(CHASSIS)], 'Chassis@odata.count': 1, ManagedBy: [link(MANAGER)] },
    Actions: {
      '#ComputerSystem.Reset': { target: RESET, 'ResetType@Redfish.AllowableValues': RESET_TYPES },
    },
    Oem: {
      Dell: {
        '@odata.type': '#DellOem.v1_3_0.DellOemResources',
        DellSystem: {
          '@odata.type': '#DellSystem.v1_4_0.DellSystem',
          ...{ MaxDIMMSlots: 24, PopulatedDIMMSlots: spec.modules.length, NodeID: spec.serviceTag },
          ...{ SystemGeneration: '14G Monolithic', IDSDMRollupStatus: null },
          ...rollups,
        },
      },
    },
  };
}

function chassis({ spec: { modern = false, serviceTag } }: Machine): Resource {
  const old = { Power: link(`${CHASSIS}/Power`), Thermal: link(`${CHASSIS}/Thermal`) };
  return {
    '@odata.id': CHASSIS,
    '@odata.type': '#Chassis.v1_23_0.Chassis',
    ...{ Id: 'System.Embedded.1', Name: 'Computer System Chassis', ChassisType: 'RackMount' },
    ...{ Manufacturer: 'Dell Inc.', Model: 'PowerEdge R640', SKU: serviceTag },
    ...(!modern && old),
    PowerSubsystem: link(`${CHASSIS}/PowerSubsystem`),
    ThermalSubsystem: link(`${CHASSIS}/ThermalSubsystem`),
    EnvironmentMetrics: link(`${CHASSIS}/EnvironmentMetrics`),
    Status: status('OK'),
  };
}

function manager(_: Machine): Resource {
  return {
    '@odata.id': MANAGER,
    '@odata.type': '#Manager.v1_18_0.Manager',
    ...{ Id: 'iDRAC.Embedded.1', Name: 'Manager', ManagerType: 'BMC', Model: '14G Monolithic' },
    FirmwareVersion: '7.00.00.172',
    LogServices: link(`${MANAGER}/LogServices`),
    Status: status('OK'),
  };
}

function processors(): readonly Resource[] {
  const sockets = [1, 2].map((socket) => ({
    '@odata.id': `${SYSTEM}/Processors/CPU.Socket.${socket}`,
    '@odata.type': '#Processor.v1_18_0.Processor',
    ...{ Id: `CPU.Socket.${socket}`, Name: `CPU ${socket}`, ProcessorType: 'CPU', TotalCores: 16 },
    Model: 'Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz',
    Status: status('OK'),
  }));
  return [list(`${SYSTEM}/Processors`, 'ProcessorsCollection', sockets), ...sockets];
}

function memory({ spec }: Machine): readonly Resource[] {
  const modules = spec.modules.map(({ slot, mib, speed, health }) => ({
    '@odata.id': `${SYSTEM}/Memory/DIMM.Socket.${slot}`,
    '@odata.type': '#Memory.v1_18_0.Memory',
    ...{ Id: `DIMM.Socket.${slot}`, Name: `DIMM ${slot}`, DeviceLocator: `DIMM ${slot}` },
    ...{ CapacityMiB: mib, MemoryDeviceType: 'DDR4', OperatingSpeedMhz: speed, Manufacturer: 'Samsung' },
    Status: status(health),
  }));
  return [list(`${SYSTEM}/Memory`, 'MemoryCollection', modules), ...modules];
}

const list = (path: string, type: string, members: readonly Resource[]): Resource =>
  collection(
    path,
    type,
    members.map((member) => member['@odata.id']),
  );
