import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Home } from '../test/parts/home.ts';
import { CONFIGURATION, startHomeAssistant } from '../test/parts/homeassistant.ts';
import { startLabkeeper } from '../test/parts/labkeeper.ts';
import { startMosquitto } from '../test/parts/mosquitto.ts';
import { ours } from '../test/parts/ours.ts';
import { eventually, freePort } from '../test/parts/process.ts';
import { Retained } from '../test/parts/retained.ts';
import { labOf } from './labs.ts';
import { cpuMsOf, quantile, seconds, table } from './measure.ts';

const MANY = 600;
const PATIENCE_MS = 300_000;

/** What 600 guests and 600 containers do to a Home Assistant that meets them first, and when it starts with them. */
export async function discovery(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-bench-'));
  const started: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const probe = path.join(folder, 'custom_components', 'loop_probe');
    await mkdir(probe, { recursive: true });
    await copyFile(path.join(import.meta.dirname, 'loop-probe.py'), path.join(probe, '__init__.py'));
    const manifest = { domain: 'loop_probe', name: 'Loop probe', version: '1.0.0', codeowners: [] };
    await writeFile(path.join(probe, 'manifest.json'), JSON.stringify(manifest));
    await writeFile(path.join(folder, 'configuration.yaml'), `${CONFIGURATION}loop_probe:\n`);

    const mosquitto = await startMosquitto();
    started.push(mosquitto.stop);
    const port = await freePort();
    const homeAssistant = await startHomeAssistant({ folder, port, mqttPort: mosquitto.port });
    started.push(homeAssistant.stop);
    let home = new Home(await homeAssistant.connect());
    started.push(async () => home.close());
    const broker = await Retained.of(mosquitto.port);
    started.push(() => broker.close());
    const lab = await labOf(MANY, MANY, 6);
    started.push(lab.stop);

    /** The blocks of each second while `action` went on, and how long that took. */
    const during = async (title: string, action: () => Promise<unknown>): Promise<string[]> => {
      const from = Date.now();
      const cpu = cpuMsOf(homeAssistant.running.pid);
      await action();
      const took = (Date.now() - from) / 1_000;
      const used = (cpuMsOf(homeAssistant.running.pid) - cpu) / 1_000;
      await seconds(2);
      const lines = (await readFile(path.join(folder, 'loop.txt'), 'utf8')).trim().split('\n');
      const inTime = lines
        .map((line) => line.split(' ').map(Number))
        .filter(([second = 0]) => second * 1_000 >= from - 1_000 && second * 1_000 <= from + took * 1_000);
      const blocks = inTime.map(([, longest = 0]) => longest);
      const own = inTime.map(([, , without = 0]) => without);
      return [
        title,
        `${took.toFixed(0)} s`,
        `${Math.max(0, used).toFixed(0)} s`,
        quantile(blocks, 0.5).toFixed(0),
        Math.max(...own).toFixed(0),
        Math.max(...blocks).toFixed(0),
      ];
    };
    /** Nothing is added any more. That all of it is there is asked afterwards: the question alone costs a second. */
    const settled = async (): Promise<void> => {
      let before = -1;
      await eventually(
        'an end of what comes',
        async () => {
          const now = Object.keys(home.states).length;
          const grows = now !== before;
          before = now;
          await seconds(5);
          return !grows && broker.discoveries().length >= 2 * MANY && home.isRunning();
        },
        PATIENCE_MS,
      );
    };
    const checkWhole = async (): Promise<void> => {
      const { devices, entities } = await ours(home);
      const published = broker.discoveries();
      const count = published.flatMap(({ components }) => Object.keys(components)).length;
      const alive = Object.values(entities).filter(({ life }) => life !== 'ghost');
      assert.equal(Object.keys(devices).length, published.length);
      assert.equal(alive.length, count);
      await seconds(5);
    };

    await seconds(20);
    const rows = [await during('nothing of ours', () => seconds(20))];
    const labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      ...lab.options,
    });
    started.push(labkeeper.stop);
    rows.push(await during('first discovery', settled));
    await checkWhole();
    rows.push(await during('at rest afterwards', () => seconds(60)));
    await labkeeper.end();
    await labkeeper.start();
    rows.push(await during('Labkeeper restarts', () => seconds(60)));
    home.close();
    await homeAssistant.end();
    await homeAssistant.start();
    home = new Home(await homeAssistant.connect());
    rows.push(await during('Home Assistant restarts', settled));
    await checkWhole();
    return table(
      `${broker.discoveries().length} devices in Home Assistant`,
      [
        ...['while', 'took', 'its CPU time', 'a second’s longest block: median ms', 'longest of all, ms'],
        'with Python’s own garbage collection, ms',
      ],
      rows,
    );
  } finally {
    for (const end of started.reverse()) await end();
  }
}
