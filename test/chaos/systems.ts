import { chanceOf } from '../../simulators/proxmox/chance.ts';
import { type Course, course, within } from './course.ts';
import { FAULTS } from './fault.ts';
import { differences } from './oracle.ts';
import { type Pair, startPair } from './pair.ts';
import { startPresses } from './presses.ts';
import { growth, heldBy } from './process.ts';
import { leaked } from './told.ts';

/** What came of all rounds. */
export interface Outcome {
  readonly courses: readonly Course[];
  /** What was not as it has to be beside the single courses, as sentences. */
  readonly problems: readonly string[];
}

/** Seconds until both apps have read everything, some of it only a minute after a start; and after a round. */
const BEGINNING = 150;
const ROUND_WITHIN = 120;

/**
 * Rounds in each of which systems have faults at the same time, each its own.
 *
 * @param only one system (`docker/lab`) or one fault (`hanging`), or both with a colon between; left out: each system, and in
 *   as many rounds as there are faults each fault at each
 * @param say told what happens
 */
export async function systemRounds(
  {
    seed,
    rounds,
    only,
  }: { readonly seed: number; readonly rounds: number; readonly only?: string | undefined },
  say: (line: string) => void,
): Promise<Outcome> {
  const chance = chanceOf(seed);
  const next = (): number => chance.next();
  const pair = await startPair(next);
  try {
    await beginning(pair);
    const { pid } = pair.tried.app.running;
    const before = await heldBy(pid);
    say(`both apps have the same ${pair.tried.broker.messages.size} messages; ${JSON.stringify(before)}`);
    const courses: Course[] = [];
    const problems: string[] = [];
    const wanted = only?.split(':') ?? [];
    const offset = Math.floor(next() * FAULTS.length);
    for (let round = 0; round < rounds; round += 1) {
      const chosen = pair.lab.ways.flatMap((way, index) => {
        const ofFault = FAULTS.find(({ name }) => wanted.includes(name));
        const fault = ofFault ?? FAULTS[(offset + round + index * 5) % FAULTS.length];
        const ofSystem = wanted.find((each) => each.includes('/'));
        const isChosen = ofSystem === undefined || way.system === ofSystem;
        return fault !== undefined && isChosen && way.can(fault) ? [{ way, fault }] : [];
      });
      const presses = startPresses(pair, next);
      const ended = await Promise.all(chosen.map(({ way, fault }) => course(pair, way, fault, next)));
      courses.push(...ended);
      for (const one of ended) say(lineOf(one));
      const whole = await within(ROUND_WITHIN, () => differences(pair).length === 0);
      const wrong = whole === undefined ? differences(pair).map((each) => `round ${round + 1}: ${each}`) : [];
      const after = await heldBy(pid);
      const found = [...wrong, ...growth(before, after), ...presses.twice()];
      found.push(...leaked(pair.tried, pair.lab.secrets));
      say(
        `round ${round + 1}: ${JSON.stringify(after)}${presses.told()}${found.map((each) => `\n  ${each}`).join('')}`,
      );
      problems.push(...found);
      if (pair.tried.app.running.pid !== pid || (await isOver(pair)))
        throw new Error(`it ended:\n${tail(pair)}`);
    }
    return { courses, problems };
  } finally {
    await pair.stop();
  }
}

/** Waits until both apps have read everything. */
export async function beginning(pair: Pair): Promise<void> {
  const isWhole = (): boolean => pair.tried.broker.messages.size > 200 && differences(pair).length === 0;
  if ((await within(BEGINNING, isWhole)) === undefined) {
    throw new Error(`the two apps differ from the start:\n${differences(pair).join('\n')}\n${tail(pair)}`);
  }
}

const isOver = ({ tried }: Pair): Promise<boolean> =>
  Promise.race([tried.app.running.exited.then(() => true), Promise.resolve(false)]);

const tail = ({ tried }: Pair): string => tried.app.running.output().split('\n').slice(-30).join('\n');

function lineOf({ system, fault, said, saidAfter, wholeAfter, problems }: Course): string {
  const seconds = (value: number | undefined): string =>
    value === undefined ? '-' : `${value.toFixed(1)} s`;
  const wrong = problems.map((each) => `\n  ${each}`).join('');
  return `${system}: ${fault}: said after ${seconds(saidAfter)}, whole after ${seconds(wholeAfter)}: ${said ?? ''}${wrong}`;
}
