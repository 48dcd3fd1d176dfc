import { loadOptions } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { validateOptions } from '../config/validate.ts';
import { systemClock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import { record } from '../record/recorder.ts';
import { listening, recordedSystems } from './recording.ts';
import { sourcesFor, systemsOf } from './systems.ts';

const SECONDS = 300;

/**
 * `record [SECONDS]`: records what the systems of the options answer, and ends.
 *
 * @throws LabError `options_invalid`
 */
export async function recordOnce(
  settings: Settings,
  version: string,
  [given = String(SECONDS)]: readonly string[],
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
    listen: listening(systems),
  };
  const { file, requests } = await record(parts, seconds, ended.signal);
  write(`${requests} answers are in ${file}. Look through it (zcat) before you give it to anybody.\n`);
}
