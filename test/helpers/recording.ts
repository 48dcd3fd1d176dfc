import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { sourcesFor, systemsOf } from '../../addon/src/app/systems.ts';
import { validateOptions } from '../../addon/src/config/validate.ts';
import { memoryDatabase } from '../../addon/src/core/database.ts';
import type { Exchange } from '../../addon/src/core/exchange.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { record } from '../../addon/src/record/recorder.ts';
import { readCapture } from '../../simulators/replay/capture-file.ts';
import { startReplay } from '../../simulators/replay/server.ts';
import { FakeClock } from './fake-clock.ts';
import { recordingLog } from './samples.ts';

const SECONDS = 240;

/** Labkeeper's engine before these systems. */
async function talkTo(
  options: object,
  clock: FakeClock,
  onExchange: (owner: string, exchange: Exchange) => void = () => {},
) {
  const sources = await sourcesFor(options);
  const systems = systemsOf(validateOptions(sources, options), sources);
  const store = new Store<LabResource>();
  const log = recordingLog();
  const engine = new Engine(systems, {
    ...{ store, clock, random: () => 0.5, log, database: memoryDatabase(), onExchange },
    intervals: { fast: 30, slow: 60, rare: 60 },
  });
  engine.start();
  return { store, log, close: () => engine.close() };
}

/** How many there are of each kind, and of each reading that they have. */
function countsOf(store: Store<LabResource>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = (key: string): void => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  for (const { kind, readings, parent, aliases = [] } of store.all()) {
    count(kind);
    if (parent !== undefined) count(`${kind} in a parent`);
    for (const alias of aliases) count(`${kind} by ${alias.split(':')[0]}`);
    for (const [key, value] of Object.entries(readings))
      count(`${kind}.${key}${value === null ? ' unknown' : ''}`);
  }
  return counts;
}

/** Simulated time passes, and real time for what is on the wire. */
async function pass(clock: FakeClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000);
    await sleep(12);
  }
}

/** Records a lab that lives by a clock, and says what Labkeeper saw of it meanwhile. */
export async function recordingOf(
  make: (clock: FakeClock) => Promise<{ options: object; stop(): Promise<void> }>,
) {
  const clock = new FakeClock();
  const lab = await make(clock);
  const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-record-'));
  const sources = await sourcesFor(lab.options);
  const systems = systemsOf(validateOptions(sources, lab.options), sources);
  let heard = '';
  let tell: (owner: string, exchange: Exchange) => void = () => {};
  const run = await talkTo(lab.options, clock, (owner, exchange) => {
    heard += `${exchange.path} ${exchange.answer?.body}\n`;
    tell(owner, exchange);
  });
  const done = record(
    {
      ...{ version: '0', clock, folder },
      systems: systems.map(({ source, id, options }) => ({ source: source.id, id, options })),
      listen: (onExchange) => {
        tell = onExchange;
        return run;
      },
    },
    SECONDS,
  );
  await pass(clock, SECONDS);
  const seen = countsOf(run.store);
  await clock.advance(1_000);
  const written = await done;
  await lab.stop();
  return {
    written,
    /** What the file holds. */
    text: gunzipSync(readFileSync(written.file)).toString('utf8'),
    /** All that was answered, as it was. */
    heard,
    seen,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Plays a capture to Labkeeper for as long as it was recorded. */
export async function replayed(file: string) {
  const clock = new FakeClock();
  const replay = await startReplay(await readCapture(file), { clock });
  const run = await talkTo(replay.options, clock);
  await pass(clock, SECONDS);
  const seen = countsOf(run.store);
  const resources = [...run.store.all()];
  await run.close();
  await replay.close();
  return { seen, resources, unknown: [...replay.unknown], log: run.log.lines };
}
