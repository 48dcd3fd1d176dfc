import type { Clock } from '../../../core/clock.ts';
import { asLabError, type ErrorCode, LabError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Hands } from '../update/hands.ts';
import type { Carrier } from './carriers.ts';
import type { StackHands } from './hands.ts';
import type { StackEntry, StackJournal, StackUnit } from './journal.ts';
import { keepImages, releaseImages } from './kept-images.ts';
import { partOf } from './project.ts';
import { NOTHING_NEWER } from './units.ts';
import { type Watched, watchStack } from './watch.ts';

/** After these it is not known how things stand: whoever comes next looks first. */
const OPEN_ENDED: readonly ErrorCode[] = ['deadline_passed', 'shutting_down', 'unreachable'];

export interface ChangeParts {
  readonly hands: Hands;
  readonly stackHands: StackHands;
  readonly journal: StackJournal;
  readonly clock: Clock;
  readonly log: Log;
  readonly carrierOf: (entry: StackEntry) => Carrier;
  /** How far it is, 0 to 1. */
  readonly told: (entry: StackEntry, share: number) => void;
}

/**
 * Has a stack's own file applied with newer images, one phase after the other, each written down first. Applying it
 * again changes nothing that is as it shall be, so this goes on from wherever it was cut off.
 */
export class Change {
  readonly #parts: ChangeParts;

  constructor(parts: ChangeParts) {
    this.#parts = parts;
  }

  /**
   * Carries out an update; writes it down first.
   *
   * @throws LabError why not, and what runs now
   */
  async begin(fresh: StackEntry, signal: AbortSignal): Promise<void> {
    const { journal, carrierOf } = this.#parts;
    const entry = journal.put({ ...fresh, phase: 'changing' });
    try {
      await keepImages(this.#parts, entry, signal);
      await carrierOf(entry).apply(entry, true, signal);
      await this.#checkMade(entry, signal);
    } catch (thrown) {
      this.#letOpen(thrown, signal);
      await this.#fail(entry, thrown, signal);
    }
    await this.resume(journal.put({ ...entry, phase: 'watching' }), signal);
  }

  /** Goes on with an update that was cut off, as far as it can for now. */
  async resume(entry: StackEntry, signal: AbortSignal): Promise<void> {
    const { journal } = this.#parts;
    if (entry.phase === 'going_back') return this.goBack(entry, signal);
    if (entry.phase === 'changing') {
      if (!(await this.#rests(entry, signal))) return;
      if ((await this.#touched(entry, signal)).length === 0) {
        await this.#over(
          { ...entry, phase: 'went_back', reason: 'it was cut off before anything was changed' },
          signal,
        );
        return;
      }
    }
    try {
      if (entry.phase === 'changing') {
        const isThere = (image: string, unit: StackUnit): boolean =>
          image !== unit.oldImage || !isKnown(unit);
        await this.#applyAgain(entry, isThere, signal);
        await this.#checkMade(entry, signal);
        journal.put({ ...entry, phase: 'watching' });
      }
      await this.#watch(entry, signal);
    } catch (thrown) {
      this.#letOpen(thrown, signal);
      await this.#fail(entry, thrown, signal);
    }
    await this.#over({ ...entry, phase: 'updated' }, signal);
  }

  async #rests(entry: StackEntry, signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#parts.carrierOf(entry).rests(entry, signal);
    } catch (thrown) {
      this.#letOpen(thrown, signal);
      const { message } = asLabError(thrown);
      // It would be the same the next time.
      this.#parts.journal.put({ ...entry, phase: 'stuck', reason: `it was cut off, and ${message}` });
      throw thrown;
    }
  }

  /**
   * Has the old images run again.
   *
   * @throws LabError `source_failed` where that cannot be; then somebody has to choose
   */
  async goBack(from: StackEntry, signal: AbortSignal): Promise<void> {
    const { hands, stackHands, journal, carrierOf } = this.#parts;
    const entry = journal.put({ ...from, phase: 'going_back' });
    try {
      for (const { service, oldImage, image } of entry.units) {
        if ((await hands.image(oldImage, signal)) === undefined) {
          throw new LabError('source_failed', `the old image of ${service} is gone`);
        }
        await stackHands.tag(oldImage, image, signal);
      }
      await carrierOf(entry).rests(entry, signal);
      const isOld = (image: string, { oldImage }: StackUnit): boolean => image === oldImage;
      await this.#applyAgain(entry, isOld, signal);
      if (!(await this.#isMade(entry, isOld, signal)))
        throw new LabError('source_failed', 'the old images do not run');
    } catch (thrown) {
      this.#letOpen(thrown, signal);
      const { message } = asLabError(thrown);
      journal.put({
        ...entry,
        phase: 'stuck',
        reason: `${entry.reason ?? ''}; going back failed: ${message}`,
      });
      throw new LabError('source_failed', `${entry.reason ?? ''}; going back failed, too: ${message}`, {
        hint: 'look at the stack on its own machine',
        cause: thrown,
      });
    }
    await this.#over({ ...entry, phase: 'went_back' }, signal);
  }

  /** Of one that is stuck: the old ones run again, or all is well; undefined: neither. */
  async settledAs(entry: StackEntry, signal: AbortSignal): Promise<'updated' | 'went_back' | undefined> {
    const current = await this.#current(entry, signal);
    const isBack = entry.units.every((unit) => current.get(unit)?.Image === unit.oldImage);
    const isWell = entry.units.every((unit) => !unit.ran || this.#isWell(current.get(unit)));
    if (!isWell) return undefined;
    for (const { id } of entry.others) {
      const other = await this.#parts.hands.inspect(id, signal);
      if (other !== undefined && !this.#isWell(other)) return undefined;
    }
    return isBack ? 'went_back' : 'updated';
  }

  /** Ends what is written down, and lets go of what was kept for going back. */
  async settle(entry: StackEntry, as: 'updated' | 'went_back', signal: AbortSignal): Promise<void> {
    await this.#over({ ...entry, phase: as }, signal);
  }

  #isWell(one: WholeInspect | undefined): boolean {
    if (one === undefined || one.State.Status !== 'running' || (one.RestartCount ?? 0) > 0) return false;
    const { Health, StartedAt } = one.State;
    if (Health !== undefined && Health.Status !== 'none') return Health.Status === 'healthy';
    return this.#parts.clock.now() - Date.parse(StartedAt) > 60_000;
  }

  async #watch(entry: StackEntry, signal: AbortSignal): Promise<void> {
    const watched: Watched[] = entry.others.map((other) => ({ ...other, as: 'other' }));
    const current = await this.#current(entry, signal);
    for (const unit of entry.units) {
      const { service, name, ran, runsThrough, oldId } = unit;
      const found = current.get(unit);
      if (found === undefined) throw new LabError('source_failed', `${name} is gone`);
      const restarts = found.RestartCount ?? 0;
      if (found.Id === oldId && ran) watched.push({ id: found.Id, name, as: 'other', restarts });
      else if (ran) watched.push({ id: found.Id, name: `the new ${service}`, as: 'new' });
      else if (runsThrough) watched.push({ id: found.Id, name: `the new ${service}`, as: 'through' });
    }
    const { hands, clock, told } = this.#parts;
    await watchStack(watched, { hands, clock, told: (share) => told(entry, share) }, signal);
  }

  /** Compose sees best what is still to be done; Portainer would have all of it begin anew, however far it is. */
  async #applyAgain(
    entry: StackEntry,
    isRight: (image: string, unit: StackUnit) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    if (entry.way === 'portainer' && (await this.#isMade(entry, isRight, signal))) return;
    await this.#parts.carrierOf(entry).apply(entry, false, signal);
    await this.#renameBack(entry, signal);
  }

  /** Compose calls a new container `<12 hex digits>_<name>` until the old one is gone; cut off then, for good. */
  async #renameBack(entry: StackEntry, signal: AbortSignal): Promise<void> {
    const { hands } = this.#parts;
    for (const [{ name }, { Id, Name }] of await this.#current(entry, signal)) {
      const isPassing = /^\/[0-9a-f]{12}_/.test(Name) && Name.endsWith(`_${name}`);
      if (isPassing && (await hands.inspect(name, signal)) === undefined)
        await hands.rename(Id, name, signal);
    }
  }

  /** Whether all are made from what they shall be, and run where they shall. */
  async #isMade(
    entry: StackEntry,
    isRight: (image: string, unit: StackUnit) => boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const current = await this.#current(entry, signal);
    return entry.units.every((unit) => {
      const found = current.get(unit);
      if (found === undefined || !isRight(found.Image, unit)) return false;
      return !unit.ran || found.State.Status === 'running';
    });
  }

  /** Those that are not the containers any more that they were. */
  async #touched(entry: StackEntry, signal: AbortSignal): Promise<readonly StackUnit[]> {
    const touched: StackUnit[] = [];
    for (const unit of entry.units) {
      if ((await this.#parts.hands.inspect(unit.oldId, signal)) === undefined) touched.push(unit);
    }
    return touched;
  }

  async #checkMade(entry: StackEntry, signal: AbortSignal): Promise<void> {
    let changed = 0;
    const current = await this.#current(entry, signal);
    for (const unit of entry.units) {
      const found = current.get(unit);
      if (found === undefined) throw new LabError('source_failed', `there is no new ${unit.service}`);
      if (found.Image !== unit.oldImage) changed += 1;
      else if (isKnown(unit))
        throw new LabError('source_failed', `${unit.service} is still made from its old image`);
    }
    if (changed === 0) throw new LabError('source_refused', NOTHING_NEWER);
  }

  /** The containers that have the units' places now. */
  async #current(
    { project, units }: StackEntry,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<StackUnit, WholeInspect>> {
    const current = new Map<StackUnit, WholeInspect>();
    for (const one of await this.#parts.hands.all(signal)) {
      const part = partOf(one);
      if (one.Config.Labels?.['com.docker.compose.project'] !== project.name) continue;
      const unit = units.find(({ service, number }) => part?.service === service && part.number === number);
      if (unit === undefined) continue;
      const rival = current.get(unit);
      if (rival === undefined || createdOf(rival) < createdOf(one)) current.set(unit, one);
    }
    return current;
  }

  /** @throws LabError what came of it, always */
  async #fail(entry: StackEntry, thrown: unknown, signal: AbortSignal): Promise<never> {
    const { message, hint, code } = asLabError(thrown);
    const more = { ...(hint !== undefined && { hint }), cause: thrown };
    if (entry.phase === 'changing' && (await this.#touched(entry, signal)).length === 0) {
      await this.#over({ ...entry, phase: 'went_back', reason: message }, signal);
      throw new LabError(code, `${message}; nothing was changed`, more);
    }
    if (entry.exposed.length > 0 && !entry.goBack) {
      this.#parts.journal.put({ ...entry, phase: 'stuck', reason: message });
      throw new LabError(
        'source_failed',
        `${message}; the new images stay, since they may have written to ${entry.exposed.join(', ')}`,
        {
          hint: 'ask for the update again with go_back: true to have the old images run on that',
          cause: thrown,
        },
      );
    }
    await this.goBack({ ...entry, reason: message }, signal);
    throw new LabError('source_failed', `${message}; the old images run again`, more);
  }

  async #over(entry: StackEntry, signal: AbortSignal): Promise<void> {
    this.#parts.journal.put(entry);
    await releaseImages(this.#parts, entry, signal);
  }

  /** Where nobody answers, or we end: what is written down is gone on with later. */
  #letOpen(thrown: unknown, signal: AbortSignal): void {
    if (signal.aborted || OPEN_ENDED.includes(asLabError(thrown).code)) throw thrown;
  }
}

const createdOf = (one: WholeInspect): string => (one as { readonly Created?: string }).Created ?? '';

/** It is known beforehand that it gets another image. */
const isKnown = ({ oldImage, newImage }: StackUnit): boolean =>
  newImage !== undefined && newImage !== oldImage;
