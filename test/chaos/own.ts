import { copyFile, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_FILE } from '../../addon/src/core/database.ts';
import { runToEnd } from '../parts/process.ts';
import { type Course, within } from './course.ts';
import { differences } from './oracle.ts';
import type { Pair } from './pair.ts';
import { buttonsOf, doubles } from './presses.ts';

/** What happens to what Labkeeper itself needs: its broker, its process, its data. */
export interface Trouble {
  readonly name: string;
  run(pair: Pair, chance: () => number, times: number): Promise<Course>;
}

/** Seconds in which all has to be whole after it. */
const WHOLE_WITHIN = 120;
/** MiB of a data folder that fills up soon. */
const SMALL = 4;
const UNWRITABLE = /^Labkeeper cannot start: the data folder \S+ cannot be written to/m;

/** What was seen of a trouble, before it is known whether all became whole. */
type Seen = Pick<Course, 'said' | 'problems'>;

/** @param happen does it and takes it back; what is said after `from` of the log counts */
const trouble = (
  name: string,
  happen: (pair: Pair, chance: () => number, times: number) => Promise<Seen>,
): Trouble => ({
  name,
  run: async (pair, chance, times) => {
    const { said, problems } = await happen(pair, chance, times);
    const whole = await within(WHOLE_WITHIN, () => isWhole(pair));
    const wrong = whole === undefined ? [`not whole: ${differences(pair).slice(0, 8).join('; ')}`] : [];
    return {
      ...{ system: 'Labkeeper', fault: name, said, saidAfter: undefined, wholeAfter: whole?.after },
      problems: [...problems, ...wrong],
    };
  },
});

const isWhole = (pair: Pair): boolean =>
  pair.tried.broker.messages.get('labkeeper/bridge/state') === 'online' && differences(pair).length === 0;

/** The newest line of the log that fits, and a problem where there is none. */
function lineIn(output: string, says: RegExp): Seen {
  const said = output.split('\n').findLast((line) => says.test(line));
  return { said, problems: said === undefined ? [`the log says nothing like ${says}`] : [] };
}

const brokerRestart = (name: string, isForgetful: boolean): Trouble =>
  trouble(name, async ({ tried: { mosquitto, broker, app } }, chance) => {
    const from = app.running.output().length;
    await mosquitto.end();
    if (isForgetful) await mosquitto.forget();
    broker.messages.clear();
    await sleep(3_000 + 12_000 * chance());
    await mosquitto.start();
    await within(60, () => /mqtt: connected/.test(app.running.output().slice(from)));
    return lineIn(app.running.output().slice(from), / (WARN|ERROR) +mqtt: .*nothing listens there/);
  });

/** Has both apps look at these systems from now on. */
async function lookAt({ tried, reference, lab }: Pair, without: readonly string[]): Promise<void> {
  for (const [side, systems] of [
    [tried, lab.byWays],
    [reference, lab.straight],
  ] as const) {
    const left = Object.entries(systems).filter(([source]) => !without.includes(source));
    await side.app.end();
    await side.app.configure(side.options(Object.fromEntries(left)));
    await side.app.start();
  }
}

const killed = trouble('Labkeeper killed', async (pair, chance, times) => {
  const { app, broker } = pair.tried;
  // Who is killed logs out nowhere: an iDRAC has eight sessions, each of which lasts half an hour, and UniFi five logins a minute.
  await lookAt(pair, ['redfish', 'unifi']);
  await within(WHOLE_WITHIN, () => isWhole(pair));
  const buttons = buttonsOf(pair);
  const problems: string[] = [];
  for (let time = 0; time < times; time += 1) {
    await sleep(200 + 4_000 * chance() ** 2);
    // Half of the time while actions run.
    if (chance() < 0.5) {
      await within(20, () => broker.messages.get('labkeeper/bridge/state') === 'online');
      for (const { press } of buttons) press();
      await sleep(1_000 * chance() ** 2);
    }
    if (app.running.output().includes('cannot start'))
      problems.push(`it did not start: ${app.running.output()}`);
    app.running.kill('SIGKILL');
    await app.running.exited;
    await app.start();
  }
  const whole = await within(WHOLE_WITHIN, () => isWhole(pair));
  if (whole === undefined) problems.push(`not whole: ${differences(pair).slice(0, 8).join('; ')}`);
  const sent = buttons.map(
    (each) => `${each.system}: ${each.sent().length} of ${each.pressed} presses came through`,
  );
  await lookAt(pair, []);
  const after = whole === undefined ? '' : `whole after ${Math.ceil(whole.after)} s; `;
  return { said: `${after}${sent.join(', ')}`, problems: [...problems, ...doubles(buttons)] };
});

const damaged = trouble('database damaged', async ({ tried: { app } }, chance) => {
  await app.end();
  const file = path.join(app.folder, DATABASE_FILE);
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  // Pages of 4 KiB, the first of them in any case: what is free would not be missed.
  for (const page of [0, 1, 2, Math.floor((chance() * size) / 4_096)])
    await handle.write(Buffer.alloc(2_048, Math.floor(chance() * 256)), 0, 2_048, page * 4_096 + 1_000);
  await handle.close();
  await app.start();
  await sleep(5_000);
  const seen = lineIn(app.running.output(), /is damaged .*set aside as .*beginning anew/);
  const kept = (await readdir(app.folder)).filter((name) => name.includes('.damaged-'));
  return kept.length > 0 ? seen : { ...seen, problems: [...seen.problems, 'nothing was set aside'] };
});

/** Runs the tried app on a small data folder of its own. */
async function onSmallDisk({ tried: { app } }: Pair, work: () => Promise<Seen>): Promise<Seen> {
  await app.end();
  const options = path.join(app.folder, 'options.json');
  const aside = `${app.folder}.options.json`;
  await copyFile(options, aside);
  await runToEnd('mount', ['-t', 'tmpfs', '-o', `size=${SMALL}m`, 'tmpfs', app.folder]);
  try {
    await copyFile(aside, options);
    await app.start();
    return await work();
  } finally {
    await app.end();
    await runToEnd('umount', [app.folder]);
    await rm(aside);
    await app.start();
  }
}

const full = trouble('disk full', (pair, chance) =>
  onSmallDisk(pair, async () => {
    const { app } = pair.tried;
    const problems: string[] = [];
    if ((await within(WHOLE_WITHIN, () => isWhole(pair))) === undefined) problems.push('not whole before');
    const buttons = buttonsOf(pair);
    const ballast = path.join(app.folder, 'ballast');
    // Without what is kept for root, there is less than a page left.
    await runToEnd('sh', ['-c', `dd if=/dev/zero of=${ballast} bs=4k 2>/dev/null; exit 0`]);
    for (const { press } of buttons) press();
    await sleep(3_000 + 5_000 * chance());
    const { said, problems: unsaid } = lineIn(app.running.output(), /refused: .*full.*nothing was sent/);
    problems.push(...unsaid);
    for (const { system, sent } of buttons)
      if (sent().length > 0) problems.push(`${system} was told what is written down nowhere: ${sent()}`);
    if (differences(pair).some((each) => !/state: /.test(each)))
      problems.push('something was lost meanwhile');
    app.running.kill('SIGKILL');
    await app.running.exited;
    await app.start();
    await within(20, () => UNWRITABLE.test(app.running.output()));
    problems.push(...lineIn(app.running.output(), UNWRITABLE).problems);
    await app.end();
    await rm(ballast);
    await app.start();
    if ((await within(WHOLE_WITHIN, () => isWhole(pair))) === undefined)
      problems.push('not whole once there is room');
    const again = buttonsOf(pair);
    for (const { press } of again) press();
    const done = await within(30, () => again.every(({ sent }) => sent().length === 1));
    if (done === undefined) problems.push('what is pressed once there is room does not happen');
    return { said, problems };
  }),
);

const readOnly = trouble('data folder read-only', (pair) =>
  onSmallDisk(pair, async () => {
    const { app } = pair.tried;
    await within(WHOLE_WITHIN, () => isWhole(pair));
    await app.end();
    await runToEnd('mount', ['-o', 'remount,ro', app.folder]);
    await app.start();
    await within(20, () => UNWRITABLE.test(app.running.output()));
    const seen = lineIn(app.running.output(), UNWRITABLE);
    await app.end();
    await runToEnd('mount', ['-o', 'remount,rw', app.folder]);
    return seen;
  }),
);

const optionsChanged = trouble('options changed', async (pair, chance) => {
  const { tried, lab } = pair;
  const { app, broker } = tried;
  const gone = chance() < 0.5 ? 'docker' : 'proxmox';
  const { [gone]: _, ...rest } = lab.byWays as Record<string, unknown>;
  await app.end();
  await app.configure(tried.options(rest));
  await app.start();
  const left = (): readonly string[] =>
    [...broker.messages.keys()].filter((topic) => topic.includes(`/${gone}_`));
  const went = await within(WHOLE_WITHIN, () => left().length === 0);
  await app.end();
  await app.configure(tried.options(lab.byWays));
  await app.start();
  return {
    said: went && `nothing of ${gone} is left after ${Math.ceil(went.after)} s`,
    problems:
      went === undefined ? [`ghosts of ${gone}, which the options have no more: ${left().slice(0, 5)}`] : [],
  };
});

export const TROUBLES: readonly Trouble[] = [
  brokerRestart('broker restarted', false),
  brokerRestart('broker restarted, its store lost', true),
  killed,
  damaged,
  full,
  readOnly,
  optionsChanged,
];
