import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DockerEngine } from '../../simulators/docker/engine.ts';
import { startDockerSimulator } from '../../simulators/docker/server.ts';
import { gatewayOf, type Site, seededSite, startUnifiSimulator } from '../../simulators/unifi/index.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';
import { eventually } from './process.ts';
import { startWorld, type World } from './world.ts';

/** How a job ended. */
export interface Ended {
  readonly state?: string;
  readonly error?: { readonly hint?: string };
}

/** A real Home Assistant with a simulated UniFi network, and a simulated Docker engine that can be cut off. */
export interface UnifiWorld {
  readonly world: World;
  readonly site: Site;
  readonly wayToDocker: TcpProxy;
  /** What became of an action. */
  ask(action: string, body: object): Promise<Ended>;
  stop(): Promise<void>;
}

export async function startUnifiWorld(generation: 'legacy' | 'os'): Promise<UnifiWorld> {
  const site = seededSite();
  site.devices = [
    gatewayOf(generation, site.clock),
    ...site.devices.filter(({ role }) => role !== 'gateway'),
  ];
  const simulator = await startUnifiSimulator({ site, generation });
  const docker = await startDockerSimulator({ engine: new DockerEngine() });
  const wayToDocker = await startTcpProxy(Number(new URL(docker.url).port));
  const world = await startWorld();
  const labkeeper = await world.labkeeper({
    ...{ entities: 'all', allow: 'destroy' },
    docker: [{ id: 'box', title: 'Box', url: `http://127.0.0.1:${wayToDocker.port}` }],
    unifi: [
      {
        ...{ id: 'house', title: 'House', url: simulator.url, fingerprint: simulator.fingerprint },
        ...{ username: simulator.username, password: simulator.password },
        ...{ clients: ['*'], qr_codes: ['guests'] },
      },
    ],
  });
  return {
    ...{ world, site, wayToDocker },
    ask: async (action, body) => {
      const tokens = await readFile(path.join(labkeeper.folder, 'token'), 'utf8');
      const answer = await fetch(`${labkeeper.url}/api/actions/${action}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens.match(/^http (\S+)$/m)?.[1]}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ ...body, wait_s: 0 }),
      });
      const { job, ...refusal } = (await answer.json()) as { job?: { id: string } };
      assert.ok(job, JSON.stringify(refusal));
      return eventually(
        `${action} to end`,
        async () => {
          const own = await fetch(`${labkeeper.url}/api/jobs/${job.id}`, {
            headers: { authorization: `Bearer ${tokens.match(/^http (\S+)$/m)?.[1]}` },
          });
          const { job: now } = (await own.json()) as { job: { state: string } };
          return ['queued', 'running'].includes(now.state) ? undefined : now;
        },
        240_000,
      );
    },
    stop: async () => {
      await world.stop();
      await wayToDocker.close();
      await docker.close();
      await simulator.close();
    },
  };
}
