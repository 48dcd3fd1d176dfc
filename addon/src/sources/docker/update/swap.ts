import type { TakeSnapshot } from '../../../contract/update.ts';
import type { Clock } from '../../../core/clock.ts';
import { asLabError, LabError, OPEN_ENDED } from '../../../core/errors.ts';
import { type Guardian, keptWhere, wanted } from '../guard/guard.ts';
import type { WholeInspect } from './anatomy.ts';
import type { Hands } from './hands.ts';
import type { Entry, Journal, Unit } from './journal.ts';
import { keptName, settledName } from './kept.ts';
import { remakeOf } from './recreate.ts';
import { watchHealth } from './watch.ts';

const NO_RESTART = { Name: 'no', MaximumRetryCount: 0 };

export interface SwapParts {
  readonly hands: Hands;
  readonly journal: Journal;
  readonly guardian: Guardian;
  readonly clock: Clock;
  /** How far it is, 0 to 1. */
  readonly told: (entry: Entry, progress: number) => void;
}

/**
 * Puts containers in the place of others, one phase after the other, each written down first. What it does is looked up
 * before it is done, so it goes on from wherever it was cut off.
 */
export class Swap {
  readonly #parts: SwapParts;

  constructor(parts: SwapParts) {
    this.#parts = parts;
  }

  /**
   * Carries out an update that was just written down.
   *
   * @throws LabError why not; where the old containers run again, `source_failed` says so
   */
  async begin(fresh: Entry, takeSnapshot: TakeSnapshot | undefined, signal: AbortSignal): Promise<void> {
    const { journal, guardian } = this.#parts;
    let entry = fresh;
    try {
      await this.#stepAside(entry, signal);
      entry = await guardian.protect(entry, (one) => journal.put(one), takeSnapshot, signal);
      await this.#make(entry, signal);
    } catch (thrown) {
      this.#letOpen(thrown, signal);
      await this.#fail(entry, thrown, signal);
    }
    await this.resume(journal.put({ ...entry, phase: 'watching' }), signal);
  }

  /** Has the old ones run again after a failure that somebody had to decide on. */
  async goBack(entry: Entry, signal: AbortSignal): Promise<void> {
    await this.#goBack(entry, signal);
  }

  /** Goes on with an update that was cut off, however far it was. */
  async resume(entry: Entry, signal: AbortSignal): Promise<void> {
    const { journal } = this.#parts;
    switch (entry.phase) {
      case 'replacing':
        // Nothing new has run: the old ones are as good as they were.
        await this.#goBack(
          { ...entry, reason: 'it was cut off before the new container was started' },
          signal,
        );
        return;
      case 'watching':
        try {
          await this.#startAndWatch(entry, signal);
        } catch (thrown) {
          this.#letOpen(thrown, signal);
          await this.#fail(entry, thrown, signal);
        }
        return this.resume(journal.put({ ...entry, phase: 'passed' }), signal);
      case 'passed':
        await this.#tidyUp(entry, signal);
        journal.put({ ...entry, phase: 'updated' });
        return;
      case 'going_back':
        await this.#goBack(entry, signal);
        return;
      default:
        return;
    }
  }

  /** Old ones out of the way, still there: those that live in another's namespaces end before it. */
  async #stepAside({ units }: Entry, signal: AbortSignal): Promise<void> {
    const { hands } = this.#parts;
    for (const { oldId, name } of units.toReversed()) {
      // After a power cut the engine must not start both on the same data.
      await hands.setRestart(oldId, NO_RESTART, signal);
      await hands.rename(oldId, keptName(name, oldId), signal);
      await hands.stop(oldId, signal);
    }
  }

  async #make(entry: Entry, signal: AbortSignal): Promise<void> {
    const { hands } = this.#parts;
    const replaced = new Map<string, string>();
    for (const [index, unit] of entry.units.entries()) {
      const old = await hands.inspect(unit.oldId, signal);
      if (old === undefined) throw new LabError('target_changed', `${unit.name} was removed meanwhile`);
      const image = await hands.image(old.Image, signal);
      // Those beside it are made from what their tags point at on the engine.
      const tagged = index === 0 ? entry.newImage : (await hands.image(old.Config.Image, signal))?.Id;
      const asked = { ...old, HostConfig: { ...old.HostConfig, RestartPolicy: unit.restart } };
      const { body, others } = remakeOf(asked, image?.Config ?? {}, tagged ?? old.Image, replaced);
      const id = await hands.create(unit.name, body, signal);
      replaced.set(unit.oldId, id);
      for (const network of others) await hands.connect(id, network, signal);
    }
  }

  async #startAndWatch(entry: Entry, signal: AbortSignal): Promise<void> {
    const { hands, clock, told } = this.#parts;
    const running: Unit[] = entry.units.filter(({ ran }) => ran);
    for (const unit of running) {
      const { Id, State } = await this.#newOne(unit, signal);
      if (State.Status === 'created') await hands.start(Id, signal);
    }
    for (const [done, unit] of running.entries()) {
      const { Id } = await this.#newOne(unit, signal);
      const share = (part: number): void => told(entry, (done + part) / running.length);
      await watchHealth({ id: Id, name: unit.name, hands, clock, told: share }, signal);
    }
  }

  async #newOne({ name, oldId }: Unit, signal: AbortSignal): Promise<WholeInspect> {
    const found = await this.#parts.hands.inspect(name, signal);
    if (found !== undefined && found.Id !== oldId && settledName(found.Name) === name) return found;
    throw new LabError('source_failed', `the new ${name} is gone`);
  }

  async #tidyUp(entry: Entry, signal: AbortSignal): Promise<void> {
    const { hands } = this.#parts;
    for (const { oldId } of entry.units.toReversed()) {
      if ((await hands.inspect(oldId, signal)) !== undefined) await hands.remove(oldId, false, signal);
    }
    await this.#parts.guardian.release(entry, signal);
  }

  /** @throws LabError what came of it, always */
  async #fail(entry: Entry, thrown: unknown, signal: AbortSignal): Promise<never> {
    const { message, hint } = asLabError(thrown);
    const mayHaveWritten = entry.phase === 'watching' && entry.exposed.length > 0;
    if (mayHaveWritten && !entry.goBack) {
      this.#parts.journal.put({ ...entry, phase: 'stuck', reason: message });
      throw new LabError(
        'source_failed',
        `${message}; the old container is kept, stopped, since the new one may have written to ` +
          [entry.exposed.join(', '), keptWhere(entry)].filter((part) => part !== undefined).join('; '),
        { hint: `decide which one shall go on: ${waysOut(entry).join(' or ')}`, cause: thrown },
      );
    }
    const { guard } = await this.#goBack({ ...entry, reason: message }, signal);
    const data = guard?.state === 'restored' ? ', with the data that it had' : '';
    throw new LabError('source_failed', `${message}; the old container runs again${data}`, {
      ...(hint !== undefined && { hint }),
      cause: thrown,
    });
  }

  async #goBack(entry: Entry, signal: AbortSignal): Promise<Entry> {
    const { hands, journal, guardian } = this.#parts;
    const hasRun = entry.phase === 'watching' || entry.phase === 'stuck';
    let current = journal.put({ ...(hasRun ? wanted(entry) : entry), phase: 'going_back' });
    for (const { oldId, name } of entry.units) {
      if ((await hands.inspect(oldId, signal)) !== undefined) continue;
      journal.drop(entry.resource);
      throw new LabError(
        'source_failed',
        `${entry.reason}; the old ${name} was removed meanwhile: the new one stays`,
      );
    }
    for (const { name, oldId } of entry.units.toReversed()) {
      const taken = await hands.inspect(name, signal);
      const isNew = taken !== undefined && taken.Id !== oldId && settledName(taken.Name) === name;
      if (isNew) await hands.remove(taken.Id, true, signal);
    }
    try {
      current = await guardian.putBack(current, (one) => journal.put(one), signal);
    } catch (thrown) {
      this.#letOpen(thrown, signal);
      const { message } = asLabError(thrown);
      journal.put({ ...current, phase: 'stuck', reason: `${entry.reason}; ${message}` });
      throw new LabError('source_failed', `${entry.reason}; ${message}; the old container is kept, stopped`, {
        hint: 'mend what is in the way, then ask for the update again with go_back: true',
        cause: thrown,
      });
    }
    for (const { name, oldId, restart, ran } of entry.units) {
      const old = await hands.inspect(oldId, signal);
      if (old === undefined) continue;
      if (old.Name !== `/${name}`) await hands.rename(oldId, name, signal);
      await hands.setRestart(oldId, restart, signal);
      if (ran) await hands.start(oldId, signal);
    }
    await guardian.release(current, signal);
    return journal.put({ ...current, phase: 'went_back' });
  }

  /** Where the engine does not answer, or we end: what is written down is gone on with later. */
  #letOpen(thrown: unknown, signal: AbortSignal): void {
    if (signal.aborted || OPEN_ENDED.includes(asLabError(thrown).code)) throw thrown;
  }
}

/** What to type on the engine's machine, either way. Where data have to be put back, it is only the second. */
export function waysOut({ units, guard }: Entry): readonly string[] {
  const [first] = units;
  if (first === undefined) return [];
  const kept = keptName(first.name, first.oldId);
  const back = `docker rm -f ${first.name} && docker rename ${kept} ${first.name} && docker start ${first.name}`;
  return [...(guard?.by === 'copy' ? [] : [back]), `docker rm ${kept}`];
}
