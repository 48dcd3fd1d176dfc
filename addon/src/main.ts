import { fileURLToPath } from 'node:url';
import { type App, recordOnce, startApp } from './app.ts';
import { settingsOf } from './config/settings.ts';
import { copyDatabase, dropCopy } from './core/backup.ts';
import { asLabError } from './core/errors.ts';
import { IS_BUNDLED, VERSION } from './core/version.ts';

/** The container's stop ends in a kill; by then `offline` must be out. */
const GOODBYE_MS = 4_500;

const write = (line: string): void => void process.stdout.write(line);
const pageFolder = fileURLToPath(new URL(IS_BUNDLED ? './page' : '../dist/page', import.meta.url));

const [command, ...rest] = process.argv.slice(2);
if (command === 'record') {
  await orExit(() => recordOnce(settingsOf(process.env), VERSION, rest, write));
  process.exit(0);
}
// Around a backup of the data folder that others make of it, as Home Assistant does.
if (command === 'backup') {
  await orExit(async () => {
    const { dataFolder } = settingsOf(process.env);
    if (rest[0] === 'end') dropCopy(dataFolder);
    else copyDatabase(dataFolder);
  });
  process.exit(0);
}

let stopping = false;
const app: Promise<App> = orExit(() => startApp(settingsOf(process.env), VERSION, write, pageFolder));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
void app.then(({ failed }) => failed.then(() => stop(1)));

async function orExit<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
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
