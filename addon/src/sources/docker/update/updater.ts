import type { Finding } from '../../../contract/finding.ts';
import type { PollTask } from '../../../contract/source.ts';
import type {
  Protection,
  TakeSnapshot,
  UpdateChoice,
  UpdateNote,
  UpdatePlan,
} from '../../../contract/update.ts';
import type { Clock } from '../../../core/clock.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { LabResource } from '../../../kinds/index.ts';
import { type Guardian, guardOf } from '../guard/guard.ts';
import type { ContainerInspect } from '../wire.ts';
import type { WholeInspect } from './anatomy.ts';
import { stuckFinding } from './finding.ts';
import type { Hands, RegistryLogin } from './hands.ts';
import { type Entry, isOver, type Journal, type Unit } from './journal.ts';
import type { Outsiders } from './outside.ts';
import { backPlanOf, planOf } from './plan.ts';
import { sharesWith } from './recreate.ts';
import { ShownUpdates } from './shown.ts';
import { Swap, waysOut } from './swap.ts';
import { newerFor, presentFor } from './wanted.ts';

export interface UpdaterParts {
  readonly hands: Hands;
  readonly outsiders: Outsiders;
  readonly journal: Journal;
  readonly guardian: Guardian;
  /** Where nobody chooses one. */
  readonly protection: Protection;
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
  readonly #shown = new ShownUpdates();

  constructor(parts: UpdaterParts) {
    this.#parts = parts;
    const { hands, journal, guardian, clock } = parts;
    this.#swap = new Swap({
      ...{ hands, journal, guardian, clock },
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
      const updatable = inspect !== undefined && this.#parts.outsiders.outsideOf(inspect) === undefined;
      return this.#shown.of(from, updatable, this.progressOf(from.id));
    });
  }

  /** Percent; undefined: none is under way. */
  progressOf(resourceId: string): number | undefined {
    const share = this.#active.get(resourceId);
    return share === undefined ? undefined : Math.floor(share * 100);
  }

  /** @throws LabError why it cannot be done */
  plan(resourceId: string, choice: UpdateChoice): UpdatePlan {
    const stuck = this.#stuck(resourceId, choice);
    if (stuck !== undefined) return backPlanOf(stuck);
    const main = this.#known(resourceId);
    const { containers } = this.#parts;
    const { go_back, protection = this.#parts.protection } = choice;
    return planOf(main as WholeInspect, [...containers().values()] as readonly WholeInspect[], {
      protection,
      goesBack: go_back === true,
    });
  }

  /**
   * Updates a container, and makes those anew that live in its namespaces. Of one whose last update failed, and waits
   * for somebody to decide, the old one runs again where `go_back` was asked for.
   *
   * @throws LabError why not, and which container runs now
   */
  async run(
    resourceId: string,
    choice: UpdateChoice,
    signal: AbortSignal,
    note: UpdateNote,
    takeSnapshot?: TakeSnapshot,
  ): Promise<void> {
    const stuck = this.#stuck(resourceId, choice);
    if (stuck !== undefined) return this.#whileActive(resourceId, () => this.#swap.goBack(stuck, signal));
    const known = this.#known(resourceId);
    this.#checkIdle(resourceId, known);
    this.#parts.journal.drop(resourceId);
    await this.#whileActive(resourceId, async () => {
      const newImage = await newerFor(this.#parts, known, this.#pulling(resourceId, note), signal);
      const entry = await this.#entryOf(resourceId, known.Id, newImage, choice, signal);
      await this.#parts.guardian.prepare(entry, signal);
      this.#parts.journal.put(entry);
      await this.#swap.begin(entry, takeSnapshot, signal);
      note({ result: { image: newImage, image_before: entry.oldImage } });
    });
  }

  /**
   * Makes a container anew, and those with it that live in its namespaces, from what the engine has under its image's
   * name. Where that is the very image that runs, the same program has written the data: the old one may always run again.
   *
   * @throws LabError why not, and which container runs now
   */
  async recreate(
    resourceId: string,
    { pull, go_back }: { readonly pull: boolean; readonly go_back: boolean },
    signal: AbortSignal,
    note: UpdateNote,
  ): Promise<void> {
    const known = this.#known(resourceId, this.#parts.outsiders.heldOf);
    this.#checkIdle(resourceId, known);
    this.#parts.journal.drop(resourceId);
    await this.#whileActive(resourceId, async () => {
      const told = this.#pulling(resourceId, note);
      const newImage = await presentFor(this.#parts, known, pull, told, signal);
      const isSame = newImage === known.Image;
      const protection = isSame || this.#parts.protection !== 'copy' ? 'none' : 'copy';
      const choice: UpdateChoice = { go_back: go_back || isSame, protection };
      const entry = await this.#entryOf(resourceId, known.Id, newImage, choice, signal);
      await this.#parts.guardian.prepare(entry, signal);
      this.#parts.journal.put(entry);
      await this.#swap.begin(entry, undefined, signal);
      note({ result: { image: newImage, image_before: entry.oldImage } });
    });
  }

  /** What the last update or recreation of a container came to, as it is written down. */
  lastOf(resourceId: string): Entry | undefined {
    return this.#parts.journal.get(resourceId);
  }

  /** What became of an update that was cut off; undefined: not known yet. */
  became(resourceId: string): boolean | undefined {
    const entry = this.#parts.journal.get(resourceId);
    if (this.#active.has(resourceId)) return undefined;
    if (entry === undefined) return false;
    return isOver(entry) ? entry.phase === 'updated' : entry.phase === 'stuck' ? false : undefined;
  }

  async #whileActive(resourceId: string, work: () => Promise<void>): Promise<void> {
    this.#active.set(resourceId, 0);
    this.#parts.changed();
    try {
      await work();
    } finally {
      this.#active.delete(resourceId);
      this.#tell();
    }
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
  async #settle(entry: Entry, signal: AbortSignal): Promise<void> {
    const { hands, journal, guardian } = this.#parts;
    const { resource, units } = entry;
    let isGone = true;
    for (const { oldId, name } of units) {
      const old = await hands.inspect(oldId, signal);
      if (old !== undefined && old.Name !== `/${name}`) return;
      if (old !== undefined) isGone = false;
    }
    // Who had the old one run again by hand may still want the data back.
    if (isGone) await guardian.release(entry, signal);
    journal.drop(resource);
  }

  async #entryOf(
    resource: string,
    id: string,
    newImage: string,
    { go_back, protection = this.#parts.protection }: UpdateChoice,
    signal: AbortSignal,
  ): Promise<Entry> {
    const all = await this.#parts.hands.all(signal);
    const main = all.find((one) => one.Id === id);
    if (main === undefined)
      throw new LabError('target_changed', `${resource} was removed or recreated meanwhile`);
    const units = [main, ...all.filter((one) => sharesWith(one, named(main)))];
    return {
      ...{ resource, phase: 'replacing', oldImage: main.Image, newImage, units: units.map(unitOf) },
      ...{ ...guardOf(protection, units, all), goBack: go_back === true },
    };
  }

  /** What is to be gone back to: there may be nothing of it but the old container, which is kept. */
  #stuck(resourceId: string, { go_back }: UpdateChoice): Entry | undefined {
    const open = this.#parts.journal.get(resourceId);
    return open?.phase === 'stuck' && go_back === true ? open : undefined;
  }

  #known(resourceId: string, reasonOf = this.#parts.outsiders.outsideOf): ContainerInspect {
    const inspect = this.#parts.containers().get(resourceId);
    if (inspect === undefined)
      throw new LabError('target_unknown', `${resourceId} is not on the engine at present`);
    const reason = reasonOf(inspect);
    if (reason === undefined) return inspect;
    throw new LabError('target_unsuitable', `${named(inspect).name} is not updated from here: ${reason}`, {
      hint: 'update it on its own machine',
    });
  }

  #checkIdle(resourceId: string, inspect: ContainerInspect): void {
    const open = this.#parts.journal.get(resourceId);
    if (open === undefined || isOver(open)) return;
    throw new LabError('target_busy', `the last update of ${named(inspect).name} is not over`, {
      hint:
        open.phase === 'stuck' ? `decide on that first: ${waysOut(open).join(' or ')}` : 'wait until it is',
    });
  }

  #pulling(resourceId: string, note: UpdateNote): (share: number) => void {
    return (share) => {
      this.#told(resourceId, share / 2);
      note({ progress: share / 2 });
    };
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
