// What a Redfish service answers, as far as it is used. Everything may be missing: versions of the schemas differ, makers
// leave things out, and licences withhold them. https://redfish.dmtf.org/schemas/

/** A reference to another resource, by its path. */
export interface Link {
  readonly '@odata.id'?: string;
}

export interface Status {
  readonly State?: string | null;
  readonly Health?: string | null;
  readonly HealthRollup?: string | null;
}

export interface Collection<T = Link> {
  readonly Members?: readonly T[];
  readonly 'Members@odata.nextLink'?: string;
}

/** `ServiceRoot`, at `/redfish/v1/`: to be read without a login. */
export interface Root {
  readonly Systems?: Link;
  readonly Managers?: Link;
  readonly SessionService?: Link;
  readonly Links?: { readonly Sessions?: Link };
  readonly ProtocolFeaturesSupported?: { readonly ExpandQuery?: { readonly NoLinks?: boolean } };
}

/** `ComputerSystem` */
export interface System extends Link {
  readonly Id?: string;
  readonly UUID?: string | null;
  readonly SKU?: string | null;
  readonly SerialNumber?: string | null;
  readonly Manufacturer?: string | null;
  readonly Model?: string | null;
  readonly HostName?: string | null;
  readonly BiosVersion?: string | null;
  readonly PowerState?: string | null;
  /** What it does when power comes back: `AlwaysOn`, `AlwaysOff`, `LastState`. */
  readonly PowerRestorePolicy?: string | null;
  readonly SystemType?: string;
  readonly IndicatorLED?: string | null;
  readonly LocationIndicatorActive?: boolean | null;
  readonly Status?: Status;
  readonly ProcessorSummary?: {
    readonly Count?: number | null;
    readonly CoreCount?: number | null;
    readonly Model?: string | null;
  };
  readonly MemorySummary?: { readonly TotalSystemMemoryGiB?: number | null };
  readonly Processors?: Link;
  readonly Memory?: Link;
  readonly Storage?: Link;
  readonly LogServices?: Link;
  readonly Links?: { readonly Chassis?: readonly Link[]; readonly ManagedBy?: readonly Link[] };
  readonly Actions?: { readonly '#ComputerSystem.Reset'?: ResetAction };
  readonly Oem?: { readonly Dell?: { readonly DellSystem?: DellSystem } };
}

export interface ResetAction {
  readonly target?: string;
  readonly 'ResetType@Redfish.AllowableValues'?: readonly string[];
}

/** What an iDRAC sums up by kinds of parts, as in `BatteryRollupStatus`. */
export interface DellSystem {
  readonly MaxDIMMSlots?: number;
  readonly PopulatedDIMMSlots?: number;
  readonly [name: string]: unknown;
}

/** `Processor` */
export interface Processor {
  readonly Name?: string;
  readonly ProcessorType?: string | null;
  readonly Model?: string | null;
  readonly TotalCores?: number | null;
  readonly Status?: Status;
}

/** `Memory`: a module, or a slot for one */
export interface Module {
  readonly Name?: string;
  readonly CapacityMiB?: number | null;
  readonly MemoryDeviceType?: string | null;
  readonly OperatingSpeedMhz?: number | null;
  readonly Status?: Status;
}

/** `Manager` */
export interface Manager {
  readonly FirmwareVersion?: string | null;
  readonly LogServices?: Link;
}

/** `Chassis` */
export interface Chassis {
  readonly Power?: Link;
  readonly Thermal?: Link;
  readonly PowerSubsystem?: Link;
  readonly ThermalSubsystem?: Link;
  readonly EnvironmentMetrics?: Link;
}

/** `Power`: all about power in one answer, as it was before `PowerSubsystem` */
export interface Power {
  readonly PowerControl?: readonly { readonly PowerConsumedWatts?: number | null }[];
  readonly PowerSupplies?: readonly PowerSupply[];
}

export interface PowerSupply {
  readonly Name?: string;
  readonly MemberId?: string;
  readonly PowerInputWatts?: number | null;
  readonly Status?: Status;
  readonly Metrics?: Link;
}

/** `Thermal`: all about temperatures and fans in one answer, as it was before `ThermalSubsystem` */
export interface Thermal {
  readonly Temperatures?: readonly Temperature[];
  readonly Fans?: readonly Fan[];
}

export interface Temperature {
  readonly Name?: string;
  readonly MemberId?: string;
  readonly PhysicalContext?: string | null;
  readonly ReadingCelsius?: number | null;
  readonly Status?: Status;
}

export interface Fan {
  readonly Name?: string;
  readonly FanName?: string;
  readonly MemberId?: string;
  readonly Reading?: number | null;
  readonly ReadingUnits?: string | null;
  readonly SpeedPercent?: { readonly Reading?: number | null; readonly SpeedRPM?: number | null };
  readonly Status?: Status;
}

/** A value that was measured, as part of another resource. */
export interface Excerpt {
  readonly Reading?: number | null;
  readonly DeviceName?: string | null;
  readonly PhysicalContext?: string | null;
  readonly DataSourceUri?: string | null;
}

/** `ThermalSubsystem` */
export interface ThermalSubsystem {
  readonly Fans?: Link;
  readonly ThermalMetrics?: Link;
}

/** `ThermalMetrics` */
export interface ThermalMetrics {
  readonly TemperatureReadingsCelsius?: readonly Excerpt[];
}

/** `PowerSubsystem` */
export interface PowerSubsystem {
  readonly PowerSupplies?: Link;
}

/** `PowerSupplyMetrics` */
export interface PowerSupplyMetrics {
  readonly InputPowerWatts?: Excerpt | null;
}

/** `EnvironmentMetrics` of a chassis */
export interface EnvironmentMetrics {
  readonly PowerWatts?: Excerpt | null;
  readonly EnergykWh?: Excerpt | null;
}

/** `Storage`: a controller, its drives and what it makes of them */
export interface Storage {
  readonly Id?: string;
  readonly Name?: string;
  readonly Status?: Status;
  readonly StorageControllers?: readonly Controller[];
  readonly Controllers?: Link;
  readonly Drives?: readonly Link[];
  readonly Volumes?: Link;
  readonly Oem?: {
    readonly Dell?: { readonly DellController?: { readonly CurrentControllerMode?: string | null } };
  };
}

export interface Controller {
  readonly Name?: string;
  readonly Model?: string | null;
  readonly Status?: Status;
}

/** `Drive` */
export interface Drive extends Link {
  readonly Id?: string;
  readonly Name?: string;
  readonly Manufacturer?: string | null;
  readonly Model?: string | null;
  readonly SerialNumber?: string | null;
  readonly Identifiers?: readonly {
    readonly DurableName?: string | null;
    readonly DurableNameFormat?: string | null;
  }[];
  readonly Metrics?: Link | null;
  readonly EnvironmentMetrics?: Link | null;
  readonly Revision?: string | null;
  readonly CapacityBytes?: number | null;
  readonly MediaType?: string | null;
  readonly Protocol?: string | null;
  readonly FailurePredicted?: boolean | null;
  readonly PredictedMediaLifeLeftPercent?: number | null;
  readonly PhysicalLocation?: {
    readonly PartLocation?: {
      readonly LocationOrdinalValue?: number | null;
      readonly ServiceLabel?: string | null;
    };
  };
  readonly Status?: Status;
}

/** `DriveMetrics`, with what is in it of an NVMe drive's own log */
export interface DriveMetrics {
  readonly PowerOnHours?: number | null;
  readonly NVMeSMART?: {
    readonly PercentageUsed?: number | null;
    readonly PowerOnHours?: number | null;
    readonly CompositeTemperatureCelsius?: number | null;
    readonly PowerCycles?: number | null;
    readonly UnsafeShutdowns?: number | null;
  } | null;
}

/** `EnvironmentMetrics` of a drive */
export interface DriveEnvironment {
  readonly TemperatureCelsius?: Excerpt | null;
}

/** `Volume` */
export interface Volume {
  readonly Id?: string;
  readonly Name?: string;
  readonly VolumeType?: string | null;
  readonly RAIDType?: string | null;
  readonly CapacityBytes?: number | null;
  readonly Status?: Status;
}

/** `LogService` */
export interface LogService {
  readonly Id?: string;
  readonly LogEntryType?: string | null;
  readonly Entries?: Link;
}

/** `LogEntry` */
export interface LogEntry {
  readonly Id?: string;
  readonly Created?: string | null;
  readonly Message?: string | null;
  readonly MessageId?: string | null;
  readonly Severity?: string | null;
}
