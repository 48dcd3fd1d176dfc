import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { seededEngine } from '../simulators/docker/seed.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';

const MAIN = fileURLToPath(new URL('../addon/src/main.ts', import.meta.url));

/** Starts the app with these arguments, and waits for its end. */
const run = (
  given: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; out: string; error: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...given],
      { env: { PATH: process.env.PATH, ...env } },
      (failed, out, error) => resolve({ code: failed === null ? 0 : Number(failed.code), out, error }),
    );
  });

test('“record” writes what the systems answer, and ends', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-command-'));
  const docker = await startDockerSimulator({ engine: seededEngine() });
  try {
    const options = path.join(folder, 'options.json');
    const data = path.join(folder, 'data');
    writeFileSync(
      options,
      JSON.stringify({ docker: [{ id: 'nas', url: docker.url, image_updates: false }] }),
    );
    const env = { LABKEEPER_OPTIONS: options, LABKEEPER_DATA: data };
    const { code, out, error } = await run(['record', '3'], env);
    assert.equal(code, 0, error);
    const [name = '', ...others] = readdirSync(data);
    assert.deepEqual(others, [], 'no database is made, no token');
    assert.match(out, /for 3 s/);
    assert.ok(out.includes(path.join(data, name)), out);
    const text = gunzipSync(readFileSync(path.join(data, name))).toString('utf8');
    assert.match(text, /"path":"\/containers\/[0-9a-f]{64}\/json","status":200/);
    assert.doesNotMatch(text, /jellyfin|open-webui/i);

    for (const wrong of ['soon', '0', '3601']) {
      const refused = await run(['record', wrong], env);
      assert.equal(refused.code, 1);
      assert.match(refused.error, /is no number of seconds from 1 to 3600/);
    }
    writeFileSync(options, '{}');
    assert.match((await run(['record'], env)).error, /the options name no system/);
  } finally {
    await docker.close();
    rmSync(folder, { recursive: true });
  }
});
