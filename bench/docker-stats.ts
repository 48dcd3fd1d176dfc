import { readdirSync } from 'node:fs';
import http from 'node:http';
import { linesOf } from '../addon/src/sources/docker/json-lines.ts';
import { startDockerd } from '../test/parts/dockerd.ts';
import { cpuMsOf, pidsNamed, seconds, table } from './measure.ts';

const SECONDS = 60;
const INTERVAL = 30;

/** Two ways to containers' statistics: one read each now and then, or a stream held open for each. */
export async function dockerStats(): Promise<string> {
  const earlier = new Set(readdirSync('/proc'));
  const dockerd = await startDockerd();
  try {
    const socketPath = dockerd.url.slice('unix://'.length);
    const engine = pidsNamed(
      /^(dockerd|containerd)$/,
      readdirSync('/proc').filter((pid) => !earlier.has(pid)),
    );
    const rows: (string | number)[][] = [];
    for (const count of [10, 200]) {
      for (let index = (await dockerd.docker.listContainers()).length; index < count; index += 1) {
        await dockerd.start(`c${index}`, { Cmd: ['/bin/sleep', '100000'] });
      }
      const ids = (await dockerd.docker.listContainers()).map(({ Id }) => Id);
      await seconds(5);
      const idle = await cost(engine, () => seconds(SECONDS));
      const oneShot = await cost(engine, () => readNowAndThen(socketPath, ids));
      const held = await cost(engine, () => holdStreams(socketPath, ids));
      for (const [way, { engineCpu, ourCpu }] of [
        ['nothing read', idle],
        [`one-shot, all at once every ${INTERVAL} s`, oneShot],
        ['a stream held for each', held],
      ] as const) {
        rows.push([count, way, `${engineCpu.toFixed(1)} %`, `${ourCpu.toFixed(2)} %`]);
      }
    }
    return table('Container statistics', ['containers', 'way', 'engine’s CPU', 'our CPU'], rows);
  } finally {
    await dockerd.stop();
  }
}

async function cost(
  engine: readonly number[],
  work: () => Promise<void>,
): Promise<{ engineCpu: number; ourCpu: number }> {
  const total = (): number => engine.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  const before = total();
  const ours = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(ours);
  return { engineCpu: (total() - before) / SECONDS / 10, ourCpu: (user + system) / 1e4 / SECONDS };
}

async function readNowAndThen(socketPath: string, ids: readonly string[]): Promise<void> {
  for (let read = 0; read < SECONDS / INTERVAL; read += 1) {
    const pause = seconds(INTERVAL);
    await Promise.all(
      ids.map(async (id) => {
        for await (const line of linesOf(
          await open(socketPath, `/containers/${id}/stats?stream=false&one-shot=true`),
        )) {
          JSON.parse(line);
        }
      }),
    );
    await pause;
  }
}

async function holdStreams(socketPath: string, ids: readonly string[]): Promise<void> {
  const streams = await Promise.all(ids.map((id) => open(socketPath, `/containers/${id}/stats?stream=true`)));
  const following = streams.map(async (stream) => {
    try {
      for await (const line of linesOf(stream)) JSON.parse(line);
    } catch {
      // Ended below.
    }
  });
  await seconds(SECONDS);
  for (const stream of streams) stream.destroy();
  await Promise.all(following);
}

function open(socketPath: string, path: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get({ socketPath, path, agent: false }, resolve).once('error', reject);
  });
}
