import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, freePort, type Running, run, runToEnd } from './process.ts';

export interface Sshd {
  readonly port: number;
  /** Its public key, as in `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** File with a private key that may log in as root. */
  readonly identityFile: string;
  /** File with one that may not. */
  readonly strangerFile: string;
  readonly running: Running;
  stop(): Promise<void>;
}

export interface SshdOptions {
  /** Environment of who logs in. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts an SSH server of its own on loopback, with keys of its own. Needs root, and Debian's openssh-server. */
export async function startSshd({ environment = {} }: SshdOptions = {}): Promise<Sshd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sshd-'));
  const port = await freePort();
  const at = (name: string): string => path.join(folder, name);
  for (const name of ['host', 'identity', 'stranger']) {
    await runToEnd('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', at(name)]);
  }
  await writeFile(at('authorized'), await readFile(at('identity.pub')), { mode: 0o600 });
  const set = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  await writeFile(
    at('config'),
    [
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, `PidFile ${at('pid')}`],
      ...[`AuthorizedKeysFile ${at('authorized')}`, 'StrictModes no', 'UsePAM no', 'PermitRootLogin yes'],
      ...['PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
      ...(set.length > 0 ? [`SetEnv ${set.join(' ')}`] : []),
      '',
    ].join('\n'),
  );
  await mkdir('/run/sshd', { recursive: true });
  const running = run('/usr/sbin/sshd', ['-D', '-e', '-f', at('config')]);
  await eventually('sshd (as root; apt-get install openssh-server)', async () => {
    if (await Promise.race([running.exited.then(() => true), false])) throw new Error(running.output());
    return isOpen(port);
  });
  return {
    ...{ port, running, identityFile: at('identity'), strangerFile: at('stranger') },
    hostKey: (await readFile(at('host.pub'), 'utf8')).trim(),
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
