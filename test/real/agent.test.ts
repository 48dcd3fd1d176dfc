import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { systemClock } from '../../addon/src/core/clock.ts';
import { DockerEngine } from '../../simulators/docker/engine.ts';
import { type DockerSimulator, startDockerSimulator } from '../../simulators/docker/server.ts';
import {
  type ProxmoxCluster,
  type ProxmoxSimulator,
  seededCluster,
  startProxmoxSimulator,
} from '../../simulators/proxmox/index.ts';
import { snapshotRows } from '../../simulators/proxmox/snapshot.ts';
import { type RegistrySimulator, startRegistrySimulator } from '../../simulators/registry/server.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually } from '../parts/process.ts';
import { proxmoxOptions } from '../parts/world.ts';

const REPOSITORY = 'portainer/portainer-ce';
const IMAGE = `registry.lan/${REPOSITORY}:lts`;

describe('an agent at the app, with its own client', { timeout: 180_000 }, () => {
  const engine = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
  let cluster: ProxmoxCluster;
  let pve: ProxmoxSimulator;
  let docker: DockerSimulator;
  let registry: RegistrySimulator;
  let mosquitto: Mosquitto;
  let labkeeper: Labkeeper;
  let client: Client;

  before(async () => {
    cluster = seededCluster();
    pve = await startProxmoxSimulator({ cluster });
    docker = await startDockerSimulator({ engine });
    registry = await startRegistrySimulator({ clock: systemClock });
    mosquitto = await startMosquitto();
    const [old, now] = [push('2.27.0'), push('2.33.0')];
    engine.images.put(IMAGE, { digests: [`registry.lan/${REPOSITORY}@${old}`], labels: versioned('2.27.0') });
    engine.images.publish(IMAGE, {
      digests: [`registry.lan/${REPOSITORY}@${now}`],
      labels: versioned('2.33.0'),
    });
    engine.create({ name: 'portainer', image: IMAGE });
    engine.start('portainer');
    labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      proxmox: [proxmoxOptions(pve)],
      docker: [{ id: 'lab', title: 'Docker', url: docker.url, guest: 'proxmox/home/guest/101' }],
      registries: [{ host: 'registry.lan', url: registry.url }],
      ...{ self: 'none', allow: 'provision', allow_mcp: 'provision' },
    });
    client = await eventually('the app to answer', connect, 60_000);
  });

  after(async () => {
    await client?.close();
    await labkeeper?.stop();
    await mosquitto?.stop();
    for (const simulator of [registry, docker, pve]) await simulator?.close();
  });

  const versioned = (version: string) => ({ 'org.opencontainers.image.version': version });
  const push = (version: string): string =>
    registry.contents.push(REPOSITORY, 'lts', { labels: versioned(version) }).digest;

  async function connect(): Promise<Client> {
    const tokens = await readFile(path.join(labkeeper.folder, 'token'), 'utf8');
    const token = /^mcp (\S+)$/m.exec(tokens)?.[1];
    const made = new Client({ name: 'test', version: '1' });
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    const transport = new StreamableHTTPClientTransport(new URL(`${labkeeper.url}/mcp`), { requestInit });
    await made.connect(transport as Parameters<Client['connect']>[0]);
    return made;
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers
  async function call(name: string, input: Readonly<Record<string, unknown>> = {}): Promise<any> {
    const { content } = await client.callTool({ name, arguments: input });
    return JSON.parse((content as { text: string }[])[0]?.text ?? '');
  }

  it('snapshots the Docker host, then updates Portainer', async () => {
    const guest = await eventually('the guest', async () => {
      const { things } = await call('search_lab', { query: 'docker host', kind: 'guest' });
      return things[0];
    });
    const before = snapshotRows(cluster.find(101), '').length;
    const { plan } = await call('plan_action', { action: 'snapshot', target: guest.id });
    assert.equal(plan.target.name, 'docker-host');
    const taken = await call('snapshot', { target: guest.id, request_id: 'snap', wait_s: 60 });
    assert.equal(taken.job.state, 'succeeded', JSON.stringify(taken));
    assert.equal(snapshotRows(cluster.find(101), '').length, before + 1);

    const portainer = await eventually(
      'the newer image',
      async () => {
        const { things } = await call('search_lab', { query: 'portainer', kind: 'container' });
        if (things[0] === undefined) return undefined;
        const thing = await call('look_at', { id: things[0].id });
        return JSON.stringify(thing.readings).includes('2.33.0') ? thing : undefined;
      },
      60_000,
    );
    assert.ok(
      portainer.inside.some(({ id }: { id: string }) => id === guest.id),
      'it is within what was snapshotted',
    );
    const planned = await call('plan_action', { action: 'image_update', target: portainer.id });
    assert.ok(planned.plan?.steps.length > 0, JSON.stringify(planned));
    const updated = await call('image_update', { target: portainer.id, request_id: 'update', wait_s: 60 });
    assert.equal(updated.job.state, 'succeeded', JSON.stringify(updated));
    const there = engine.containers.map(({ name, status, imageId }) => [name, status, imageId]);
    assert.deepEqual(there, [['portainer', 'running', engine.images.tagged(IMAGE)]]);
    assert.match(JSON.stringify(engine.images.inspect(IMAGE)), /2\.33\.0/);

    const { jobs } = await call('list_jobs');
    assert.deepEqual(
      jobs.map(({ action, door, user }: Record<string, string>) => [action, door, user]),
      [
        ['image_update', 'mcp', 'mcp'],
        ['snapshot', 'mcp', 'mcp'],
      ],
    );
  });

  it('is not offered what is above its ceiling', async () => {
    const names: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await client.listTools({ cursor });
      names.push(...page.tools.map(({ name }) => name));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    assert.ok(names.includes('create_vm') && !names.includes('delete_guest'));
    assert.equal((await call('list_actions', { id: 'delete_guest' })).allowed, false);
  });
});
