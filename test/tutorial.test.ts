import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import mqtt from 'mqtt';
import { eventually, run } from './parts/process.ts';

const ROOT = path.dirname(import.meta.dirname);

/** The code blocks of the tutorial, in their order. */
function blocksOf(language: string): string[] {
  const text = readFileSync(path.join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const tutorial = text.slice(text.indexOf('## Add a source'), text.indexOf('## Ways'));
  return [...tutorial.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code = '']) => code,
  );
}

suite('the tutorial “add a source”', () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'labkeeper-tutorial-'));
  after(() => rmSync(copy, { recursive: true, force: true }));

  test('leads to a thermometer in MQTT when it is followed', async () => {
    for (const name of ['addon', 'frontend-card', 'scripts', 'package.json', 'tsconfig.json']) {
      cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
    const edit = (file: string, change: (text: string) => string): void => {
      const before = readFileSync(path.join(copy, file), 'utf8');
      const changed = change(before);
      assert.notEqual(changed, before, `${file} is not as the tutorial takes it to be`);
      writeFileSync(path.join(copy, file), changed);
    };

    const [kind = '', source = '', line = ''] = blocksOf('ts');
    for (const code of [kind, source]) {
      const file = path.join(copy, code.slice('// '.length, code.indexOf('\n')));
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, code.slice(code.indexOf('\n') + 1));
    }
    edit('addon/src/kinds/index.ts', (text) =>
      `import { thermometer } from './thermometer.ts';\n${text}`.replace(
        /(KINDS = \{[^}]*)\}/,
        '$1  thermometer,\n}',
      ),
    );
    edit('addon/src/sources/registry.ts', (text) => text.replace('} satisfies', `${line}} satisfies`));
    writeFileSync(
      path.join(copy, 'tsconfig.json'),
      readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8').replace(
        /"include": \[.*\]/,
        '"include": ["addon"]',
      ),
    );
    const node = (...args: string[]): string =>
      execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });
    node('node_modules/typescript/bin/tsc', '-p', '.');
    node('scripts/check-all-imports.ts');

    const meter = createServer((_, response) =>
      response.end(JSON.stringify({ serial: 'RT-0815', name: 'Rack top', celsius: 24.64 })),
    ).listen(8077, '127.0.0.1');
    await once(meter, 'listening');
    const options = path.join(copy, 'options.yaml');
    const port = (meter.address() as AddressInfo).port;
    writeFileSync(options, (blocksOf('yaml')[0] ?? '').replace('8077', String(port)));
    const mqttPort = 20_000 + (process.pid % 10_000);
    const labkeeper = run(process.execPath, [path.join(copy, 'addon/src/main.ts')], {
      env: {
        LABKEEPER_OPTIONS: options,
        LABKEEPER_DATA: path.join(copy, 'data'),
        LABKEEPER_MQTT_PORT: String(mqttPort),
        LABKEEPER_HTTP_PORT: '0',
      },
    });
    const heard = new Map<string, string>();
    const client = mqtt.connect(`mqtt://127.0.0.1:${mqttPort}`, { protocolVersion: 4, reconnectPeriod: 200 });
    try {
      client.on('message', (topic, payload) => heard.set(topic, payload.toString()));
      client.on('connect', () => client.subscribe('#'));
      const id = 'rackmeter_top_thermometer_rt-0815';
      const metrics = (): string | undefined =>
        [...heard].find(([topic]) => topic.includes(id) && topic.endsWith('/metrics'))?.[1];
      await eventually('its temperature', () => metrics() !== undefined, 20_000);
      assert.deepEqual(JSON.parse(metrics() ?? ''), { temperature: 24.6 });
    } finally {
      await client.endAsync(true);
      await labkeeper.stop();
      meter.close();
    }
  });
});
