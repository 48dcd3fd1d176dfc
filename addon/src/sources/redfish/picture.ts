import type { SourceContext } from '../../contract/source.ts';
import { EnergyMeter } from '../../core/energy.ts';
import type { LabResource } from '../../kinds/index.ts';
import { disksOf } from './drives.ts';
import { type Inventory, makeOf } from './inventory.ts';
import { serverId, serverOf, tagOf, wattsOf } from './map.ts';
import type { Sensors } from './sensors.ts';
import type { Shelf } from './shelf.ts';
import { said } from './units.ts';
import type { Manager, System } from './wire.ts';

/** What is known of one server at this moment, and the resources which that makes. No I/O. */
export class Picture {
  system: System | undefined;
  /** undefined: not read yet. */
  shelves: readonly Shelf[] | undefined;
  /** `<source>/<key>`: under whom it is known. */
  owner: string;

  readonly #context: SourceContext;
  readonly #url: string;
  readonly #node: string | undefined;
  readonly #meter: EnergyMeter;
  #bound: string | undefined;
  #sensors: readonly Sensors[] = [];
  #energy: number | null | undefined;
  #inventory: Inventory | undefined;
  #manager: Manager | undefined;
  /** What it was made of when that was read. */
  #make: string | undefined;

  /** @param node id of the node on it, where a person stated that */
  constructor(context: SourceContext, url: string, node: string | undefined) {
    this.#context = context;
    this.#url = url;
    this.#node = node;
    this.owner = context.owner;
    this.#meter = new EnergyMeter(context.memory, context.clock);
  }

  /** Takes what the system says of itself. @throws LabError `system_taken` */
  saw(system: System): void {
    const tag = tagOf(system) ?? undefined;
    const uuid = said(system.UUID)?.toLowerCase();
    const known = [uuid && `uuid ${uuid}`, tag && `tag ${tag}`].filter(
      (name) => name !== undefined && name !== '',
    );
    const [sure, also] = known as string[];
    if (sure !== undefined && this.#bound !== known.join()) {
      this.owner = this.#context.identities.bind(sure, also);
      this.#bound = known.join();
    }
    this.system = system;
  }

  /** Takes what the sensors of its chassis say. */
  measured(sensors: readonly Sensors[]): void {
    this.#sensors = sensors;
    const counted = sensors.flatMap(({ kwh }) => (kwh === undefined ? [] : [kwh]));
    const watts = wattsOf(sensors.flatMap(({ watts: each }) => (each === undefined ? [] : [each])));
    if (counted.length > 0) this.#energy = wattsOf(counted);
    else this.#energy = watts === undefined ? undefined : this.#meter.add(watts);
  }

  /** They did not tell this time: what was there is there, and unknown. */
  unmeasured(): void {
    this.#meter.add(null);
    this.#sensors = this.#sensors.map((before) => ({
      ...before,
      ...(before.watts !== undefined && { watts: null }),
      ...(before.temperatures && {
        temperatures: before.temperatures.map((one) => ({ ...one, ReadingCelsius: null })),
      }),
      ...(before.fans && {
        fans: before.fans.map(({ Status: _, ...one }) => ({
          ...one,
          ...('Reading' in one && { Reading: null }),
          ...(one.SpeedPercent && { SpeedPercent: { Reading: null, SpeedRPM: null } }),
        })),
      }),
      ...(before.supplies && {
        supplies: before.supplies.map(({ Status: _, ...one }) => ({
          ...one,
          ...(one.PowerInputWatts !== undefined && { PowerInputWatts: null }),
        })),
      }),
    }));
    // What was summed up until now stays true; a count of the controller's own is not known.
    if (this.#sensors.some(({ kwh }) => kwh !== undefined)) this.#energy = null;
  }

  /** Takes what it is made of. */
  counted(inventory: Inventory, manager: Manager | undefined): void {
    this.#inventory = inventory;
    this.#manager = manager;
    this.#make = this.system && makeOf(this.system);
  }

  /** It may be made of something else than when that was read. */
  get isChanged(): boolean {
    return this.system !== undefined && makeOf(this.system) !== this.#make;
  }

  resources(): readonly LabResource[] {
    const { system, shelves, owner } = this;
    if (system === undefined) return [];
    const server = serverOf({
      ...{ owner, system, shelves, url: this.#url, name: this.#context.title },
      ...{ manager: this.#manager, inventory: this.#inventory, sensors: this.#sensors },
      ...{ energy: this.#energy, node: this.#node },
    });
    return [server, ...disksOf(shelves ?? [], owner, serverId(owner))];
  }
}
