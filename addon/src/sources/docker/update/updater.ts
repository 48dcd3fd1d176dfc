import type { UpdateChoice, UpdateNote, UpdatePlan } from '../../../contract/capabilities.ts';
import type { Finding } from '../../../contract/finding.ts';
import type { PollTask } from '../../../contract/source.ts';
import type { Clock } from '../../../core/clock.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { LabResource, LabResourceOf } from '../../../kinds/index.ts';
import { parseReference } from '../registry/reference.ts';
import type { ContainerInspect } from '../wire.ts';
import type { WholeInspect } from './anatomy.ts';
import { exposedOf } from './exposed.ts';
import type { Hands, RegistryLogin } from './hands.ts';
import { type Entry, isOver, type Journal, type Unit } from './journal.ts';
import { outsideOf } from './outside.ts';
import { sharesWith } from './recreate.ts';
import { choices, Swap } from './swap.ts';
import { QUIET_SECONDS } from './watch.ts';

export interface UpdaterParts {
  readonly hands: Hands;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  /** The containers that are followed, by resource id. */
  readonly containers: () => ReadonlyMap<string, ContainerInspect>;
  /** Who logs in at a registry; undefined: nobody. */
  readonly loginOf: (registry: string) => RegistryLogin | undefined;
  readonly report: (findings: readonly Finding[]) => void;
  /** Something else is to be shown. */
  readonly changed: () => void;
}

/** Updates containers of one engine to what their tags point at, and goes on with updates that were cut off. */
export class Updater {
  readonly tasks: readonly PollTask[];
  readonly #parts: UpdaterParts;
  readonly #swap: Swap;
  /** By resource id, how far each is, 0 to 1. */
  readonly #active = new Map<string, number>();
  readonly #shown = new WeakMap<LabResource, LabResourceOf<'container'>>();

  constructor(parts: UpdaterParts) {
    this.#parts = parts;
    const { hands, journal, clock } = parts;
    this.#swap = new Swap({
      hands,
      journal,
      clock,
      told: ({ resource }, share) => this.#told(resource, 0.5 + share / 2),
    });
    this.tasks = [{ name: 'updates that were cut off', tier: 'slow', run: (signal) => this.#goOn(signal) }];
  }

  /** Adds to containers whether they can be updated, and how far that is. What did not change is the same as before. */
  shownOn(resources: readonly LabResource[]): readonly LabResource[] {
    const containers = this.#parts.containers();
    return resources.map((from) => {
      if (from.kind !== 'container') return from;
      const inspect = containers.get(from.id);
      const updatable = inspect !== undefined && outsideOf(inspect) === undefined;
      const percent = this.progressOf(from.id);
      if (!updatable && percent === undefined) return from;
      const known = this.#shown.get(from);
      if (known?.readings.image_progress === percent && known !== undefined) return known;
      const readings = {
        ...from.readings,
        ...(updatable && { updatable: true as const }),
        ...(percent !== undefined && { image_progress: percent }),
      };
      const as = { ...from, readings };
      this.#shown.set(from, as);
      return as;
    });
  }

  /** Percent; undefined: none is under way. */
  progressOf(resourceId: string): number | undefined {
    const share = this.#active.get(resourceId);
    return share === undefined ? undefined : Math.floor(share * 100);
  }

  /** @throws LabError why it cannot be done */
  plan(resourceId: string, { go_back }: UpdateChoice): UpdatePlan {
    const main = this.#known(resourceId);
    const { containers } = this.#parts;
    const sharers = [...containers().values()].filter((one) => sharesWith(one as WholeInspect, named(main)));
    const name = named(main).name;
    const exposed = [main, ...sharers].flatMap((one) => exposedOf(one as WholeInspect));
    const health = main.State.Health;
    const hasCheck = health !== undefined && health.Status !== 'none';
    const all = [main, ...sharers].map((one) => named(one).name).join(', ');
    return {
      steps: [
        `Pull ${main.Config.Image}`,
        `Stop and keep ${all}`,
        `Make and start new ${all}`,
        hasCheck
          ? `Wait until ${name} is healthy`
          : `Wait until ${name} has run ${QUIET_SECONDS} s without a restart`,
        `Remove the old ${all}`,
      ],
      warnings: [
        ...(hasCheck ? [] : [`${name} has no health check: running without a restart has to do`]),
        ...(exposed.length === 0 ? [] : [warningOf(exposed, go_back === true)]),
      ],
    };
  }

  /**
   * Updates a container, and makes those anew that live in its namespaces.
   *
   * @throws LabError why not, and which container runs now
   */
  async run(resourceId: string, choice: UpdateChoice, signal: AbortSignal, note: UpdateNote): Promise<void> {
    const known = this.#known(resourceId);
    this.#checkIdle(resourceId, known);
    this.#parts.journal.drop(resourceId);
    this.#active.set(resourceId, 0);
    this.#parts.changed();
    try {
      const newImage = await this.#pull(known, signal, (share) => {
        this.#told(resourceId, share / 2);
        note({ progress: share / 2 });
      });
      const entry = await this.#entryOf(resourceId, known.Id, newImage, choice, signal);
      this.#parts.journal.put(entry);
      await this.#swap.begin(entry, signal);
      note({ result: { image: newImage, image_before: entry.oldImage } });
    } finally {
      this.#active.delete(resourceId);
      this.#tell();
    }
  }

  /** What became of an update that was cut off; undefined: not known yet. */
  became(resourceId: string): boolean | undefined {
    const entry = this.#parts.journal.get(resourceId);
    if (this.#active.has(resourceId)) return undefined;
    if (entry === undefined) return false;
    return isOver(entry) ? entry.phase === 'updated' : entry.phase === 'stuck' ? false : undefined;
  }

  /** Of a moment in which nobody updates them: those that were cut off, one after another. */
  async #goOn(signal: AbortSignal): Promise<void> {
    const { journal, log } = this.#parts;
    for (const entry of journal.open()) {
      if (this.#active.has(entry.resource)) continue;
      if (entry.phase === 'stuck') {
        await this.#settle(entry, signal);
        continue;
      }
      this.#active.set(entry.resource, 0.5);
      // Whoever waits for what became of it looks when what is shown differs.
      this.#parts.changed();
      try {
        log.warn('goes on with an update that was cut off', { target: entry.resource, phase: entry.phase });
        await this.#swap.resume(entry, signal);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        log.warn(asLabError(thrown).message, { target: entry.resource });
      } finally {
        this.#active.delete(entry.resource);
      }
    }
    this.#tell();
  }

  /** Somebody may have chosen: then one of the two is not there any more, or has its name again. */
  async #settle({ resource, units }: Entry, signal: AbortSignal): Promise<void> {
    const { hands, journal } = this.#parts;
    for (const { oldId, name } of units) {
      const old = await hands.inspect(oldId, signal);
      if (old !== undefined && old.Name !== `/${name}`) return;
    }
    journal.drop(resource);
  }

  async #pull(
    { Config, Image }: ContainerInspect,
    signal: AbortSignal,
    told: (share: number) => void,
  ): Promise<string> {
    const { hands, loginOf } = this.#parts;
    const registry = parseReference(Config.Image)?.registry ?? '';
    let failure: unknown;
    try {
      await hands.pull(Config.Image, loginOf(registry), told, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      failure = thrown;
    }
    const found = await hands.image(Config.Image, signal);
    // What was pulled or built before is as new as it gets without a registry.
    if (found !== undefined && found.Id !== Image) return found.Id;
    if (failure !== undefined) throw failure;
    throw new LabError('source_refused', `${Config.Image} has nothing newer than what runs already`);
  }

  async #entryOf(
    resource: string,
    id: string,
    newImage: string,
    { go_back }: UpdateChoice,
    signal: AbortSignal,
  ): Promise<Entry> {
    const all = await this.#parts.hands.all(signal);
    const main = all.find((one) => one.Id === id);
    if (main === undefined)
      throw new LabError('target_changed', `${resource} was removed or recreated meanwhile`);
    const units = [main, ...all.filter((one) => sharesWith(one, named(main)))];
    return {
      ...{ resource, phase: 'replacing', oldImage: main.Image, newImage, units: units.map(unitOf) },
      ...{ exposed: units.flatMap(exposedOf), goBack: go_back === true },
    };
  }

  #known(resourceId: string): ContainerInspect {
    const inspect = this.#parts.containers().get(resourceId);
    if (inspect === undefined)
      throw new LabError('target_unknown', `${resourceId} is not on the engine at present`);
    const reason = outsideOf(inspect);
    if (reason === undefined) return inspect;
    throw new LabError('target_unsuitable', `${named(inspect).name} is not updated from here: ${reason}`, {
      hint: 'update it on its own machine',
    });
  }

  #checkIdle(resourceId: string, inspect: ContainerInspect): void {
    const open = this.#parts.journal.get(resourceId);
    if (open === undefined || isOver(open)) return;
    throw new LabError('target_busy', `the last update of ${named(inspect).name} is not over`, {
      hint: open.phase === 'stuck' ? `decide on that first: ${waysOut(open)}` : 'wait until it is',
    });
  }

  #told(resourceId: string, share: number): void {
    const before = this.progressOf(resourceId);
    this.#active.set(resourceId, share);
    if (this.progressOf(resourceId) !== before) this.#parts.changed();
  }

  #tell(): void {
    const { journal, report, changed } = this.#parts;
    report(journal.open().flatMap((entry) => (entry.phase === 'stuck' ? [stuckFinding(entry)] : [])));
    changed();
  }
}

const named = ({ Id, Name }: { readonly Id: string; readonly Name: string }) => ({
  id: Id,
  name: Name.replace(/^\//, ''),
});

function unitOf({ Id, Name, State, HostConfig }: WholeInspect): Unit {
  const ran = ['running', 'restarting', 'paused'].includes(State.Status);
  return { name: Name.replace(/^\//, ''), oldId: Id, ran, restart: HostConfig.RestartPolicy };
}

function warningOf(exposed: readonly string[], goesBack: boolean): string {
  const after = goesBack
    ? 'after a failure the old container runs again on what the new one made of it'
    : 'after a failure the old container is kept stopped, until somebody decides';
  return `nothing protects ${exposed.join(', ')}: going back to the old image does not take back data; ${after}`;
}

const waysOut = ({ units }: Entry): string =>
  units
    .slice(0, 1)
    .map((unit) => choices(unit).join(' or '))
    .join();

function stuckFinding({ resource, units, reason = '', exposed }: Entry): Finding {
  return {
    key: `update-stuck-${resource}`,
    severity: 'problem',
    about: resource,
    title: 'An update failed, and the old container is kept',
    message:
      `${reason}. The new container may have written to ${exposed.join(', ')}, so the old one was not started again: ` +
      'older programs may not understand what newer ones have made of their data.',
    remedy:
      'Look at the log of the new one; then go back with the first command, or let the old one go with the second.',
    commands: units.slice(0, 1).flatMap(choices),
  };
}
