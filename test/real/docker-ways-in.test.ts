import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { seededEngine } from '../../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../../simulators/docker/server.ts';
import { type Certificates, makeCertificates } from '../parts/certificates.ts';
import { type Dockerd, startDockerd } from '../parts/dockerd.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually, freePort, type Running } from '../parts/process.ts';
import { Retained } from '../parts/retained.ts';

describe('the ways to a real Docker engine', { timeout: 120_000 }, () => {
  let folder: string;
  let certificates: Certificates;
  let dockerd: Dockerd;
  let mosquitto: Mosquitto;
  let broker: Retained;
  let url: string;
  let labkeeper: Labkeeper | undefined;
  let simulator: DockerSimulator | undefined;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ways-in-'));
    certificates = await makeCertificates(folder);
    const port = await freePort();
    url = `https://127.0.0.1:${port}`;
    dockerd = await startDockerd({ tls: { port, certificates } });
    await dockerd.start('solo');
    mosquitto = await startMosquitto();
    broker = await Retained.of(mosquitto.port);
  });

  after(async () => {
    await labkeeper?.stop();
    await simulator?.close();
    await broker?.close();
    await mosquitto?.stop();
    await dockerd?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts the app anew with one engine per entry. */
  async function start(...engines: readonly object[]): Promise<Running> {
    await labkeeper?.stop();
    labkeeper = await startLabkeeper({ mqtt: { host: '127.0.0.1', port: mosquitto.port }, docker: engines });
    return labkeeper.running;
  }

  const sees = (id: string): Promise<unknown> =>
    eventually(`the container of ${id}`, () => {
      const state = broker.messages.get(`labkeeper/docker_${id}_container_solo/state`);
      return state !== undefined && JSON.parse(state).state === 'running';
    });

  const shows = (id: string, availability: string): Promise<unknown> =>
    eventually(
      `${id} to be ${availability}`,
      () => broker.messages.get(`labkeeper/docker_${id}_host_engine/availability`) === availability,
    );

  it('TLS with the authority’s certificate and one of our own', async () => {
    const { ca, client } = certificates;
    await start({ id: 'tls', url, ca, ...client });
    await sees('tls');
  });

  it('TLS with a pinned certificate', async () => {
    await start({ id: 'pinned', url, fingerprint: certificates.server.fingerprint, ...certificates.client });
    await sees('pinned');
  });

  it('an engine that is not the pinned one is refused, and said so', async () => {
    const running = await start({
      id: 'wrong',
      url,
      fingerprint: '00:'.repeat(31).concat('00'),
      ...certificates.client,
    });
    await eventually('the complaint', () =>
      running.output().includes('another certificate than the pinned one'),
    );
    await shows('wrong', 'offline');
  });

  it('an engine whose authority is unknown is refused, with advice', async () => {
    const running = await start({ id: 'unknown', url, ...certificates.client });
    await eventually('the advice', () => /give (its SHA-256|that as ca)/.test(running.output()));
  });

  it('an engine that wants a client certificate and gets none: refused, and said so', async () => {
    const running = await start({ id: 'bare', url, ca: certificates.ca });
    await eventually('the complaint', () => /docker\/bare: .*(certificate|socket)/.test(running.output()));
    await shows('bare', 'offline');
  });

  it('two engines at once: the one that is not there leaves the other alone', async () => {
    const running = await start(
      { id: 'there', url: dockerd.url },
      { id: 'gone', title: 'Gone', url: 'unix:///nonexistent/docker.sock' },
    );
    await sees('there');
    await shows('gone', 'offline');
    assert.match(running.output(), /docker\/gone: .*is the engine running/);
    await shows('there', 'online');
  });

  it('comes back when the engine does, without having blanked anything else', async () => {
    const socket = path.join(folder, 'late.sock');
    const other = await startDockerSimulator({ engine: seededEngine() });
    simulator = other;
    const running = await start({ id: 'late', url: `unix://${socket}` }, { id: 'there', url: other.url });
    await shows('late', 'offline');
    await shows('there', 'online');
    await symlink(dockerd.url.slice('unix://'.length), socket);
    await sees('late');
    await shows('late', 'online');
    assert.match(running.output(), /docker\/late: reachable again/);
    assert.doesNotMatch(running.output(), /docker\/there: (?!connected)/);
  });

  it('one engine under two names: the second is refused, and said so', async () => {
    const socket = path.join(folder, 'twice.sock');
    await symlink(dockerd.url.slice('unix://'.length), socket);
    const running = await start({ id: 'one', url: dockerd.url }, { id: 'two', url: `unix://${socket}` });
    await eventually('the refusal', () =>
      /docker\/(one|two) reaches the same system as docker\/(one|two); remove one of the two/.test(
        running.output(),
      ),
    );
  });
});
