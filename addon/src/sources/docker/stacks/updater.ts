import type { Finding } from '../../../contract/finding.ts';
import type { PollTask } from '../../../contract/source.ts';
import type {
  Protection,
  TakeSnapshot,
  UpdateChoice,
  UpdateNote,
  UpdatePlan,
} from '../../../contract/update.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import type { LabResource } from '../../../kinds/index.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Outsiders } from '../update/outside.ts';
import { ShownUpdates } from '../update/shown.ts';
import type { Carrier } from './carriers.ts';
import { Change, type ChangeParts } from './change.ts';
import { type EachParts, settleEach, updateEach } from './each.ts';
import { entryOf, resultOf } from './entry.ts';
import { stuckStack } from './finding.ts';
import { NoHelper } from './helper.ts';
import { isSettled, type StackEntry } from './journal.ts';
import { backPlanOf, planOf } from './plan.ts';
import { isForged, type Project, projectOf } from './project.ts';
import type { Pulled } from './pull.ts';
import { nameOf, refusalOf, type Scope, type StackMember, scopeOf } from './scope.ts';
import { NOTHING_NEWER, unitsOf } from './units.ts';
import type { ChosenWay, Ways } from './ways.ts';

export interface StackUpdaterParts extends Omit<ChangeParts, 'told' | 'carrierOf'>, EachParts {
  /** The containers that a stack has at present, in the order of their starts. */
  readonly membersOf: (resource: string) => readonly StackMember[];
  /** Whatever the engine has, as it was read last. */
  readonly all: () => readonly WholeInspect[];
  /** Where nobody chooses one. */
  readonly protection: Protection;
  readonly outsiders: Outsiders;
  readonly ways: Ways;
  readonly carrierOf: (way: StackEntry['way']) => Carrier;
  readonly pull: (
    scope: Scope,
    way: StackEntry['way'],
    told: (share: number) => void,
    signal: AbortSignal,
  ) => Promise<readonly Pulled[]>;
  /** Whether a container of the engine is being updated by itself, or waits for somebody to decide on that. */
  readonly isTaken: (resource: string) => boolean;
  readonly report: (findings: readonly Finding[]) => void;
  /** Something else is to be shown. */
  readonly changed: () => void;
}

/** Updates stacks of one engine from their own files, and goes on with updates that were cut off. */
export class StackUpdater {
  readonly tasks: readonly PollTask[];
  readonly #parts: StackUpdaterParts;
  readonly #change: Change;
  /** By resource id, how far each is, 0 to 1. */
  readonly #active = new Map<string, number>();
  readonly #shown = new ShownUpdates();

  constructor(parts: StackUpdaterParts) {
    this.#parts = parts;
    this.#change = new Change({
      ...parts,
      carrierOf: ({ way }) => parts.carrierOf(way),
      told: ({ resource }, share) => this.#told(resource, 0.6 + share * 0.4),
    });
    this.tasks = [
      { name: 'files of stacks', tier: 'rare', run: (signal) => parts.ways.learn(signal) },
      { name: 'updates of stacks that were cut off', tier: 'slow', run: (signal) => this.#goOn(signal) },
    ];
  }

  /** Adds to stacks whether they can be updated, and how far that is. What did not change is the same as before. */
  shownOn(resources: readonly LabResource[]): readonly LabResource[] {
    return resources.map((from) => {
      if (from.kind !== 'stack') return from;
      const members = this.#parts.membersOf(from.id);
      const updatable = members.length > 0 && refusalOf(members, this.#parts.outsiders) === undefined;
      return this.#shown.of(from, updatable, this.#percent(from.id));
    });
  }

  /** @throws LabError why it cannot be done */
  plan(resource: string, { go_back, protection = this.#parts.protection }: UpdateChoice): UpdatePlan {
    const members = this.#known(resource);
    const stuck = this.#parts.journal.get(resource);
    if (stuck?.phase === 'stuck' && go_back === true) return backPlanOf(stuck);
    const scope = scopeOf(members, this.#parts.outsiders);
    // Not an error: it is planned again, too, to find out what became of what was cut off.
    if (scope.candidates.length === 0)
      return { steps: [`Nothing: ${NOTHING_NEWER}`], warnings: [], protection };
    const choice = { goesBack: go_back === true, protection, all: this.#parts.all() };
    return planOf(members, scope, this.#parts.ways.find(projectIn(members)), choice);
  }

  /**
   * Updates a stack. Of one whose last update failed, and waits for somebody to decide, the old images run again where
   * `go_back` was asked for.
   *
   * @throws LabError why not, and what runs now
   */
  async run(
    resource: string,
    choice: UpdateChoice,
    signal: AbortSignal,
    note: UpdateNote,
    takeSnapshot?: TakeSnapshot,
  ): Promise<void> {
    const members = this.#known(resource);
    const open = this.#parts.journal.get(resource);
    const isBack = open?.phase === 'stuck' && choice.go_back === true;
    if (!isBack) this.checkIdle(resource, members);
    this.#active.set(resource, 0);
    this.#parts.changed();
    try {
      if (isBack) await this.#change.goBack(open, signal);
      else await this.#update(resource, members, choice, signal, note, takeSnapshot);
    } finally {
      this.#active.delete(resource);
      this.#tell();
    }
  }

  /** What became of an update that was cut off; undefined: not known yet. */
  became(resource: string): boolean | undefined {
    const entry = this.#parts.journal.get(resource);
    if (this.#active.has(resource)) return undefined;
    if (entry === undefined) return false;
    return isSettled(entry) ? entry.phase === 'updated' : entry.phase === 'stuck' ? false : undefined;
  }

  /** @throws LabError `target_busy` when a container's stack is being updated, or waits for somebody to decide */
  checkFree(container: string): void {
    const taken = this.#parts.journal.open().find(({ units }) => units.some(({ id }) => id === container));
    if (taken === undefined) return;
    throw new LabError('target_busy', `the last update of its stack, ${taken.project.name}, is not over`, {
      hint: taken.phase === 'stuck' ? 'decide on that first' : 'wait until it is',
    });
  }

  async #update(
    resource: string,
    members: readonly StackMember[],
    choice: UpdateChoice,
    signal: AbortSignal,
    note: UpdateNote,
    takeSnapshot: TakeSnapshot | undefined,
  ): Promise<void> {
    const { journal, guardian, hands, pull, clock, carrierOf } = this.#parts;
    const project = projectIn(members);
    // It may be another stack since that was read: one that was made in Portainer a minute ago.
    await this.#parts.ways.learn(signal);
    const scope = something(scopeOf(members, this.#parts.outsiders), resource);
    await this.#checkLabels(members, signal);
    const chosen = await this.#checked(this.#parts.ways.of(project), project, signal);
    const { way } = chosen;
    const told = (share: number): void => {
      this.#told(resource, share);
      note({ progress: share });
    };
    const pulled = await pull(scope, way, (share) => told(share / 2), signal);
    const units = unitsOf(pulled, scope, members);
    const changedBefore = way === 'containers' ? undefined : await carrierOf(way).stamp?.(project, signal);
    const entry = entryOf({
      ...{ resource, way, project, since: clock.now(), changedBefore, units, members },
      ...{ all: await hands.all(signal), goesBack: choice.go_back === true },
      protection: choice.protection ?? this.#parts.protection,
    });
    if (way === 'containers') {
      const put = journal.put(entry);
      await updateEach(this.#parts, put, choice, (share) => told(0.5 + share / 2), signal, takeSnapshot);
    } else {
      await guardian.prepare(entry, signal);
      await this.#change.begin(entry, takeSnapshot, signal);
    }
    note({ result: { by: chosen.about, services: Object.fromEntries(units.map(resultOf)) } });
  }

  /** @throws LabError `source_refused` where labels are not Compose's own */
  async #checkLabels(members: readonly StackMember[], signal: AbortSignal): Promise<void> {
    for (const { inspect } of members) {
      const image = await this.#parts.hands.image(inspect.Image ?? '', signal);
      if (!isForged(image?.Config?.Labels ?? {})) continue;
      throw new LabError(
        'source_refused',
        `the image of ${nameOf(inspect)} says itself which file its stack is made from, as only Compose does`,
        { hint: 'do not trust that image; update it by hand' },
      );
    }
  }

  /** The way that was chosen, or each container by itself where that turns out to lead nowhere. */
  async #checked(chosen: ChosenWay, project: Project, signal: AbortSignal): Promise<ChosenWay> {
    const { ways, carrierOf, log } = this.#parts;
    if (chosen.way === 'containers') return chosen;
    try {
      await carrierOf(chosen.way).check(project, signal);
      return chosen;
    } catch (thrown) {
      if (!(thrown instanceof NoHelper)) throw thrown;
      log.warn(`${thrown.message}: each container of ${project.name} is made anew by itself`);
      if (thrown.code === 'source_refused') ways.hasNone(project);
      return { way: 'containers', about: `each container by itself: ${thrown.message}`, warnings: [] };
    }
  }

  /** Of a moment in which nobody updates them: those that were cut off, one after another. */
  async #goOn(signal: AbortSignal): Promise<void> {
    const { journal, log } = this.#parts;
    for (const entry of journal.open()) {
      if (this.#active.has(entry.resource)) continue;
      if (entry.phase === 'stuck') {
        const as = await this.#change.settledAs(entry, signal);
        if (as !== undefined) await this.#change.settle(entry, as, signal);
        continue;
      }
      this.#active.set(entry.resource, 0.6);
      // Whoever waits for what became of it looks when what is shown differs.
      this.#parts.changed();
      try {
        log.warn('goes on with an update that was cut off', { target: entry.resource, phase: entry.phase });
        if (entry.way === 'containers') settleEach(this.#parts, entry);
        else await this.#change.resume(entry, signal);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        log.warn(asLabError(thrown).message, { target: entry.resource });
      } finally {
        this.#active.delete(entry.resource);
      }
    }
    this.#tell();
  }

  #known(resource: string): readonly StackMember[] {
    const members = this.#parts.membersOf(resource);
    if (members.length === 0)
      throw new LabError('target_unknown', `${resource} is not on the engine at present`);
    const reason = refusalOf(members, this.#parts.outsiders);
    if (reason === undefined) return members;
    throw new LabError('target_unsuitable', `${nameIn(resource)} is not updated from here: ${reason}`, {
      hint: 'update it on its own machine',
    });
  }

  /** @throws LabError `target_busy` while it, or something in it, is being updated or waits for somebody to decide */
  checkIdle(resource: string, members = this.#parts.membersOf(resource)): void {
    const { journal, isTaken } = this.#parts;
    const open = journal.get(resource);
    if (open !== undefined && !isSettled(open)) {
      throw new LabError('target_busy', `the last update of ${nameIn(resource)} is not over`, {
        hint:
          open.phase === 'stuck'
            ? 'ask for it with go_back: true, or have all of it become well'
            : 'wait until it is',
      });
    }
    const taken = members.find(({ id }) => isTaken(id));
    if (taken === undefined) return;
    throw new LabError(
      'target_busy',
      `the last update of ${nameOf(taken.inspect)}, which is in it, is not over`,
      {
        hint: 'wait until it is, or decide on that first',
      },
    );
  }

  #percent(resource: string): number | undefined {
    const share = this.#active.get(resource);
    return share === undefined ? undefined : Math.floor(share * 100);
  }

  #told(resource: string, share: number): void {
    const before = this.#percent(resource);
    this.#active.set(resource, share);
    if (this.#percent(resource) !== before) this.#parts.changed();
  }

  #tell(): void {
    const { journal, report, changed } = this.#parts;
    report(journal.open().flatMap((entry) => (entry.phase === 'stuck' ? [stuckStack(entry)] : [])));
    changed();
  }
}

const nameIn = (resource: string): string => resource.split('/').slice(3).join('/');

function projectIn(members: readonly StackMember[]): Project {
  const project = projectOf(members.map(({ inspect }) => inspect));
  if (project !== undefined) return project;
  throw new LabError('target_unsuitable', 'it was not made by Compose');
}

function something(scope: Scope, resource: string): Scope {
  if (scope.candidates.length > 0) return scope;
  throw new LabError('source_refused', `${nameIn(resource)}: ${NOTHING_NEWER}`);
}
