import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BuildOut } from '../addon/src/contract/build-out.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { BUILD_OUT, BUILD_OUT_FILE } from '../addon/src/lab/build-out/shipped.ts';
import type { SightOf } from '../addon/src/lab/build-out/sight.ts';
import { buildOutView } from '../addon/src/lab/build-out/view.ts';
import { PROXMOX, seen, sight, thing } from './helpers/build-out.ts';
import { bench } from './helpers/executor.ts';
import { withServer } from './helpers/http.ts';

const HOME = sight('proxmox/home', PROXMOX);

const readerOf = (
  things: readonly LabResource[],
  sights: readonly SightOf[],
  buildOut: BuildOut = BUILD_OUT,
) => ({
  view: () => buildOutView(buildOut, seen(things, sights), bench().actions),
  file: BUILD_OUT_FILE,
});
suite('the build-out over HTTP', () => {
  test('is what the lab says', async () => {
    const buildOut = readerOf([thing('proxmox/home/node/pve1', { readings: { version: '9' } })], [HOME]);
    await withServer({ buildOut }, async ({ get }) => {
      const { status, json } = await get('/api/build-out');
      assert.deepEqual([status, json.percent, json.done, json.total], [200, 6, 1, 16]);
      assert.deepEqual(json.next, { phase: 'foundation', id: 'server', title: 'Server up, its specs known' });
      assert.deepEqual(json.phases[0].items[1], {
        ...{ id: 'hypervisor', title: 'Proxmox VE', state: 'done', in_doubt: false, action: null },
        because: ['pve1 (proxmox/home/node/pve1): version is “9”'],
        todo: 'Install Proxmox VE on the server, and add it (proxmox) to the options.',
      });
    });
  });

  test('has the file to begin with', async () => {
    await withServer({ buildOut: readerOf([], []) }, async ({ get }) => {
      const { headers, text } = await get('/api/build-out/file');
      assert.equal(text, BUILD_OUT_FILE);
      assert.match(String(headers['content-disposition']), /filename="build-out\.yaml"/);
    });
  });

  test('is open to whoever may look, and to nobody without a token', async () => {
    await withServer({}, async ({ ask, tokenFor }) => {
      for (const path of ['/api/build-out', '/api/build-out/file']) {
        assert.equal((await ask(path)).status, 401);
        assert.equal((await ask(path, { token: tokenFor('looker', 'http', 'observe') })).status, 200);
      }
    });
  });
});
