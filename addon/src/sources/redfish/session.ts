import type { Capabilities } from '../../contract/capabilities.ts';
import type { PollTask, Session, SourceContext } from '../../contract/source.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { RedfishClient } from './client.ts';
import type { RedfishOptions } from './config.ts';
import { controlOf } from './control.ts';
import { readInventory } from './inventory.ts';
import { findLog, newEntries } from './log.ts';
import { serverId } from './map.ts';
import { Picture } from './picture.ts';
import { readSensors, type Sensors } from './sensors.ts';
import { readStorage } from './storage.ts';
import type { Chassis, Link, Manager, System } from './wire.ts';

const LOG_MS = 5 * 60_000;
/** After a command the server is looked at again; it takes a while to go on or off. */
const LOOKS_MS = [0, 5_000, 20_000];

/** One server, by its management controller. */
export class RedfishSession implements Session {
  readonly watches = [];
  readonly tasks: readonly PollTask[];
  readonly capabilities: Partial<Capabilities>;

  readonly #client: RedfishClient;
  readonly #context: SourceContext;
  readonly #picture: Picture;
  readonly #closed = new AbortController();
  #systemLink: Link | undefined;
  #chassis: readonly Chassis[] | undefined;
  /** Whether each chassis counts energy. */
  #counts: readonly boolean[] = [];
  #log: Link | undefined;
  #logDue = 0;
  /** Each is said once. */
  readonly #said = new Set<string>();

  constructor(options: RedfishOptions, context: SourceContext) {
    const { owner, clock, meter, log } = context;
    this.#client = new RedfishClient(options, owner, clock, meter);
    this.#context = context;
    this.#picture = new Picture(context, this.#client.url, options.node);
    if (options.verify_tls === false) {
      log.warn(
        'the certificate is not verified: anyone on the way can read the credentials. Set fingerprint or ca',
      );
    }
    this.tasks = [
      { name: 'the server', tier: 'slow', vital: true, run: (signal) => this.#readServer(signal) },
      { name: 'its processors and memory', tier: 'slow', run: (signal) => this.#readInventory(signal) },
      { name: 'its storage', tier: 'rare', run: (signal) => this.#readStorage(signal) },
      { name: 'its event log', tier: 'slow', run: (signal) => this.#readLog(signal) },
    ];
    const look = (signal: AbortSignal): Promise<System> => this.#look(signal);
    this.capabilities = { server: controlOf({ client: this.#client, clock, name: owner, look }) };
  }

  /** One question: with all that its sensors take it would be silent for long. */
  async ask(signal: AbortSignal): Promise<void> {
    await this.#look(signal);
  }

  refresh(): void {
    const { signal } = this.#closed;
    for (const wait of LOOKS_MS) {
      this.#context.clock.after(wait, () => {
        if (!signal.aborted) void this.#look(signal).catch(() => {});
      });
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await this.#client.close();
  }

  async #readServer(signal: AbortSignal): Promise<void> {
    const system = await this.#system(signal);
    this.#chassis ??= await this.#findChassis(system, signal);
    const sensors: Sensors[] = [];
    for (const [index, chassis] of this.#chassis.entries()) {
      const found = await this.#part('its sensors', signal, () =>
        readSensors(this.#client, chassis, this.#counts[index], signal),
      );
      if (found !== undefined) sensors.push(found);
    }
    if (sensors.length === this.#chassis.length) {
      this.#counts = sensors.map(({ kwh }) => kwh !== undefined);
      this.#picture.measured(sensors);
    } else {
      this.#picture.unmeasured();
    }
    this.#publish();
  }

  async #readInventory(signal: AbortSignal): Promise<void> {
    const { system } = this.#picture;
    if (system === undefined || !this.#picture.isChanged) return;
    const manager = await this.#client.find<Manager>(await this.#managerLink(system, signal), signal);
    const inventory = await readInventory(this.#client, system, signal);
    this.#picture.counted(inventory, manager);
    this.#publish();
  }

  async #readStorage(signal: AbortSignal): Promise<void> {
    const { system } = this.#picture;
    if (system === undefined) return;
    this.#picture.shelves = await readStorage(this.#client, system, signal);
    this.#publish();
  }

  async #readLog(signal: AbortSignal): Promise<void> {
    const { clock, memory, emit } = this.#context;
    const { system } = this.#picture;
    if (system === undefined || clock.elapsed() < this.#logDue) return;
    this.#log ??= await this.#findLog(system, signal);
    if (this.#log !== undefined) {
      const news = await newEntries(this.#client, this.#log, memory, signal);
      for (const event of news) emit(serverId(this.#picture.owner), 'log', event);
    }
    this.#logDue = clock.elapsed() + LOG_MS;
  }

  /** Reads the system alone, and shows what that changes. */
  async #look(signal: AbortSignal): Promise<System> {
    const system = await this.#system(signal);
    this.#publish();
    return system;
  }

  async #system(signal: AbortSignal): Promise<System> {
    this.#systemLink ??= await this.#findSystem(signal);
    const path = this.#systemLink['@odata.id'] ?? '';
    try {
      const system = { ...(await this.#client.get<System>(path, signal)), '@odata.id': path };
      this.#picture.saw(system);
      return system;
    } catch (thrown) {
      // It may have moved with a new version of the controller.
      this.#systemLink = undefined;
      this.#chassis = undefined;
      this.#log = undefined;
      throw thrown;
    }
  }

  /** The machine itself: services of large ones list parts of it beside it, and blades list only one. */
  async #findSystem(signal: AbortSignal): Promise<Link> {
    const { Systems: systems } = await this.#client.root(signal);
    const all = await this.#client.members<System>(systems, signal);
    const found = all.find(({ SystemType: type }) => type === undefined || type === 'Physical') ?? all[0];
    if (found?.['@odata.id'] !== undefined) return found;
    throw new LabError('source_failed', `${this.#context.owner}: the controller shows no system`, {
      hint: 'is Redfish switched on there, and may the user read?',
    });
  }

  async #findChassis(system: System, signal: AbortSignal): Promise<readonly Chassis[]> {
    const found: Chassis[] = [];
    for (const link of system.Links?.Chassis ?? []) {
      const chassis = await this.#client.find<Chassis>(link, signal);
      if (chassis !== undefined) found.push(chassis);
    }
    return found;
  }

  async #findLog(system: System, signal: AbortSignal): Promise<Link | undefined> {
    const manager = await this.#client.find<Manager>(await this.#managerLink(system, signal), signal);
    return findLog(this.#client, [manager?.LogServices, system.LogServices], signal);
  }

  async #managerLink(system: System, signal: AbortSignal): Promise<Link | undefined> {
    const [own] = system.Links?.ManagedBy ?? [];
    if (own !== undefined) return own;
    const { Managers: managers } = await this.#client.root(signal);
    const [first] = await this.#client.members<Link>(managers, signal);
    return first;
  }

  /** Reads a part that the rest does not depend on. What it does not tell is said, once. */
  async #part<T>(what: string, signal: AbortSignal, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (thrown) {
      const error = asLabError(thrown);
      // Who cannot reach it, or is not let in, has more to say than that a part is missing.
      if (signal.aborted || error.code !== 'source_failed') throw thrown;
      const { log } = this.#context;
      log[this.#said.has(error.message) ? 'debug' : 'warn'](`${what}: ${error.message}`, {
        code: error.code,
      });
      this.#said.add(error.message);
      return undefined;
    }
  }

  #publish(): void {
    if (!this.#closed.signal.aborted) this.#context.publish(this.#picture.resources());
  }
}
