import type { RollCall } from '../../contract/source.ts';
import { pause } from '../../core/clock.ts';
import { asLabError, type ErrorCode, LabError } from '../../core/errors.ts';
import type { Panel } from './panel.ts';
import { sendInverse, type Undo } from './undo.ts';

/** By then a device has what was set, or something went wrong. */
export const PROVISION_MS = 120_000;
const LOOK_MS = 3_000;
/** The answer did not come. */
const LOST: readonly ErrorCode[] = ['unreachable', 'deadline_passed'];
/** The controller answered, and will answer the same another time. */
const REFUSED: readonly ErrorCode[] = ['source_refused', 'target_unsuitable', 'privilege_missing'];
/** Under this the change is noted that has not been seen to arrive, with its exact inverse. */
const UNDO = 'undo';

/**
 * Waits until something is so, by what the controller answers.
 *
 * @param what it becomes, as in “Core is … after 120 s”
 * @throws LabError `deadline_passed`; `lifeline`: it became so, but others do not answer any more
 */
export async function becomes(
  panel: Panel,
  what: string,
  ms: number,
  signal: AbortSignal,
  check: () => boolean | Promise<boolean>,
  silent: RollCall = async () => [],
): Promise<void> {
  const { clock } = panel;
  const end = clock.elapsed() + ms;
  for (;;) {
    await pause(clock, LOOK_MS, signal);
    signal.throwIfAborted();
    // What is pushed is no answer: a controller may go on telling and take no command any more.
    const isSo = await panel
      .look(signal)
      .then(check)
      .catch(() => false);
    const missing = isSo ? await silent(signal) : [];
    signal.throwIfAborted();
    if (isSo && missing.length === 0) return;
    if (clock.elapsed() <= end) continue;
    if (missing.length > 0) {
      throw new LabError('lifeline', `since then ${missing.join(', ')} did not answer for ${ms / 1_000} s`);
    }
    throw new LabError('deadline_passed', `${what} after ${ms / 1_000} s`, {
      hint: 'look at it in the controller',
    });
  }
}

/** A change with a way back. */
export interface Change {
  readonly undo: Undo;
  /** What a person does in the controller to take it back, as in “set port 6 of Core there as it was”. */
  readonly byHand: string;
  readonly send: () => Promise<unknown>;
  /** What it is not while it has not arrived, as in “Core is not off at port 6”. */
  readonly missing: string;
  readonly arrived: () => boolean | Promise<boolean>;
}

/**
 * Sends a change, and waits until it has arrived and everybody answers who answered before. Its inverse is written down
 * first: if it does not arrive that is sent at once, else (also in a later run) as soon as the controller answers again.
 *
 * @throws LabError why it did not arrive, and what became of it
 */
export async function carryOut(panel: Panel, change: Change, signal: AbortSignal): Promise<void> {
  const { memory } = panel;
  const silent = panel.rollCall();
  const { undo: inverse, byHand } = change;
  memory.put(UNDO, JSON.stringify({ undo: inverse, byHand } satisfies Noted), true);
  try {
    await change.send().catch((thrown: unknown) => {
      // It may have been done all the same, and have cut the answer off: that shows.
      if (signal.aborted || !LOST.includes(asLabError(thrown).code)) throw thrown;
    });
    await becomes(panel, change.missing, PROVISION_MS, signal, change.arrived, silent);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const { code, message, hint } = asLabError(thrown);
    const done = await undo(panel, signal).catch(() => 'later' as const);
    if (done === 'nothing') throw thrown;
    if (done === 'later') {
      const later = `it is taken back as soon as the controller answers; else ${change.byHand}`;
      throw new LabError(code, message, { hint: later, cause: thrown });
    }
    const what = done === 'refused' ? `it could not be taken back: ${change.byHand}` : 'it was taken back';
    // It is known what became of it.
    throw new LabError(code === 'lifeline' ? code : 'source_failed', message, {
      hint: hint === undefined ? what : `${what}; ${hint}`,
      cause: thrown,
    });
  }
  memory.put(UNDO, '', true);
}

/**
 * Takes back a change that was not seen to arrive, unless somebody has gone on from there. There is room for one: it goes
 * before any other change. What the controller refuses to take back is left to a person, since it would refuse it again.
 *
 * @returns `nothing`: there was none, or nothing is left of it
 * @throws LabError where the controller does not answer: it is to be tried again
 */
export async function undo(panel: Panel, signal: AbortSignal): Promise<'nothing' | 'taken back' | 'refused'> {
  const { memory, log } = panel;
  const noted = memory.get(UNDO);
  if (noted === undefined || noted === '') return 'nothing';
  const { undo: change, byHand } = JSON.parse(noted) as Noted;
  const settle = (): void => memory.put(UNDO, '', true);
  try {
    const what = await sendInverse(panel, change, signal);
    settle();
    if (what === undefined) return 'nothing';
    log.warn(`a change that was not seen to arrive was taken back: ${what}`);
    return 'taken back';
  } catch (thrown) {
    const { code, message } = asLabError(thrown);
    if (signal.aborted || !REFUSED.includes(code)) throw thrown;
    settle();
    log.error(`a change that was not seen to arrive could not be taken back: ${message}; ${byHand}`);
    return 'refused';
  }
}

/** As it stands in the instance's memory. */
type Noted = Pick<Change, 'undo' | 'byHand'>;
