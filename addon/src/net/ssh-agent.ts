import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { LabError } from '../core/errors.ts';

/** A login on the machine to reach. */
export interface SshTarget {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** The machine's public key, as in `ssh-ed25519 AAAA…`: this one is trusted and no other. */
  readonly hostKey: string;
  /** File with our private key. */
  readonly identityFile: string;
}

/** What was wrong with a login, from what was complained of and the exit code; null: it was ended. */
export type Explain = (complaint: string, exitCode: number | null) => LabError;

/** sshd takes ten logins at a time before it drops some. */
const MOST_CONNECTIONS = 8;
/** What may wait at a time, so that a command always finds a way. */
export const SSH_WIDTH = 6;
/** Under this name the key stands in our file of known hosts, whatever the host is called. */
const ALIAS = 'labkeeper';
const MOST_COMPLAINT = 8_192;

/**
 * The arguments of `ssh` that run a command there. Nothing of the user's
 * configuration counts, no agent is asked, nothing is asked of anybody.
 */
export function sshArguments(
  { user, host, port, identityFile }: SshTarget,
  command: readonly string[],
  knownHosts: string,
): readonly string[] {
  const settings = [
    ...['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHosts}`],
    ...[
      'GlobalKnownHostsFile=/dev/null',
      `HostKeyAlias=${ALIAS}`,
      'UpdateHostKeys=no',
      'VerifyHostKeyDNS=no',
    ],
    ...['IdentitiesOnly=yes', 'IdentityAgent=none', 'PreferredAuthentications=publickey'],
    ...['ClearAllForwardings=yes', 'ForwardAgent=no', 'PermitLocalCommand=no', 'ControlPath=none'],
    ...['ConnectTimeout=10', 'ServerAliveInterval=15', 'ServerAliveCountMax=3', 'LogLevel=ERROR'],
  ];
  return [
    ...['-F', 'none', '-T', ...settings.flatMap((setting) => ['-o', setting])],
    ...['-i', identityFile, '-p', String(port), '-l', user],
    ...['--', host, ...command],
  ];
}

/**
 * Connections that are a command's standard input and output on another machine, by the `ssh` of Debian's
 * openssh-client: one process for each, kept open for the next call.
 */
export class SshAgent extends Agent {
  readonly #target: SshTarget;
  readonly #command: readonly string[];
  readonly #explain: Explain;
  #folder: string | undefined;

  /** @param command what speaks HTTP there, as the shell of the login takes it */
  constructor(target: SshTarget, command: readonly string[], explain: Explain) {
    super({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
    this.#target = target;
    this.#command = command;
    this.#explain = explain;
  }

  override createConnection(): Duplex {
    this.#folder ??= mkdtempSync(path.join(tmpdir(), 'labkeeper-ssh-'));
    const knownHosts = path.join(this.#folder, 'known_hosts');
    const [type, key] = this.#target.hostKey.trim().split(/\s+/);
    writeFileSync(knownHosts, `${ALIAS} ${type} ${key}\n`, { mode: 0o600 });
    const child = spawn('ssh', sshArguments(this.#target, this.#command, knownHosts), {
      stdio: ['pipe', 'pipe', 'pipe'],
      // No agent, no display to ask at, and messages that we understand.
      env: { PATH: process.env.PATH, HOME: this.#folder, LC_ALL: 'C' },
    });
    return new SshPipe(child, this.#explain);
  }

  /** Ends all connections. */
  override destroy(): void {
    super.destroy();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

type Ssh = ChildProcessByStdio<Writable, Readable, Readable>;

/** One `ssh` as what an HTTP client takes for a socket. */
class SshPipe extends Duplex {
  readonly #child: Ssh;
  #complaint = '';

  constructor(child: Ssh, explain: Explain) {
    super({ allowHalfOpen: false });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-MOST_COMPLAINT);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    // What it could not take, its end explains.
    child.stdin.on('error', () => {});
    child.once('error', (cause) => this.destroy(explain(cause.message, null)));
    // Only then everything that it had to say was heard.
    child.once('close', (code) => {
      if (code === 0 && this.#complaint.trim() === '') this.push(null);
      else this.destroy(explain(this.#complaint, code));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    // A write that failed is no error of its own: the end of the process follows, and tells why.
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill('SIGTERM');
    done(error);
  }

  // What else is asked of a socket, and has no meaning here.
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    this.#child.ref();
    return this;
  }

  unref(): this {
    this.#child.unref();
    return this;
  }
}
