import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SshTarget, sshArguments } from './ssh-agent.ts';

/** What came of a program that ran elsewhere. */
export interface Ran {
  /** null: it was ended. 255 is the way's own: nothing may have been run. */
  readonly code: number | null;
  readonly out: string;
  /** What it complained of. */
  readonly err: string;
}

const MOST_TEXT = 1024 ** 2;
const ALIAS = 'labkeeper';

/** A word as a POSIX shell takes it, whatever is in it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Runs a program, which is ended there when the connection is: who was cut off may look at how things stand without
 * something still changing them.
 */
const GUARDED =
  'exec 3<&0; "$@" 3<&- </dev/null & p=$!; (cat <&3; kill $p) >/dev/null 2>&1 & c=$!; exec 3<&-; wait $p; r=$?; ' +
  'kill $c 2>/dev/null; exit $r';

/**
 * Runs a program on another machine, by the `ssh` of Debian's openssh-client.
 *
 * @param command its words; they reach it as they are, through the shell of the login
 * @param isGuarded it is ended with the connection
 * @param input what it reads, where it is not guarded; left out: nothing
 * @throws what `signal` was aborted with; an `Error` where there is no `ssh` here
 */
export async function sshRun(
  target: SshTarget,
  command: readonly string[],
  signal: AbortSignal,
  isGuarded = false,
  input?: Buffer,
): Promise<Ran> {
  signal.throwIfAborted();
  const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-ssh-'));
  try {
    const knownHosts = path.join(folder, 'known_hosts');
    const [type, key] = target.hostKey.trim().split(/\s+/);
    writeFileSync(knownHosts, `${ALIAS} ${type} ${key}\n`, { mode: 0o600 });
    const words = isGuarded ? ['sh', '-c', GUARDED, 'sh', ...command] : command;
    const child = spawn('ssh', sshArguments(target, [words.map(quoted).join(' ')], knownHosts), {
      // What reads its input to the end there, as under a command that the key is bound to, ends at once.
      stdio: [isGuarded || input !== undefined ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C' },
    });
    const onAbort = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', onAbort);
    const texts = { out: '', err: '' };
    child.stdin?.on('error', () => {});
    if (!isGuarded && input !== undefined) child.stdin?.end(input);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      texts.out = (texts.out + text).slice(-MOST_TEXT);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      texts.err = (texts.err + text).slice(-MOST_TEXT);
    });
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('close', resolve).once('error', reject);
      });
      signal.throwIfAborted();
      return { code, ...texts };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
