import { type ErrorCode, LabError } from '../../core/errors.ts';
import type { SshTarget } from '../../net/ssh-agent.ts';

interface Explanation {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: (target: SshTarget) => string;
}

/** By what `ssh`, the shell behind it or `docker` complain of; the first that fits. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    code: 'certificate_refused',
    what: 'shows another host key than the one in host_key',
    hint: ({ host, port }) =>
      `if it was renewed on purpose, take the new one: ssh-keyscan -p ${port} ${host}, compared with the machine’s own`,
  },
  {
    pattern: /No \S+ host key is known|no matching host key type|Host key verification failed/,
    code: 'certificate_refused',
    what: 'has no host key of the kind in host_key, so it is not known',
    hint: ({ host, port }) =>
      `give one that it has: ssh-keyscan -p ${port} ${host}, compared with the machine’s own`,
  },
  {
    pattern: /UNPROTECTED PRIVATE KEY FILE|bad permissions/i,
    code: 'credentials_refused',
    what: 'is not asked: others may read the file of identity_file',
    hint: ({ identityFile }) => `chmod 600 ${identityFile}`,
  },
  {
    pattern: /Identity file .* not accessible|Load key .*No such file/,
    code: 'credentials_refused',
    what: 'cannot be logged in to: the file of identity_file cannot be read',
    hint: ({ identityFile }) => `check that ${identityFile} is there, and that Labkeeper may read it`,
  },
  {
    pattern: /Load key .*(passphrase|invalid format|error in libcrypto)/i,
    code: 'credentials_refused',
    what: 'cannot be logged in to: the file of identity_file is no private key, or has a passphrase',
    hint: () => 'make a key without one, for this alone: ssh-keygen -t ed25519 -N "" -f labkeeper',
  },
  {
    pattern: /Permission denied \(|Too many authentication failures/,
    code: 'credentials_refused',
    what: 'refuses the key in identity_file',
    hint: ({ user }) => `add its public part to ~/.ssh/authorized_keys of ${user}`,
  },
  {
    pattern:
      /permission denied while trying to connect to the docker|dial unix \S+: connect: permission denied/i,
    code: 'credentials_refused',
    what: 'lets the user in, but not to the engine’s socket',
    hint: ({ user }) => `on that machine: sudo usermod -aG docker ${user}`,
  },
  {
    pattern: /docker: (command )?not found|docker: No such file|not found: docker|exec: docker/,
    code: 'source_failed',
    what: 'has no docker command that the user finds',
    hint: () =>
      'install docker-ce-cli (or docker.io) there; it has to be in the PATH of logins without a shell',
  },
  {
    pattern: /Cannot connect to the Docker daemon|dial unix .*(no such file|refused)/i,
    code: 'unreachable',
    what: 'lets the user in, but its engine does not run',
    hint: () => 'start it there: systemctl start docker',
  },
  {
    pattern: /spawn ssh ENOENT/,
    code: 'unreachable',
    what: 'cannot be reached: there is no ssh here',
    hint: () => 'install openssh-client where Labkeeper runs',
  },
  {
    pattern: /Could not resolve hostname/,
    code: 'unreachable',
    what: 'is not known by that name',
    hint: () => 'check the name',
  },
  {
    pattern: /Connection refused|timed out|No route to host|Network is unreachable/,
    code: 'unreachable',
    what: 'does not answer',
    hint: () => 'check host and port, and whether it is on',
  },
];

/** What went wrong with a login, and what to do about it. */
export function explainSsh(
  name: string,
  target: SshTarget,
  complaint: string,
  exitCode: number | null,
): LabError {
  const where = `${name}: ${target.user}@${target.host}:${target.port}`;
  const found = EXPLANATIONS.find(({ pattern }) => pattern.test(complaint));
  if (found !== undefined) {
    return new LabError(found.code, `${where} ${found.what}`, { hint: found.hint(target) });
  }
  // 127 is the shell's for a command that it does not find, whatever its language.
  if (exitCode === 127) return explainSsh(name, target, 'docker: not found', null);
  const last = complaint.replaceAll(/\p{C}/gu, ' ').trim().slice(-200);
  return new LabError('unreachable', `${where}: ssh ended (${exitCode ?? 'killed'})${last && `: ${last}`}`);
}
