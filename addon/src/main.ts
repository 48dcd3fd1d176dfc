import { readFileSync } from 'node:fs';
import { type App, startApp } from './app.ts';
import { settingsOf } from './config/settings.ts';
import { asLabError } from './core/errors.ts';

/** The container's stop ends in a kill; by then `offline` must be out. */
const GOODBYE_MS = 4_500;

const write = (line: string): void => void process.stdout.write(line);
/** Put in by the bundler, whose output stands beside no package.json. */
declare const LABKEEPER_VERSION: string | undefined;
const version: string =
  typeof LABKEEPER_VERSION === 'string'
    ? LABKEEPER_VERSION
    : JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

let stopping = false;
const app = run();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
void app.then(({ failed }) => failed.then(() => stop(1)));

async function run(): Promise<App> {
  try {
    return await startApp(settingsOf(process.env), version, write);
  } catch (thrown) {
    const { message, hint, code, cause } = asLabError(thrown);
    const more = code === 'internal' && cause instanceof Error ? `\n${cause.stack}` : '';
    process.stderr.write(
      `Labkeeper cannot start: ${message}${hint === undefined ? '' : `\n${hint}`}${more}\n`,
    );
    process.exit(1);
  }
}

async function stop(code = 0): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), GOODBYE_MS).unref();
  const { log, close } = await app;
  await close();
  log.info('stopped');
  process.exit(code);
}
