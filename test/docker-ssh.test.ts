import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { systemClock } from '../addon/src/core/clock.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { sshArguments } from '../addon/src/net/ssh-agent.ts';
import { DockerClient } from '../addon/src/sources/docker/client.ts';
import { explainSsh } from '../addon/src/sources/docker/ssh.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';

const TARGET = {
  user: 'me',
  host: 'vps.lan',
  port: 2222,
  hostKey: 'ssh-ed25519 AAAA',
  identityFile: '/config/key',
};

test('`ssh` is run with nothing of the user’s, no agent, no password, and one host key', () => {
  const all = sshArguments(TARGET, ['docker', 'system', 'dial-stdio'], '/tmp/known');
  const text = all.join(' ');
  for (const setting of [
    ...['-F none', 'BatchMode=yes', 'StrictHostKeyChecking=yes', 'UserKnownHostsFile=/tmp/known'],
    ...['GlobalKnownHostsFile=/dev/null', 'IdentityAgent=none', 'IdentitiesOnly=yes', '-i /config/key'],
    ...['PreferredAuthentications=publickey', '-p 2222', '-l me'],
  ])
    assert.ok(text.includes(setting), setting);
  assert.deepEqual(
    all.slice(-5),
    ['--', 'vps.lan', 'docker', 'system', 'dial-stdio'],
    'a host is never an option',
  );
});

test('what `ssh` complains of is said with what to do', () => {
  const said = (complaint: string, exitCode = 255): readonly string[] => {
    const { code, message, hint = '' } = explainSsh('docker/vps', TARGET, complaint, exitCode);
    return [code, message.replace('docker/vps: me@vps.lan:2222 ', ''), hint];
  };
  const table: readonly (readonly [string, string, RegExp, RegExp])[] = [
    [
      '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
      'certificate_refused',
      /another host key/,
      /ssh-keyscan -p 2222 vps\.lan/,
    ],
    [
      'No RSA host key is known for labkeeper and you have requested strict checking.',
      'certificate_refused',
      /is not known/,
      /ssh-keyscan/,
    ],
    [
      'me@vps.lan: Permission denied (publickey).',
      'credentials_refused',
      /refuses the key/,
      /authorized_keys of me/,
    ],
    [
      'Load key "/config/key": bad permissions\nPermission denied (publickey).',
      'credentials_refused',
      /others may read/,
      /chmod 600 \/config\/key/,
    ],
    [
      'Load key "/config/key": error in libcrypto\nPermission denied',
      'credentials_refused',
      /no private key/,
      /ssh-keygen/,
    ],
    ['bash: line 1: docker: command not found', 'source_failed', /no docker command/, /install/],
    [
      'permission denied while trying to connect to the Docker daemon socket',
      'credentials_refused',
      /not to the engine/,
      /usermod -aG docker me/,
    ],
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
      'unreachable',
      /does not run/,
      /systemctl start docker/,
    ],
    ['spawn ssh ENOENT', 'unreachable', /no ssh here/, /openssh-client/],
    [
      'ssh: Could not resolve hostname vps.lan: Name or service not known',
      'unreachable',
      /not known by that name/,
      /name/,
    ],
    ['ssh: connect to host vps.lan port 2222: Connection refused', 'unreachable', /does not answer/, /port/],
  ];
  for (const [complaint, code, message, hint] of table) {
    const [saidCode, saidMessage = '', saidHint = ''] = said(complaint);
    assert.equal(saidCode, code, complaint);
    assert.match(saidMessage, message);
    assert.match(saidHint, hint);
  }
  assert.match(said('', 127)[1] ?? '', /no docker command/, 'whatever language its shell speaks');
  const unknown = said(`\u001b[31mwhat\u0007 ${'x'.repeat(5_000)}`)[1] ?? '';
  assert.ok(unknown.length < 300 && !/\p{C}/u.test(unknown));
});

suite('an engine through a program that is called ssh', () => {
  let folder: string;
  let simulator: DockerSimulator;
  const PATH = process.env.PATH;
  const options = {
    url: 'ssh://me@vps.lan',
    host_key: 'ssh-ed25519 AAAA comment',
    identity_file: '/config/key',
  };
  const signal = AbortSignal.timeout(20_000);
  const clientOf = (): DockerClient =>
    new DockerClient(options, 'docker/vps', systemClock, new Meter(systemClock));

  /** What stands for `ssh`: a script with the simulator's socket and where it writes what it was asked. */
  const ssh = async (script: string): Promise<void> => {
    await writeFile(path.join(folder, 'ssh'), `#!${process.execPath}\n${script}`);
    await chmod(path.join(folder, 'ssh'), 0o755);
  };

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fake-ssh-'));
    const engine = new DockerEngine();
    engine.create({ name: 'solo', image: 'x:1' });
    simulator = await startDockerSimulator({ engine, socketPath: path.join(folder, 'docker.sock') });
    process.env.PATH = `${folder}:${PATH}`;
  });

  after(async () => {
    process.env.PATH = PATH;
    await simulator.close();
    await rm(folder, { recursive: true });
  });

  test('is asked over its standard input and output, and trusts the given key alone', async () => {
    await ssh(`
      const fs = require('node:fs');
      const known = process.argv.find((one) => one.startsWith('UserKnownHostsFile=')).slice(19);
      fs.writeFileSync('${folder}/known', fs.readFileSync(known));
      fs.writeFileSync('${folder}/known-path', known);
      const socket = require('node:net').connect('${folder}/docker.sock');
      process.stdin.pipe(socket).pipe(process.stdout);`);
    const client = clientOf();
    const many = await Promise.all(Array.from({ length: 20 }, () => client.list(signal)));
    assert.ok(many.every((ids) => ids.length === 1));
    assert.equal(await readFile(`${folder}/known`, 'utf8'), 'labkeeper ssh-ed25519 AAAA\n');
    client.close();
    await assert.rejects(readFile(await readFile(`${folder}/known-path`, 'utf8')), { code: 'ENOENT' });
  });

  test('that ends with a complaint is an error of ours, each time', async () => {
    await ssh(`process.stderr.write('me@vps.lan: Permission denied (publickey).\\n'); process.exit(255);`);
    const client = clientOf();
    for (let time = 0; time < 2; time += 1) {
      await assert.rejects(client.list(signal), { code: 'credentials_refused', message: /refuses the key/ });
    }
    client.close();
  });

  test('that ends in the middle of an answer is an error, too', async () => {
    await ssh(`process.stdout.write('HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 99\\r\\n\\r\\n[{');
      setTimeout(() => process.exit(255), 50);`);
    const client = clientOf();
    await assert.rejects(client.list(AbortSignal.timeout(3_000)));
    client.close();
  });
});
