import type { Machine, SimDrive } from '../machine.ts';
import { collection, link, type Resource, status } from '../resource.ts';

const PERC = 'RAID.Integrated.1-1';
const AHCI = 'AHCI.Embedded.1-1';
const RAW = 'Disk.Direct';

/** A PERC with the drives, and an AHCI controller on which nothing hangs. */
export function storageResources(machine: Machine, system: string): readonly Resource[] {
  const at = `${system}/Storage`;
  const perc = `${at}/${PERC}`;
  const { drives, volumes } = machine.spec;
  const shown = drives.map((drive) => driveOf(drive, perc));
  return [
    collection(at, 'StorageCollection', [perc, `${at}/${AHCI}`]),
    {
      ...controller(perc, PERC, 'PERC H730P Mini', volumes === undefined ? 'HBA' : 'RAID'),
      Drives: shown.map((drive) => link(drive['@odata.id'])),
      'Drives@odata.count': shown.length,
      Volumes: link(`${perc}/Volumes`),
    },
    {
      ...controller(
        `${at}/${AHCI}`,
        AHCI,
        'C620 Series Chipset Family SATA Controller [AHCI mode]',
        'NotSupported',
      ),
      Drives: [],
      Volumes: link(`${at}/${AHCI}/Volumes`),
    },
    ...shown,
    ...drives.flatMap((drive) => metricsOf(drive, perc)),
    ...volumesOf(machine, perc),
    collection(`${at}/${AHCI}/Volumes`, 'VolumeCollection', []),
  ];
}

function controller(path: string, id: string, model: string, mode: string): Resource {
  return {
    '@odata.id': path,
    '@odata.type': '#Storage.v1_15_0.Storage',
    ...{ Id: id, Name: model, Description: model },
    StorageControllers: [
      {
        '@odata.id': `${path}#/StorageControllers/0`,
        ...{ MemberId: id, Name: model, Model: model, FirmwareVersion: '25.5.9.0001' },
        Status: status('OK'),
      },
    ],
    Oem: {
      Dell: {
        DellController: {
          '@odata.type': '#DellController.v1_4_1.DellController',
          ...{ ControllerFirmwareVersion: '25.5.9.0001', CurrentControllerMode: mode },
        },
      },
    },
    Status: { ...status('OK'), HealthRollup: 'OK' },
  };
}

const idOf = ({ slot }: SimDrive): string => `Disk.Bay.${slot}:Enclosure.Internal.0-1:${PERC}`;

/** What newer firmware measures of a drive. */
function metricsOf(drive: SimDrive, perc: string): readonly Resource[] {
  const { measured } = drive;
  if (measured === undefined) return [];
  const at = `${perc}/Drives/${idOf(drive)}`;
  return [
    {
      '@odata.id': `${at}/Metrics`,
      '@odata.type': '#DriveMetrics.v1_2_1.DriveMetrics',
      ...{ Id: 'Metrics', Name: 'Drive Metrics', PowerOnHours: measured.hours, BadBlockCount: 0 },
      ...{ UncorrectableIOReadErrorCount: 0, UncorrectableIOWriteErrorCount: 0 },
    },
    {
      '@odata.id': `${at}/EnvironmentMetrics`,
      '@odata.type': '#EnvironmentMetrics.v1_3_0.EnvironmentMetrics',
      ...{ Id: 'EnvironmentMetrics', Name: 'Drive Environment Metrics' },
      TemperatureCelsius: { Reading: measured.celsius },
    },
  ];
}

function driveOf(drive: SimDrive, perc: string): Resource {
  const id = idOf(drive);
  const at = `${perc}/Drives/${id}`;
  return {
    '@odata.id': at,
    '@odata.type': '#Drive.v1_17_0.Drive',
    ...{ Id: id, Name: `Solid State Disk 0:1:${drive.slot}`, SerialNumber: drive.serial },
    ...{ Manufacturer: drive.manufacturer, Model: drive.model, Revision: 'HJ53', PartNumber: 'KR-0C2C58' },
    ...{ CapacityBytes: drive.bytes, BlockSizeBytes: 512, MediaType: drive.media, Protocol: 'SATA' },
    ...{ FailurePredicted: drive.failurePredicted, PredictedMediaLifeLeftPercent: drive.lifeLeft },
    ...(drive.wwn !== undefined && {
      Identifiers: [{ DurableName: drive.wwn.toUpperCase(), DurableNameFormat: 'NAA' }],
    }),
    ...(drive.measured !== undefined && {
      Metrics: link(`${at}/Metrics`),
      EnvironmentMetrics: link(`${at}/EnvironmentMetrics`),
    }),
    PhysicalLocation: { PartLocation: { LocationOrdinalValue: drive.slot, LocationType: 'Slot' } },
    Oem: {
      Dell: {
        DellPhysicalDisk: {
          '@odata.type': '#DellPhysicalDisk.v1_7_0.DellPhysicalDisk',
          ...{ Slot: drive.slot, PowerStatus: 'On', DriveFormFactor: '2.5Inch' },
          PredictiveFailureState: drive.failurePredicted ? 'SmartAlertPresent' : 'SmartAlertAbsent',
        },
      },
    },
    Status: { ...status(drive.health), HealthRollup: drive.health },
  };
}

/** Drives that are passed through are volumes, too: of the type `RawDevice`. */
function volumesOf({ spec: { volumes, drives } }: Machine, perc: string): readonly Resource[] {
  const at = `${perc}/Volumes`;
  const all: readonly Resource[] =
    volumes?.map(({ name, level, bytes, health }, index) => ({
      '@odata.id': `${at}/Disk.Virtual.${index}:${PERC}`,
      '@odata.type': '#Volume.v1_9_0.Volume',
      ...{ Id: `Disk.Virtual.${index}:${PERC}`, Name: name, RAIDType: level, CapacityBytes: bytes },
      ...{ VolumeType: level === 'RAID1' ? 'Mirrored' : null, Encrypted: false },
      Status: { ...status(health), HealthRollup: health },
    })) ??
    drives.map(({ slot, bytes }) => ({
      '@odata.id': `${at}/${RAW}.${slot}`,
      '@odata.type': '#Volume.v1_9_0.Volume',
      ...{ Id: `${RAW}.${slot}`, Name: `SSD ${slot}`, RAIDType: null, VolumeType: 'RawDevice' },
      ...{ CapacityBytes: bytes, Status: status('OK') },
    }));
  return [
    collection(
      at,
      'VolumeCollection',
      all.map((volume) => volume['@odata.id']),
    ),
    ...all,
  ];
}
