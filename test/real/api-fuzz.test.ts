import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DemoLab, startDemoLab } from '../../simulators/demo/lab.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually, run } from '../parts/process.ts';
import { schemathesis } from '../parts/schemathesis.ts';

/** What is asked of each answer: it is no fault of ours, and such as the description of the API says. */
const CHECKS = [
  'not_a_server_error',
  'response_schema_conformance',
  'status_code_conformance',
  'content_type_conformance',
];

describe('the API, asked for whatever its description allows', { timeout: 600_000 }, () => {
  let lab: DemoLab;
  let mosquitto: Mosquitto;
  let labkeeper: Labkeeper;
  let program: string;

  before(async () => {
    program = await schemathesis();
    lab = await startDemoLab();
    mosquitto = await startMosquitto();
    labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      ...{ self: 'none', allow: 'destroy', allow_mcp: 'destroy' },
      ...lab.systems,
    });
    await eventually('it to answer', async () => (await fetch(`${labkeeper.url}/health`)).ok, 60_000);
  });

  after(async () => {
    await labkeeper?.stop();
    await mosquitto?.stop();
    await lab?.stop();
  });

  for (const name of ['http', 'homeassistant', 'mcp'] as const) {
    it(`answers the token “${name}” as it says, and never with a fault`, async () => {
      const tokens = await readFile(path.join(labkeeper.folder, 'token'), 'utf8');
      const [, token] = new RegExp(`^${name} (\\S+)$`, 'm').exec(tokens) ?? assert.fail();
      const folder = await mkdtemp(path.join(tmpdir(), 'schemathesis-'));
      const asking = run(
        program,
        [
          ...['run', `${labkeeper.url}/openapi.json`, '--url', labkeeper.url],
          ...['--header', `Authorization: Bearer ${token}`, '--checks', CHECKS.join()],
          // A stream has no end to wait for.
          ...['--exclude-path', '/api/events', '--phases', 'examples,fuzzing', '--max-examples', '8'],
          ...['--seed', '1', '--request-timeout', '90', '--suppress-health-check', 'all', '--no-color'],
        ],
        { cwd: folder },
      );
      const code = await asking.exited;
      await rm(folder, { recursive: true });
      const [, failures = asking.output()] =
        /=+ (?:ERRORS|FAILURES) =+([\s\S]*?)(?:=+ WARNINGS =+|$)/.exec(asking.output()) ?? [];
      assert.equal(code, 0, failures.slice(0, 6_000));
      assert.match(asking.output(), /Tested: \d{2,}/);
      assert.equal((await fetch(`${labkeeper.url}/health`)).status, 200);
    });
  }
});
