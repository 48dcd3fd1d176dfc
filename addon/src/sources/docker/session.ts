import type { Capabilities } from '../../contract/capabilities.ts';
import type { PollTask, Session, SourceContext, SourceEvent, Watch } from '../../contract/source.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { LabResource } from '../../kinds/index.ts';
import { DockerClient } from './client.ts';
import type { DockerOptions } from './config.ts';
import { diskOf, NOT_MEASURED } from './disk.ts';
import { happeningOf, Untold } from './happenings.ts';
import { linesOf } from './json-lines.ts';
import type { ContainerResource } from './map.ts';
import { Picture } from './picture.ts';
import { StackControl } from './stack-control.ts';
import type { EngineEvent } from './wire.ts';

const FORGET_SECONDS = 60;
const DISK_SECONDS = 6 * 3_600;
const DISK_AGAIN_SECONDS = 3_600;
const INSPECTIONS_ABREAST = 8;
/** The engine answers each only when its collector comes round, up to a second later, so they wait together. */
const MEASUREMENTS_ABREAST = 64;
/** Happen inside a container, or change nothing that we show. */
const UNINTERESTING =
  /^(exec_|top$|attach$|detach$|resize$|export$|copy$|archive-path$|extract-to-dir$|commit$)/;
/** SIGINT, SIGQUIT, SIGKILL, SIGTERM: by these, `docker stop` and `docker kill` end a container for good. */
const DEADLY = new Set(['2', '3', '9', '15']);

/** One engine: its event stream keeps the picture true, polls only add numbers. */
export class DockerSession implements Session {
  readonly watches: readonly Watch[];
  readonly tasks: readonly PollTask[];
  readonly capabilities: Partial<Capabilities>;

  readonly #client: DockerClient;
  readonly #stacks: StackControl;
  readonly #context: SourceContext;
  readonly #picture: Picture;
  readonly #forgetMs: number;
  readonly #closed = new AbortController();
  /** Containers being looked at; true: something happened meanwhile, look again. */
  readonly #looking = new Map<string, boolean>();
  /** Containers that somebody told to end and that have not yet. */
  readonly #killed = new Set<string>();
  readonly #untold = new Untold();
  /** The last event seen, as the engine wants it back. */
  #since: string | undefined;
  /** The engine tells the last event again where a stream goes on. */
  #lastLine: string | undefined;
  /** Everything was read once: what is new from now on came meanwhile. */
  #complete = false;
  /** What containers take of the disk was read at the last attempt. */
  #hasDisk = true;
  #cancelForgetting: () => void = () => {};

  constructor(options: DockerOptions, context: SourceContext) {
    const { owner, title } = context;
    this.#client = new DockerClient(options, owner, context.clock, context.meter);
    this.#stacks = new StackControl(this.#client, context.clock);
    this.#context = context;
    this.#picture = new Picture({ owner, title, address: addressOf(options), guest: options.guest });
    this.#picture.learn({ disk: NOT_MEASURED });
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
    ];
    this.capabilities = {
      power: {
        start: async (id, signal) => this.#power('start', id, signal),
        stop: async (id, signal) => this.#power('stop', id, signal),
        restart: async (id, signal) => this.#power('restart', id, signal),
      },
      container: {
        pause: async (id, signal) => this.#client.pause(this.#containerId(id), signal),
        resume: async (id, signal) => this.#client.unpause(this.#containerId(id), signal),
        kill: async (id, signal) => this.#client.kill(this.#containerId(id), signal),
      },
      logs: { tail: async (id, lines, signal) => this.#client.log(this.#containerId(id), lines, signal) },
    };
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
  }

  async #power(verb: 'start' | 'stop' | 'restart', id: string, signal: AbortSignal): Promise<void> {
    const members = this.#picture.membersOf(id);
    if (members.length > 0) await this.#stacks[verb](members, signal);
    else await this.#client[verb](this.#containerId(id), signal);
  }

  /** Events first, then all containers: whatever happens while they are listed is in the stream already. */
  async #watch(signal: AbortSignal, ready: (resources: readonly LabResource[]) => void): Promise<void> {
    const stopped = new AbortController();
    const both = AbortSignal.any([signal, stopped.signal]);
    try {
      const events = await this.#client.events(this.#since, both);
      const following = this.#follow(events, both);
      // Both at once: a stream that breaks during the listing must not wait for it.
      await Promise.race([following, this.#readAll(both)]);
      ready(this.#picture.resources(this.#context.clock.now()));
      this.#complete = true;
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

  async #follow(events: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
    try {
      for await (const line of linesOf(events)) this.#take(line, signal);
    } catch (cause) {
      const { message } = cause as Error;
      throw new LabError('unreachable', `${this.#context.owner}: the event stream broke: ${message}`, {
        cause,
      });
    }
    throw new LabError('unreachable', `${this.#context.owner}: the event stream ended`);
  }

  #take(line: string, signal: AbortSignal): void {
    if (line === this.#lastLine) return;
    this.#lastLine = line;
    const event = JSON.parse(line) as EngineEvent;
    const { Type, Action, Actor } = event;
    const nanoseconds = /"timeNano":\s*(\d{10,})/.exec(line)?.[1];
    if (nanoseconds !== undefined) this.#since = `${nanoseconds.slice(0, -9)}.${nanoseconds.slice(-9)}`;
    if (Type !== 'container' || UNINTERESTING.test(Action)) return;
    const wanted = this.#note(Action, Actor);
    const happening = happeningOf(event, wanted);
    if (Action === 'destroy') {
      const resourceId = this.#picture.resourceId(Actor.ID);
      this.#forget(Actor.ID);
      this.#publish();
      this.#untold.take(Actor.ID);
      // One that was replaced before is not gone.
      const isGone = resourceId !== undefined && this.#picture.containerId(resourceId) === undefined;
      if (isGone && happening !== undefined) this.#tell(resourceId, happening);
      return;
    }
    if (happening !== undefined) this.#tellOf(Actor.ID, happening);
    this.#look(Actor.ID, signal).catch((thrown: Error) => {
      if (!signal.aborted) this.#context.log.warn(`after “${Action}”: ${thrown.message}`);
    });
  }

  /**
   * What an event tells by itself, ahead of the reading that follows it.
   *
   * @returns whether it is an end that somebody wanted
   */
  #note(action: string, { ID, Attributes = {} }: EngineEvent['Actor']): boolean {
    if (action === 'kill' && DEADLY.has(Attributes.signal ?? '')) this.#killed.add(ID);
    if (action !== 'die' && action !== 'destroy') return false;
    const wanted = this.#killed.delete(ID);
    if (action === 'destroy') return wanted;
    if (this.#picture.ended(ID, Number(Attributes.exitCode ?? 0), wanted)) this.#publish();
    return wanted;
  }

  #tellOf(containerId: string, event: SourceEvent): void {
    const resourceId = this.#picture.resourceId(containerId);
    if (resourceId === undefined) this.#untold.keep(containerId, event);
    else this.#tell(resourceId, event);
  }

  #tell(resourceId: string, event: SourceEvent): void {
    this.#context.emit(resourceId, 'event', event);
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    const [info, version, listed] = await Promise.all([
      this.#client.info(signal),
      this.#client.version(signal),
      this.#client.list(signal),
    ]);
    this.#picture.setOwner(this.#context.identities.bind(info.ID));
    this.#picture.learn({ info, version });
    const there = new Set(listed);
    for (const id of this.#picture.ids) if (!there.has(id)) this.#forget(id);
    await abreast(INSPECTIONS_ABREAST, listed, (id) => this.#read(id, signal, () => {}));
  }

  #look(id: string, signal: AbortSignal): Promise<void> {
    return this.#read(id, signal, () => this.#publish());
  }

  /** Reads one container, `done` after each time. Asked for while it is at it, it reads once more: no answer is old. */
  async #read(id: string, signal: AbortSignal, done: () => void): Promise<void> {
    if (this.#looking.has(id)) {
      this.#looking.set(id, true);
      return;
    }
    try {
      do {
        this.#looking.set(id, false);
        const inspect = await this.#client.inspect(id, signal);
        const before = inspect && this.#picture.saw(inspect);
        if (inspect === undefined) this.#forget(id);
        done();
        this.#tellNews(id, before);
      } while (this.#looking.get(id) === true && !signal.aborted);
    } finally {
      this.#looking.delete(id);
    }
  }

  /** @param before what it took the place of */
  #tellNews(id: string, before: ContainerResource | undefined): void {
    const waiting = this.#untold.take(id);
    const resourceId = this.#picture.resourceId(id);
    if (resourceId === undefined || !this.#complete) return;
    if (before !== undefined) {
      const { image } = this.#picture.readingsOf(id) ?? {};
      const { image: image_before } = before.readings;
      this.#tell(resourceId, { event_type: 'recreated', image: image ?? null, image_before });
    }
    for (const event of waiting) this.#tell(resourceId, event);
  }

  async #measure(signal: AbortSignal): Promise<void> {
    await abreast(MEASUREMENTS_ABREAST, this.#picture.runningIds, async (id) => {
      const stats = await this.#client.stats(id, signal);
      if (stats !== undefined) this.#picture.measured(id, stats);
    });
    this.#publish();
  }

  async #readInfo(signal: AbortSignal): Promise<void> {
    this.#picture.learn({ info: await this.#client.info(signal) });
    this.#publish();
  }

  /** Asked again at once, an engine that is too slow would never do anything else. */
  async #readDisk(signal: AbortSignal): Promise<void> {
    try {
      this.#picture.learn({ disk: diskOf(await this.#client.diskUsage(signal)) });
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

  #publish(): void {
    if (this.#closed.signal.aborted) return;
    const { clock, publish } = this.#context;
    publish(this.#picture.resources(clock.now()));
    this.#cancelForgetting();
    const wait = this.#picture.nextForgetting(clock.now());
    if (wait !== undefined) this.#cancelForgetting = clock.after(wait, () => this.#publish());
  }

  #containerId(resourceId: string): string {
    const id = this.#picture.containerId(resourceId);
    if (id !== undefined) return id;
    throw new LabError('target_unknown', `${resourceId} is not on the engine at present`);
  }
}

function addressOf({ address, url }: DockerOptions): string | undefined {
  return address ?? (url.startsWith('unix:') ? undefined : new URL(url.replace(/^tcp:/, 'http:')).hostname);
}

/** Runs `work` over all items, at most `width` at a time. */
async function abreast<T>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}
