import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { differences, topicsOf } from './oracle.ts';
import type { Pair } from './pair.ts';
import { told } from './told.ts';
import type { Way } from './way.ts';

/** How one fault of one system went. */
export interface Course {
  readonly system: string;
  readonly fault: string;
  /** What the log said of it. */
  readonly said: string | undefined;
  /** Seconds until it said so, and from the healing until all was whole. */
  readonly saidAfter: number | undefined;
  readonly wholeAfter: number | undefined;
  /** What was not as it has to be, as sentences. */
  readonly problems: readonly string[];
}

/** Seconds in which a cause has to be told, and in which all has to be whole after it. */
const SAID_WITHIN = 150;
const WHOLE_WITHIN = 100;
/** Wrong credentials are tried again after a minute; controllers shut out who tries sooner than after five. */
const REFUSED = /^(401|403|another certificate)$/;
const REFUSED_WITHIN = 160;
const CONTROLLER_WITHIN = 420;
/** What was read with a wrong clock may be something that is read every ten minutes. */
const CLOCK_WITHIN = 720;
/** Seconds for which a fault holds at least: longer than between two reads of what is read often. */
const HOLDS = 40;

/** Lets one system have a fault, heals it, and looks at what came of it. @param chance from 0 to below 1 */
export async function course(pair: Pair, way: Way, fault: Fault, chance: () => number): Promise<Course> {
  const { system } = way;
  const problems: string[] = [];
  const from = pair.tried.app.running.output().length;
  const begun = performance.now();
  await way.begin(fault);
  let said: string | undefined;
  let saidAfter: number | undefined;
  if (fault.says === undefined) {
    await sleep((HOLDS + 15 * chance()) * 1_000);
    if (fault.kind === 'slow') {
      const lost = differences(pair, topicsOf(system));
      if (lost.length > 0)
        problems.push(`slow is no reason to lose anything: ${lost.slice(0, 3).join('; ')}`);
    }
  } else {
    const { says } = fault;
    const line = await within(SAID_WITHIN, () =>
      told(pair.tried, system, from).find((each) => says.test(each)),
    );
    said = line?.value ?? told(pair.tried, system, from).at(-1);
    saidAfter = line?.after;
    if (line === undefined) problems.push(`the log does not name the cause: ${said ?? 'it says nothing'}`);
    const rest = HOLDS - (performance.now() - begun) / 1_000;
    await sleep((Math.max(0, rest) + 15 * chance()) * 1_000);
  }
  const held = (performance.now() - begun) / 1_000;
  await way.heal();
  const limit = limitOf(system, fault);
  const whole = await within(limit, () => differences(pair, topicsOf(system)).length === 0);
  if (whole === undefined) {
    const wrong = differences(pair, topicsOf(system));
    problems.push(`not whole ${limit} s after ${Math.round(held)} s: ${wrong.slice(0, 5).join('; ')}`);
  }
  return { system, fault: fault.name, said, saidAfter, wholeAfter: whole?.after, problems };
}

function limitOf(system: string, { name, kind }: Fault): number {
  if (kind === 'clock') return CLOCK_WITHIN;
  if (!REFUSED.test(name)) return WHOLE_WITHIN;
  const isController = /^(redfish|unifi)\//.test(system);
  return isController && name !== 'another certificate' ? CONTROLLER_WITHIN : REFUSED_WITHIN;
}

/** Waits until `check` gives something. @param seconds the longest @returns it, and after how many seconds */
export async function within<T>(
  seconds: number,
  check: () => T | undefined | false,
): Promise<{ readonly value: T; readonly after: number } | undefined> {
  const begun = performance.now();
  for (;;) {
    const after = (performance.now() - begun) / 1_000;
    const value = check();
    if (value !== undefined && value !== false) return { value, after };
    if (after > seconds) return undefined;
    await sleep(250);
  }
}
