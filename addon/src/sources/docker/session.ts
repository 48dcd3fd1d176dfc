import type { Capabilities } from '../../contract/capabilities.ts';
import type { PollTask, Session, SourceContext, Watch } from '../../contract/source.ts';
import { pause } from '../../core/clock.ts';
import { asAnswerError, asLabError, LabError } from '../../core/errors.ts';
import type { LabResource } from '../../kinds/index.ts';
import { abreast } from './abreast.ts';
import { controlsAt, isRefusal, type Right } from './access.ts';
import { DockerClient } from './client.ts';
import type { DockerOptions } from './config.ts';
import { ContainerReader } from './container-reader.ts';
import { capabilitiesOf } from './controls.ts';
import { diskOf, NOT_MEASURED } from './disk.ts';
import { execOf } from './exec.ts';
import { EventFeed } from './feed.ts';
import { linesOf } from './json-lines.ts';
import { addressOf, machineOf } from './machine.ts';
import { Picture } from './picture.ts';
import { openProvision } from './provision/open.ts';
import { type ImageUpdates, openUpdates } from './registry/open.ts';
import { StackControl } from './stack-control.ts';
import type { EngineUpdates } from './stacks/both.ts';
import { Troubles } from './troubles.ts';
import { loginsOf, openUpdater } from './update/open.ts';
import type { ImageInspect } from './wire.ts';

const FORGET_SECONDS = 60;
const DISK_SECONDS = 6 * 3_600;
const DISK_AGAIN_SECONDS = 3_600;
const INSPECTIONS_ABREAST = 8;
/** The engine answers each only when its collector comes round, up to a second later, so they wait together. */
const MEASUREMENTS_ABREAST = 64;
/** Between two readings of everything where no events come. */
const READ_MS = 30_000;

/** One engine: its event stream keeps the picture true, polls only add numbers. */
export class DockerSession implements Session {
  readonly watches: readonly Watch[];
  readonly tasks: readonly PollTask[];
  readonly capabilities: Partial<Capabilities>;

  readonly #client: DockerClient;
  readonly #context: SourceContext;
  readonly #options: DockerOptions;
  readonly #picture: Picture;
  readonly #feed: EventFeed;
  /** What stands for the engine where its own id may not be read. */
  readonly #place: string;
  readonly #forgetMs: number;
  readonly #updates: ImageUpdates;
  readonly #updater: EngineUpdates;
  readonly #closed = new AbortController();
  readonly #reader: ContainerReader;
  readonly #troubles: Troubles;
  #signal: AbortSignal = this.#closed.signal;
  /** Everything was read once: what is new from now on came meanwhile. */
  #complete = false;
  /** What containers take of the disk was read at the last attempt. */
  #hasDisk = true;
  #cancelForgetting: () => void = () => {};

  constructor(options: DockerOptions, context: SourceContext) {
    const { owner, title } = context;
    this.#client = new DockerClient(options, owner, context.clock, context.meter);
    this.#context = context;
    this.#options = options;
    this.#troubles = new Troubles(owner, (findings) => context.report(findings));
    this.#place = ['at', options.url, options.environment].filter(Boolean).join(' ');
    this.#picture = new Picture({ owner, title, address: addressOf(options), guest: options.guest });
    this.#picture.learn({ disk: NOT_MEASURED });
    this.#feed = new EventFeed({
      picture: this.#picture,
      emit: (resourceId, event) => context.emit(resourceId, 'event', event),
      publish: () => this.#publish(),
      forget: (id) => {
        this.#reader.gone(id);
        this.#forget(id);
      },
      look: (id, action) => this.#lookAfter(id, action),
    });
    this.#reader = new ContainerReader({
      ...{ client: this.#client, picture: this.#picture, forget: (id) => this.#forget(id) },
      wasRead: (id, before) => {
        if (this.#complete) this.#feed.wasRead(id, before);
      },
    });
    this.#updates = openUpdates(options, context, this, this.#picture, () => this.#publish());
    const found = { client: this.#client, picture: this.#picture, updates: this.#updates };
    const parts = { ...found, troubles: this.#troubles };
    this.#updater = openUpdater(options, context, parts, () => this.#publish());
    this.#forgetMs = (options.forget_after ?? FORGET_SECONDS) * 1_000;
    this.watches = [{ name: 'events', run: (signal, ready) => this.#watch(signal, ready) }];
    this.tasks = [
      { name: 'container statistics', tier: 'slow', run: (signal) => this.#measure(signal) },
      { name: 'engine information', tier: 'rare', run: (signal) => this.#readInfo(signal) },
      {
        name: 'disk usage',
        tier: 'rare',
        everySeconds: () => (this.#hasDisk ? DISK_SECONDS : DISK_AGAIN_SECONDS),
        run: (signal) => this.#readDisk(signal),
      },
      ...[...this.#updates.tasks, ...this.#updater.tasks],
    ];
    const stacks = new StackControl(this.#client, context.clock);
    this.capabilities = {
      ...capabilitiesOf(this.#client, stacks, this.#picture),
      update: this.#updater.capability,
      exec: execOf(this.#client, this.#picture),
      provision: openProvision(options, context, {
        ...{ client: this.#client, loginOf: loginsOf(options), picture: this.#picture },
        ...{ updates: this.#updater, control: stacks },
      }),
    };
  }

  async ask(signal: AbortSignal): Promise<void> {
    await this.#client.list(signal);
  }

  refresh(resourceId: string): void {
    const id = this.#picture.containerId(resourceId);
    const ids = id === undefined ? this.#picture.membersOf(resourceId).map((one) => one.containerId) : [id];
    // The event stream tells it too; this is for what changed without an event.
    for (const one of ids) void this.#look(one, this.#closed.signal).catch(() => {});
  }

  async close(): Promise<void> {
    this.#cancelForgetting();
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await this.#updates.close();
    this.#client.close();
  }

  /** Events first, then all containers: whatever happens while they are listed is in the stream already. */
  async #watch(signal: AbortSignal, ready: (resources: readonly LabResource[]) => void): Promise<void> {
    const stopped = new AbortController();
    const both = AbortSignal.any([signal, stopped.signal]);
    this.#signal = both;
    try {
      const events = await this.#optional('events', () => this.#client.events(this.#feed.since, both));
      const following = events === undefined ? this.#readOn(both) : this.#follow(events);
      // Both at once: a stream that breaks during the listing must not wait for it.
      await Promise.race([following, this.#readAll(both)]);
      this.#complete = true;
      ready(this.#resources());
      // Nothing new; but what went meanwhile has to be forgotten in time.
      this.#publish();
      await following;
    } catch (thrown) {
      // The first time, there is nothing yet that could be shown as unreachable.
      this.#publish();
      throw thrown;
    } finally {
      stopped.abort();
    }
  }

  async #follow(events: AsyncIterable<Buffer>): Promise<void> {
    try {
      for await (const line of linesOf(events)) {
        this.#client.overhear(line);
        this.#feed.take(line);
      }
    } catch (cause) {
      const { message } = cause as Error;
      throw new LabError('unreachable', `${this.#context.owner}: the event stream broke: ${message}`, {
        cause,
      });
    }
    throw new LabError('unreachable', `${this.#context.owner}: the event stream ended`);
  }

  /** In place of the event stream, where that is refused. */
  async #readOn(signal: AbortSignal): Promise<never> {
    for (;;) {
      await pause(this.#context.clock, READ_MS, signal);
      signal.throwIfAborted();
      await this.#readContainers(signal);
      this.#publish();
    }
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    for (const [control, isRefused] of await controlsAt(this.#client, signal))
      this.#setRefused(control, isRefused);
    const [info, version] = await Promise.all([
      this.#optional('info', () => this.#client.info(signal)),
      this.#optional('version', () => this.#client.version(signal)),
    ]);
    this.#bind(info?.ID ?? this.#place);
    this.#picture.learn({ info, version, machine: await machineOf(this.#options, info) });
    await this.#readContainers(signal);
    // It may have been allowed meanwhile.
    for (const right of ['stats', 'disk', 'images'] as const) this.#setRefused(right, false);
  }

  /** @param system the engine's own id; where that may not be read, its address has to stand for it */
  #bind(system: string): void {
    try {
      this.#picture.setOwner(this.#context.identities.bind(system));
      this.#troubles.setTaken(undefined);
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      if (code === 'system_taken') this.#troubles.setTaken(message);
      throw thrown;
    }
  }

  async #readContainers(signal: AbortSignal): Promise<void> {
    const listed = await this.#client.list(signal);
    const there = new Set(listed);
    for (const id of this.#picture.ids) if (!there.has(id)) this.#forget(id);
    await abreast(INSPECTIONS_ABREAST, listed, (id) => this.#reader.read(id, signal, () => {}));
  }

  /** @returns undefined: it was refused, which is noted */
  async #optional<T>(right: Right, call: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await call();
      this.#setRefused(right, false);
      return answer;
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      this.#setRefused(right, true);
      return undefined;
    }
  }

  #setRefused(right: Right, isRefused: boolean): void {
    if (this.#troubles.setRefused(right, isRefused)) this.#picture.setRefused(this.#troubles.refused);
  }

  #lookAfter(id: string, action: string): void {
    const signal = this.#signal;
    this.#look(id, signal).catch((thrown: unknown) => {
      const { message, hint } = asAnswerError(thrown);
      if (!signal.aborted) this.#context.log.warn(`after “${action}”: ${message}${hint ? `; ${hint}` : ''}`);
    });
  }

  #look(id: string, signal: AbortSignal): Promise<void> {
    return this.#reader.read(id, signal, () => this.#publish());
  }

  async #measure(signal: AbortSignal): Promise<void> {
    await abreast(this.#client.width ?? MEASUREMENTS_ABREAST, this.#picture.runningIds, async (id) => {
      if (this.#troubles.refused.has('stats')) return;
      const stats = await this.#optional('stats', () => this.#client.stats(id, signal));
      if (stats !== undefined) this.#picture.measured(id, stats);
    });
    this.#publish();
  }

  /** An image by its id or name; undefined: there is none, or it may not be asked for. */
  async image(name: string, signal: AbortSignal): Promise<ImageInspect | undefined> {
    if (this.#troubles.refused.has('images')) return undefined;
    return this.#optional('images', () => this.#client.image(name, signal));
  }

  async #readInfo(signal: AbortSignal): Promise<void> {
    if (this.#troubles.refused.has('info')) return;
    const stackPages = await this.#client.stackPages(signal);
    this.#picture.learn({ info: await this.#client.info(signal), stackPages });
    this.#publish();
  }

  /** Asked again at once, an engine that is too slow would never do anything else. */
  async #readDisk(signal: AbortSignal): Promise<void> {
    try {
      const usage = await this.#optional('disk', () => this.#client.diskUsage(signal));
      this.#picture.learn({ disk: usage && diskOf(usage) });
      this.#hasDisk = true;
      this.#publish();
    } catch (thrown) {
      this.#hasDisk = false;
      if (signal.aborted || asLabError(thrown).code === 'unreachable') throw thrown;
      this.#context.log.warn(`${asLabError(thrown).message}; it is asked again in an hour`);
    }
  }

  #forget(id: string): void {
    this.#picture.gone(id, this.#context.clock.now(), this.#forgetMs);
  }

  #resources(): readonly LabResource[] {
    const resources = this.#picture.resources(this.#context.clock.now());
    return this.#updater.shownOn(this.#updates.shownOn(resources));
  }

  #publish(): void {
    if (this.#closed.signal.aborted) return;
    const { clock, publish } = this.#context;
    publish(this.#resources());
    this.#cancelForgetting();
    const wait = this.#picture.nextForgetting(clock.now());
    if (wait !== undefined) this.#cancelForgetting = clock.after(wait, () => this.#publish());
  }
}
