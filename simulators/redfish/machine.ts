import type { Clock } from '../../addon/src/core/clock.ts';

export type Health = 'OK' | 'Warning' | 'Critical';

export interface SimDrive {
  readonly slot: number;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly bytes: number;
  readonly media: 'SSD' | 'HDD';
  health: Health;
  failurePredicted: boolean;
  /** Percent; null for disks that turn. */
  lifeLeft: number | null;
  /** Its WWN, in hex digits; left out: the controller does not tell it. */
  readonly wwn?: string;
  /** What newer firmware measures; left out: there are no metrics. */
  readonly measured?: { readonly hours: number; readonly celsius: number | null };
}

export interface SimVolume {
  readonly name: string;
  readonly level: 'RAID1' | 'RAID5' | 'RAID10';
  readonly bytes: number;
  health: Health;
}

export interface SimModule {
  readonly slot: string;
  readonly mib: number;
  readonly speed: number;
  health: Health;
}

export interface SimLogEntry {
  readonly id: number;
  /** ISO 8601 with the offset of the controller. */
  readonly created: string;
  readonly severity: Health;
  readonly message: string;
  readonly messageId: string;
}

export interface MachineSpec {
  readonly hostName: string;
  readonly serviceTag: string;
  readonly uuid: string;
  readonly clock: Clock;
  readonly drives: readonly SimDrive[];
  readonly modules: readonly SimModule[];
  /** What the PERC makes of the drives; none: it passes them through. */
  readonly volumes?: readonly SimVolume[];
  /** `System.LocationIndicatorActive` as newer firmware has it, in place of `IndicatorLED`. */
  readonly locationIndicator?: boolean;
  /** Power and temperatures by `PowerSubsystem` and `ThermalSubsystem` only, as after the old ones are taken away. */
  readonly modern?: boolean;
  /** The chassis counts energy. */
  readonly countsEnergy?: boolean;
  /** It answers collections whole, where it is asked to. */
  readonly expands?: boolean;
  /** Sensors of power are not part of it. */
  readonly licence?: 'Enterprise' | 'Basic';
  /** Members of a log in one answer. */
  readonly pageSize?: number;
  /** How long a system takes to end by itself; `never`: it ignores the power button. */
  readonly shutdownMs?: number | 'never';
}

const BOOT_MS = 4_000;
const SHUTDOWN_MS = 12_000;
const MS_PER_KWH = 3_600_000_000;

/** A server with its management controller; it runs by its clock. */
export class Machine {
  readonly spec: MachineSpec;
  power: 'On' | 'Off' | 'PoweringOn' | 'PoweringOff' = 'On';
  identify = false;
  /** Set by who wants a certain load. */
  watts = 168;
  inletCelsius = 22;
  readonly log: SimLogEntry[] = [];
  /** Health of fans and power supplies that are not well, by name: `Fan3A`, `PS2`. */
  readonly ailing = new Map<string, Health>();
  /** Set where the machine is not well and no part says so. */
  rollup: Health | undefined;
  biosVersion = '2.21.2';
  /** What it does when power comes back. */
  powerRestore: 'AlwaysOn' | 'AlwaysOff' | 'LastState' = 'AlwaysOn';
  /** What an iDRAC's rollups say otherwise than OK, as in `BatteryRollupStatus`. */
  readonly rollups = new Map<string, string>();
  #kwh = 1_204.5;
  #counted: number;

  constructor(spec: MachineSpec) {
    this.spec = spec;
    this.#counted = spec.clock.elapsed();
  }

  get isOn(): boolean {
    return this.power === 'On' || this.power === 'PoweringOff';
  }

  /** What it takes now: the controller lives from standby power. */
  get consumed(): number {
    return this.isOn ? this.watts : 14;
  }

  /** Energy that it took so far. */
  get kwh(): number {
    const now = this.spec.clock.elapsed();
    this.#kwh += (this.consumed * (now - this.#counted)) / MS_PER_KWH;
    this.#counted = now;
    return this.#kwh;
  }

  /** The worst of all its parts. */
  get health(): Health {
    const { drives, modules, volumes = [] } = this.spec;
    const all = [...drives, ...modules, ...volumes].map(({ health }) => health);
    const predicted = drives.some(({ failurePredicted }) => failurePredicted) ? ['Warning'] : [];
    const worst = [...all, ...predicted, ...this.ailing.values(), this.rollup ?? 'OK'];
    return worst.includes('Critical') ? 'Critical' : worst.includes('Warning') ? 'Warning' : 'OK';
  }

  /** @returns false: it is like that already */
  switchOn(): boolean {
    if (this.isOn || this.power === 'PoweringOn') return false;
    this.#move('PoweringOn', 'On', BOOT_MS);
    return true;
  }

  shutDown(): boolean {
    if (this.power !== 'On') return false;
    const { shutdownMs = SHUTDOWN_MS } = this.spec;
    if (shutdownMs !== 'never') this.#move('PoweringOff', 'Off', shutdownMs);
    return true;
  }

  forceOff(): boolean {
    if (!this.isOn) return false;
    this.#set('Off');
    return true;
  }

  /** Writes to the event log, as of now. */
  record(severity: Health, message: string, messageId = 'PSU0001'): void {
    const id = (this.log.at(-1)?.id ?? 0) + 1;
    const created = new Date(this.spec.clock.now() - 6 * 3_600_000)
      .toISOString()
      .replace(/\.\d+Z$/, '-06:00');
    this.log.push({ id, created, severity, message, messageId });
  }

  #move(by: Machine['power'], to: Machine['power'], ms: number): void {
    this.#set(by);
    this.spec.clock.after(ms, () => {
      if (this.power === by) this.#set(to);
    });
  }

  #set(power: Machine['power']): void {
    // What it took until now is counted as what it took until now.
    void this.kwh;
    this.power = power;
  }
}
