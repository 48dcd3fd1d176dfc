import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { runToEnd } from './process.ts';

const VERSION = '4.32.5';
const FOLDER = path.join(homedir(), '.cache/labkeeper', `schemathesis-${VERSION}`);

/** @returns the program, which comes from PyPI the first time */
export async function schemathesis(): Promise<string> {
  const complete = path.join(FOLDER, 'complete');
  if (!existsSync(complete)) {
    await rm(FOLDER, { recursive: true, force: true });
    await runToEnd('python3', ['-m', 'venv', FOLDER]);
    await runToEnd(path.join(FOLDER, 'bin/pip'), ['install', '--quiet', `schemathesis==${VERSION}`]);
    await writeFile(complete, '');
  }
  return path.join(FOLDER, 'bin/schemathesis');
}
