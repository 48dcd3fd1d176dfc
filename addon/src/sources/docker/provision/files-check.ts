import type { Check } from '../../../contract/step.ts';
import { wholePath } from '../compose-file/mounts.ts';
import type { Outline } from '../compose-file/outline.ts';
import { type Variables, variablesFile } from '../compose-file/variables.ts';
import type { Bench } from './bench.ts';
import { no, yes } from './checks.ts';
import { COMPOSE_FILE, MARK_FILE, VARIABLES_FILE } from './files.ts';
import type { MakeWay } from './ways.ts';

interface Asked {
  readonly way: MakeWay;
  readonly folder: string;
  readonly outline: Outline;
  readonly environment: Variables;
  readonly files: readonly { readonly path: string }[];
}

const NAME = 'Files';
const HINT =
  'only the Compose file itself comes along: use volumes or whole paths, write variables under “environment”, configs as ' +
  '“content”, name an image instead of “build”; or reach the engine by SSH, where folders and files travel';

/**
 * Whether all that a file needs beside itself is there. Only over SSH anything can be: by any other way a relative path would
 * begin somewhere else, and the engine would make an empty folder there.
 */
export async function filesCheck(bench: Bench, asked: Asked, signal: AbortSignal): Promise<Check> {
  const { way, folder, outline, environment, files } = asked;
  const own = Object.keys(environment).find((name) => /^(COMPOSE|DOCKER)_/.test(name));
  if (own !== undefined)
    return no(NAME, `${own} is a variable that changes what Compose itself does`, 'leave it out');
  // Throws where a value cannot be written.
  variablesFile(environment);
  if (way !== 'ssh') {
    if (files.length > 0)
      return no(NAME, 'other files are given, and this engine is not reached by SSH', HINT);
    const { outside } = outline;
    if (outside.length === 0) return yes(NAME, 'the Compose file is all that it needs');
    return no(NAME, outside.map(({ line, what }) => `line ${line}: ${what}`).join('; '), HINT);
  }
  const reserved = files.find(({ path }) => [COMPOSE_FILE, VARIABLES_FILE, MARK_FILE].includes(path));
  if (reserved !== undefined)
    return no(NAME, `${reserved.path} is written from the rest of what is given`, 'leave it out');
  const given = new Set(files.map(({ path }) => wholePath(path, folder)));
  const needed = outline.outside.flatMap(({ line, what, file }) =>
    file === undefined || given.has(wholePath(file, folder))
      ? []
      : [{ line, what, path: wholePath(file, folder) }],
  );
  const there = await present(
    bench,
    needed.map(({ path }) => path),
    signal,
  );
  const missing = needed.filter(({ path }) => !there.has(path));
  if (missing.length === 0) return yes(NAME, `${files.length} beside the Compose file`);
  const told = missing.map(({ line, what, path }) => `line ${line}: ${what} is not there (${path})`);
  return no(NAME, told.join('; '), 'give it under “files”');
}

async function present(
  { run }: Bench,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (paths.length === 0 || run === undefined) return new Set();
  const look = 'for f; do [ ! -e "$f" ] || printf "%s\\n" "$f"; done';
  const { out } = await run(['sh', '-c', look, 'sh', ...paths], signal);
  return new Set(out.split('\n'));
}
