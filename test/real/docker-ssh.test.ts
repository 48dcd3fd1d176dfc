import assert from 'node:assert/strict';
import { chmod, copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../addon/src/core/clock.ts';
import { memoryDatabase } from '../../addon/src/core/database.ts';
import { silentLog } from '../../addon/src/core/log.ts';
import { Meter } from '../../addon/src/core/meter.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { DockerClient } from '../../addon/src/sources/docker/client.ts';
import { docker } from '../../addon/src/sources/docker/index.ts';
import { type Dockerd, startDockerd } from '../parts/dockerd.ts';
import { eventually } from '../parts/process.ts';
import { type Sshd, startSshd } from '../parts/sshd.ts';

describe('a real engine over a real SSH server', { timeout: 60_000 }, () => {
  let dockerd: Dockerd;
  let sshd: Sshd;
  /** Where whoever logs in finds no `docker`. */
  let bare: Sshd;

  before(async () => {
    dockerd = await startDockerd();
    await dockerd.start('solo');
    sshd = await startSshd({ environment: { DOCKER_HOST: dockerd.url } });
    bare = await startSshd({ environment: { PATH: '/nonexistent' } });
  });

  after(async () => {
    await bare?.stop();
    await sshd?.stop();
    await dockerd?.stop();
  });

  const optionsOf = ({ port, hostKey, identityFile }: Sshd) => ({
    url: `ssh://root@127.0.0.1:${port}`,
    host_key: hostKey,
    identity_file: identityFile,
  });

  /** What comes of asking for the engine's information. */
  async function asked(
    change: object,
    server = sshd,
  ): Promise<{ code: string; message: string; hint: string }> {
    const client = new DockerClient(
      { ...optionsOf(server), ...change },
      'docker/vps',
      systemClock,
      new Meter(systemClock),
    );
    try {
      await client.info(AbortSignal.timeout(20_000));
      return { code: 'answered', message: '', hint: '' };
    } catch (thrown) {
      return thrown as never;
    } finally {
      client.close();
    }
  }

  it('reads, follows and controls containers as through its own socket', async () => {
    const store = new Store<LabResource>();
    const engine = new Engine(
      [{ source: docker as never, id: 'vps', title: 'VPS', options: optionsOf(sshd) }],
      {
        ...{ store, clock: systemClock, random: Math.random, log: silentLog, database: memoryDatabase() },
        intervals: { fast: 1, slow: 1, rare: 60 },
      },
    );
    const id = 'docker/vps/container/solo';
    const solo = (): LabResourceOf<'container'> => store.get(id) as LabResourceOf<'container'>;
    engine.start();
    try {
      await eventually(
        'the container',
        () => solo()?.available === true && solo().readings.state === 'running',
      );
      await eventually('its numbers', () => typeof solo().readings.cpu === 'number');
      await engine.for(id, 'power')?.stop(id, AbortSignal.timeout(20_000));
      await eventually('its end', () => solo().readings.state === 'exited');
      await engine.for(id, 'power')?.start(id, AbortSignal.timeout(20_000));
      await eventually('its start', () => solo().readings.state === 'running');
      await dockerd.docker.getContainer('solo').pause();
      await eventually('what others do to it', () => solo().readings.state === 'paused');
      await dockerd.docker.getContainer('solo').unpause();
      assert.equal(
        typeof (await engine.for(id, 'logs')?.tail(id, 5, AbortSignal.timeout(5_000)))?.text,
        'string',
      );
    } finally {
      await engine.close();
    }
    await eventually('all logins to end', async () => {
      const { stdout } = await processes();
      return !stdout.includes(`-p ${sshd.port} `);
    });
  });

  it('a host with another key than ours is refused before anything is sent', async () => {
    const { code, message, hint } = await asked({ host_key: bare.hostKey });
    assert.equal(code, 'certificate_refused');
    assert.match(message, /root@127\.0\.0\.1:\d+ shows another host key than the one in host_key/);
    assert.match(hint, /ssh-keyscan/);
  });

  it('a host without a key of that kind is not known', async () => {
    const rsa =
      'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7o0wTjvYbC0p8m1v8Qh1gC1fVvO0w5mX9J4nYq8bqzV2T0b1kZk3nqk6mZQw8p0wq1r7mE6x' +
      'u8s2l5b0d7eYk2m1oQ3j9v5c0uG4x2n8t6r1p3y5i7a9s0d2f4g6h8j0k1l3z5x7c9v==';
    const { code, message } = await asked({ host_key: rsa });
    assert.equal(code, 'certificate_refused');
    assert.match(message, /has no host key of the kind in host_key/);
  });

  it('a key that may not log in is refused, and nobody is asked for a password', async () => {
    const { code, message, hint } = await asked({ identity_file: sshd.strangerFile });
    assert.equal(code, 'credentials_refused');
    assert.match(message, /refuses the key in identity_file/);
    assert.match(hint, /authorized_keys of root/);
  });

  it('a key file that is missing, or that others may read, is said so', async () => {
    const gone = await asked({ identity_file: '/nonexistent/key' });
    assert.deepEqual(
      [gone.code, /cannot be read/.test(gone.message)],
      ['credentials_refused', true],
      gone.message,
    );
    const open = path.join(path.dirname(sshd.identityFile), 'open');
    await copyFile(sshd.identityFile, open);
    await chmod(open, 0o644);
    const readable = await asked({ identity_file: open });
    assert.match(readable.message, /others may read the file/);
    assert.equal(readable.hint, `chmod 600 ${open}`);
    await rm(open);
  });

  it('a machine without docker is said so', async () => {
    const { message, hint } = await asked({}, bare);
    assert.match(message, /has no docker command/);
    assert.match(hint, /install docker/);
  });

  it('a machine where nothing listens does not answer', async () => {
    const { code, message } = await asked({ url: 'ssh://root@127.0.0.1:1' });
    assert.deepEqual([code, /does not answer/.test(message)], ['unreachable', true]);
  });

  async function processes(): Promise<{ stdout: string }> {
    const { execFile } = await import('node:child_process');
    return new Promise((resolve, reject) => {
      execFile('ps', ['-eo', 'args'], (error, stdout) => (error ? reject(error) : resolve({ stdout })));
    });
  }
});
