import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startApp } from '../addon/src/app.ts';
import type { BuildOutView } from '../addon/src/contract/build-out.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { SOURCES } from '../addon/src/sources/registry.ts';
import { startDemoLab } from '../simulators/demo/lab.ts';
import { ask } from './helpers/http.ts';
import { atEnd } from './helpers/observer.ts';
import { eventually, freePort } from './parts/process.ts';

const HOST = '127.0.0.1';

test('the simulated lab is built but for what it does not have', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-app-'));
  atEnd(t, () => rm(folder, { recursive: true }));
  const lab = await startDemoLab();
  atEnd(t, () => lab.stop());
  const optionsFile = path.join(folder, 'options.json');
  const mqtt = { listen: HOST };
  await writeFile(optionsFile, JSON.stringify({ mqtt, self: 'none', ...lab.systems }));
  await mkdir(path.join(folder, 'recipes'));
  await writeFile(path.join(folder, 'recipes', 'build-out.yaml'), 'phases: none\n');
  const httpPort = await freePort();
  const settings = {
    ...{
      optionsFile,
      dataFolder: folder,
      configFolder: folder,
      host: HOST,
      httpPort,
      mqttPort: await freePort(),
    },
    ...{ wyomingPort: 0, mqttPassword: undefined, supervisorToken: undefined, openOnLoopback: true },
  };
  const app = await startApp(settings, '0.0.0', () => {});
  atEnd(t, () => app.close());
  const shown = async (): Promise<{ resources: readonly LabResource[]; findings: readonly object[] }> =>
    (await ask(httpPort, '/api/lab', {})).json;

  const view = await eventually(
    'all that there is',
    async () => {
      const { json } = await ask(httpPort, '/api/build-out', {});
      assert.notEqual(json.percent, null, 'everything was read');
      return json as BuildOutView;
    },
    30_000,
  );
  const items = view.phases.flatMap((phase) => phase.items);
  assert.deepEqual(
    items.flatMap(({ id, state }) => (state === 'done' ? [] : [`${id} ${state}`])),
    ['gpu open', 'passthrough unknown', 'dream_machine open'],
  );
  assert.equal(view.next?.id, 'gpu');
  assert.equal(
    items.find(({ id }) => id === 'docker_host')?.because[0],
    'Docker (docker/lab/host/engine) lies in docker-host (proxmox/home/guest/101), as the options say',
  );

  const { resources, findings } = await shown();
  const self = resources.find(({ kind }) => kind === 'app')?.readings as Record<string, unknown>;
  assert.ok('build_out' in self && 'build_out_next' in self);
  assert.ok(
    findings.some((one) => 'key' in one && one.key === 'file'),
    'the file that is wrong is told of',
  );

  for (const [name, load] of Object.entries(SOURCES)) {
    const { kinds } = await load();
    const told = resources.filter(({ id }) => id.startsWith(`${name}/`)).map(({ kind }) => kind);
    assert.deepEqual(
      [...new Set(told)].filter((kind) => !kinds.includes(kind)),
      [],
      `${name} says which kinds it tells of`,
    );
  }
});
