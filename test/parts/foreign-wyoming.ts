import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runToEnd } from './process.ts';

const FETCH = new URL('../../scripts/wyoming/fetch.sh', import.meta.url).pathname;
const CLIENT = new URL('wyoming-client.py', import.meta.url).pathname;

/** What came of one text that the protocol's own library asked for. */
export interface Told {
  readonly types: readonly string[];
  readonly bytes: number;
  readonly format: readonly [rate: number, width: number, channels: number] | null;
  readonly error: string | null;
  /** Seconds until the first sound. */
  readonly first: number | null;
  readonly voices?: readonly string[];
  readonly streams?: boolean;
}

export interface Asked {
  readonly describe?: true;
  readonly text?: string;
  readonly voice?: string;
  /** The text is streamed in these. */
  readonly parts?: readonly string[];
}

/** The folder in which what others wrote for Wyoming is installed, to be changed into as root. */
export const foreignRoot = async (): Promise<string> =>
  (await runToEnd(FETCH, [])).trim().split('\n').at(-1) as string;

/** Has all of them asked for at the same time, each on a connection of its own. */
export async function askForeign(port: number, asked: readonly Asked[]): Promise<readonly Told[]> {
  const root = await foreignRoot();
  const name = `wyoming-${process.pid}`;
  await copyFile(CLIENT, path.join(root, 'tmp', `${name}.py`));
  await writeFile(
    path.join(root, 'tmp', `${name}.jsonl`),
    asked.map((one) => JSON.stringify(one)).join('\n'),
  );
  const command = `/opt/wyoming/bin/python /tmp/${name}.py ${port} < /tmp/${name}.jsonl`;
  const output = await runToEnd('chroot', [root, 'sh', '-c', command]);
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
}

/** The bench that the protocol's own people wrote. @returns what it prints */
export async function benchForeign(port: number, args: readonly string[]): Promise<string> {
  return runToEnd('chroot', [
    await foreignRoot(),
    '/opt/wyoming/bin/wyoming-bench',
    'tts',
    ...args,
    `127.0.0.1:${port}`,
  ]);
}
