import type { TakeSnapshot } from '../../../contract/update.ts';
import type { Clock } from '../../../core/clock.ts';
import { asLabError, LabError, OPEN_ENDED } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { type Guardian, keptWhere, wanted } from '../guard/guard.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Hands } from '../update/hands.ts';
import type { Carrier } from './carriers.ts';
import { currentOf, touchedOf } from './current.ts';
import { halt, startAgain } from './halt.ts';
import type { StackHands } from './hands.ts';
import type { StackEntry, StackJournal, StackUnit } from './journal.ts';
import { keepImages, releaseImages } from './kept-images.ts';
import { NOTHING_NEWER } from './units.ts';
import { type Watched, watchStack } from './watch.ts';

export interface ChangeParts {
  readonly hands: Hands;
  readonly stackHands: StackHands;
  readonly journal: StackJournal;
  readonly guardian: Guardian;
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
  async begin(fresh: StackEntry, takeSnapshot: TakeSnapshot | undefined, signal: AbortSignal): Promise<void> {
    const { hands, journal, guardian, carrierOf } = this.#parts;
    let entry = journal.put({ ...fresh, phase: fresh.guard === undefined ? 'changing' : 'protecting' });
    try {
      await keepImages(this.#parts, entry, signal);
      if (entry.phase === 'protecting') {
        entry = await halt(hands, entry, (one) => journal.put(one), signal);
        entry = await guardian.protect(entry, (one) => journal.put(one), takeSnapshot, signal);
        entry = journal.put({ ...entry, phase: 'changing' });
      }
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
    if (entry.phase === 'changing' && !(await this.#rests(entry, signal))) return;
    if (await this.#isUntouched(entry, signal)) {
      await this.#leave(entry, 'it was cut off before anything was changed', signal);
      return;
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
    const { hands, stackHands, journal, guardian, carrierOf } = this.#parts;
    const hasRun = from.phase !== 'going_back';
    let entry = journal.put({ ...(hasRun ? wanted(from) : from), phase: 'going_back' });
    try {
      for (const { service, oldImage, image } of entry.units) {
        if ((await hands.image(oldImage, signal)) === undefined) {
          throw new LabError('source_failed', `the old image of ${service} is gone`);
        }
        await stackHands.tag(oldImage, image, signal);
      }
      await carrierOf(entry).rests(entry, signal);
      if (entry.guard?.state === 'wanted') {
        entry = await halt(hands, entry, (one) => journal.put(one), signal);
        entry = await guardian.putBack(entry, (one) => journal.put(one), signal);
      }
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
    const current = await currentOf(this.#parts.hands, entry, signal);
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
    // Who had the old images run again by hand may still want the data back.
    const { guard: _, ...byHand } = entry;
    await this.#over({ ...(as === 'went_back' ? byHand : entry), phase: as }, signal);
  }

  #isWell(one: WholeInspect | undefined): boolean {
    if (one === undefined || one.State.Status !== 'running' || (one.RestartCount ?? 0) > 0) return false;
    const { Health, StartedAt } = one.State;
    if (Health !== undefined && Health.Status !== 'none') return Health.Status === 'healthy';
    return this.#parts.clock.now() - Date.parse(StartedAt) > 60_000;
  }

  async #watch(entry: StackEntry, signal: AbortSignal): Promise<void> {
    const watched: Watched[] = entry.others.map((other) => ({ ...other, as: 'other' }));
    const current = await currentOf(this.#parts.hands, entry, signal);
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
    for (const [{ name }, { Id, Name }] of await currentOf(this.#parts.hands, entry, signal)) {
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
    const current = await currentOf(this.#parts.hands, entry, signal);
    return entry.units.every((unit) => {
      const found = current.get(unit);
      if (found === undefined || !isRight(found.Image, unit)) return false;
      return !unit.ran || found.State.Status === 'running';
    });
  }

  /** Nothing of it was made anew yet. */
  async #isUntouched(entry: StackEntry, signal: AbortSignal): Promise<boolean> {
    if (entry.phase === 'protecting') return true;
    return entry.phase === 'changing' && (await touchedOf(this.#parts.hands, entry, signal)).length === 0;
  }

  /** Ends one that came to nothing. */
  async #leave(entry: StackEntry, reason: string, signal: AbortSignal): Promise<void> {
    await startAgain(this.#parts.hands, entry, signal);
    await this.#over({ ...entry, phase: 'went_back', reason }, signal);
  }

  async #checkMade(entry: StackEntry, signal: AbortSignal): Promise<void> {
    let changed = 0;
    const current = await currentOf(this.#parts.hands, entry, signal);
    for (const unit of entry.units) {
      const found = current.get(unit);
      if (found === undefined) throw new LabError('source_failed', `there is no new ${unit.service}`);
      if (found.Image !== unit.oldImage) changed += 1;
      else if (isKnown(unit))
        throw new LabError('source_failed', `${unit.service} is still made from its old image`);
    }
    if (changed === 0) throw new LabError('source_refused', NOTHING_NEWER);
  }

  /** @throws LabError what came of it, always */
  async #fail(entry: StackEntry, thrown: unknown, signal: AbortSignal): Promise<never> {
    const { message, hint, code } = asLabError(thrown);
    const more = { ...(hint !== undefined && { hint }), cause: thrown };
    if (await this.#isUntouched(entry, signal)) {
      await this.#leave(entry, message, signal);
      throw new LabError(code, `${message}; nothing was changed`, more);
    }
    if (entry.exposed.length > 0 && !entry.goBack) {
      this.#parts.journal.put({ ...entry, phase: 'stuck', reason: message });
      const unprotected = [entry.exposed.join(', '), keptWhere(entry)].filter(Boolean).join('; ');
      throw new LabError(
        'source_failed',
        `${message}; the new images stay, since they may have written to ${unprotected}`,
        {
          hint: 'ask for the update again with go_back: true to have the old images run on that',
          cause: thrown,
        },
      );
    }
    await this.goBack({ ...entry, reason: message }, signal);
    const data = entry.guard?.by === 'copy' ? ', with the data that they had' : '';
    throw new LabError('source_failed', `${message}; the old images run again${data}`, more);
  }

  async #over(entry: StackEntry, signal: AbortSignal): Promise<void> {
    await this.#parts.guardian.release(entry, signal);
    this.#parts.journal.put(entry);
    await releaseImages(this.#parts, entry, signal);
  }

  /** Where nobody answers, or we end: what is written down is gone on with later. */
  #letOpen(thrown: unknown, signal: AbortSignal): void {
    if (signal.aborted || OPEN_ENDED.includes(asLabError(thrown).code)) throw thrown;
  }
}

/** It is known beforehand that it gets another image. */
const isKnown = ({ oldImage, newImage }: StackUnit): boolean =>
  newImage !== undefined && newImage !== oldImage;
