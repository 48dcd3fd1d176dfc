import { type Course, course, within } from './course.ts';
import { FAULTS } from './fault.ts';
import { differences } from './oracle.ts';
import type { Pair } from './pair.ts';
import { doubles, pressSometime } from './presses.ts';
import { growth, heldBy } from './process.ts';
import { lineOf } from './table.ts';
import { leaked } from './told.ts';

/** What came of all rounds. */
export interface Outcome {
  readonly courses: readonly Course[];
  /** What was not as it has to be beside the single courses, as sentences. */
  readonly problems: readonly string[];
}

/** Seconds until all is whole after a round. */
const ROUND_WITHIN = 120;

/** Which faults happen. */
export interface Rounds {
  readonly rounds: number;
  /** Of one system (`docker/lab`), one fault (`hanging`), or both with a colon between; left out: all. */
  readonly only: string | undefined;
}

/**
 * Rounds in each of which systems have faults at the same time, each its own: in as many as there are faults, each system
 * has each.
 *
 * @param chance from 0 to below 1
 * @param say told what happens
 */
export async function systemRounds(
  pair: Pair,
  { rounds, only }: Rounds,
  chance: () => number,
  say: (line: string) => void,
): Promise<Outcome> {
  const { pid, exited } = pair.tried.app.running;
  const before = await heldBy(pid);
  const courses: Course[] = [];
  const problems: string[] = [];
  const offset = Math.floor(chance() * FAULTS.length);
  for (let round = 0; round < rounds; round += 1) {
    const chosen = chosenOf(pair, only?.split(':') ?? [], offset + round);
    const buttons = pressSometime(pair, chance);
    const courseOf = async ({ way, fault }: (typeof chosen)[number]): Promise<void> => {
      const one = await course(pair, way, fault, chance);
      courses.push(one);
      say(lineOf(one));
    };
    await Promise.all(chosen.map(courseOf));
    const whole = await within(ROUND_WITHIN, () => differences(pair).length === 0);
    const isOver = await Promise.race([exited.then(() => true), Promise.resolve(false)]);
    if (isOver) throw new Error(`it ended:\n${pair.tried.app.running.output().slice(-4_000)}`);
    const after = await heldBy(pid);
    const found = [
      ...(whole === undefined ? differences(pair) : []),
      ...[...growth(before, after), ...doubles(buttons), ...leaked(pair.tried, pair.lab.secrets)],
    ].map((each) => `round ${round + 1}: ${each}`);
    problems.push(...found);
    const { sockets, handles, mib } = after;
    const sent = buttons.map((each) => `${each.system} was told ${each.sent().length} times`).join(', ');
    say(`round ${round + 1}: ${sockets} sockets, ${handles} handles, ${mib} MiB; ${sent}`);
    for (const each of found) say(`  ${each}`);
  }
  return { courses, problems };
}

/** Which fault each system has in a round. */
function chosenOf({ lab }: Pair, wanted: readonly string[], round: number) {
  const ofFault = FAULTS.find(({ name }) => wanted.includes(name));
  const ofSystem = wanted.find((each) => each.includes('/'));
  return lab.ways.flatMap((way, index) => {
    // Each system begins with another fault.
    const fault = ofFault ?? FAULTS[(round + index * 5) % FAULTS.length];
    const isChosen = ofSystem === undefined || way.system === ofSystem;
    return fault !== undefined && isChosen && way.can(fault) ? [{ way, fault }] : [];
  });
}
