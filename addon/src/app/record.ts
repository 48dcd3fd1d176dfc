import { loadOptions } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { validateOptions } from '../config/validate.ts';
import { systemClock } from '../core/clock.ts';
import { memoryDatabase } from '../core/database.ts';
import { LabError } from '../core/errors.ts';
import { type Log, silentLog } from '../core/log.ts';
import type { Configured } from '../engine/engine.ts';
import { Engine } from '../engine/engine.ts';
import type { LabResource } from '../kinds/index.ts';
import { Store } from '../model/store.ts';
import { type Listening, record } from '../record/recorder.ts';
import { sourcesFor, systemsOf } from './systems.ts';

/** Seconds. */
const INTERVALS = { fast: 30, slow: 60, rare: 120 };
export const RECORD_SECONDS = 300;

/**
 * Opens further sessions to the systems, which read everything from the beginning, and change nothing that the app
 * itself knows or publishes.
 */
export function listening(systems: readonly Configured[], log: Log): Listening {
  return (onExchange) => {
    const database = memoryDatabase();
    const store = new Store<LabResource>();
    const engine = new Engine(systems, {
      ...{ store, database, log, onExchange },
      clock: systemClock,
      random: Math.random,
      intervals: INTERVALS,
    });
    engine.start();
    return {
      close: async () => {
        await engine.close();
        database.close();
      },
    };
  };
}

/** What of the configured systems goes into a capture's first line, before it is scrubbed. */
export const recordedSystems = (systems: readonly Configured[]) =>
  systems.map(({ source, id, options }) => ({ source: source.id, id, options }));

/**
 * `record [SECONDS]`: records what the systems of the options answer, and ends.
 *
 * @throws LabError `options_invalid`
 */
export async function recordOnce(
  settings: Settings,
  version: string,
  [given = String(RECORD_SECONDS)]: readonly string[],
  write: (line: string) => void,
): Promise<void> {
  const seconds = Number(given);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3_600) {
    throw new LabError('options_invalid', `record: “${given}” is no number of seconds from 1 to 3600`);
  }
  const loaded = await loadOptions(settings);
  const sources = await sourcesFor(loaded);
  const systems = systemsOf(validateOptions(sources, loaded), sources);
  if (systems.length === 0) throw new LabError('options_invalid', 'record: the options name no system');
  const ended = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.abort());
  write(`Recording what ${systems.length} systems answer, for ${seconds} s; Ctrl+C ends it early.\n`);
  const parts = {
    ...{ version, clock: systemClock, folder: settings.dataFolder },
    systems: recordedSystems(systems),
    listen: listening(systems, silentLog),
  };
  const { file, requests } = await record(parts, seconds, ended.signal);
  write(`${requests} answers are in ${file}. Look through it (zcat) before you give it to anybody.\n`);
}
