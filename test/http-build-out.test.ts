import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BuildOut } from '../addon/src/contract/build-out.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { BUILD_OUT, BUILD_OUT_FILE } from '../addon/src/lab/build-out/shipped.ts';
import type { SightOf } from '../addon/src/lab/build-out/sight.ts';
import { buildOutView } from '../addon/src/lab/build-out/view.ts';
import { DOCKER, PROXMOX, seen, sight, thing } from './helpers/build-out.ts';
import { bench, plex } from './helpers/executor.ts';
import { withServer } from './helpers/http.ts';
import { aContainer } from './helpers/samples.ts';

const HOME = sight('proxmox/home', PROXMOX);

const readerOf = (
  things: readonly LabResource[],
  sights: readonly SightOf[],
  buildOut: BuildOut = BUILD_OUT,
) => ({
  view: () => buildOutView(buildOut, seen(things, sights), bench().actions),
  file: BUILD_OUT_FILE,
});
/** Its action is the one of the tests. */
const running: BuildOut = {
  phases: [
    {
      ...{ id: 'core', title: 'Core' },
      items: [
        {
          ...{ id: 'plex', title: 'Plex', todo: 'Start it.', action: { id: 'work' } },
          check: { kind: 'container', readings: { on: true } },
        },
      ],
    },
  ],
};
const off = aContainer({ readings: { on: false } });

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

suite('the build-out on the page', () => {
  test('shows phases, what shows each item, what to do, and that there is no action yet', async () => {
    const things = [thing('proxmox/home/node/pve1', { readings: { version: '9' } })];
    await withServer({ buildOut: readerOf(things, [HOME]) }, async ({ get }) => {
      const { text } = await get('/');
      assert.match(text, /<h2>Build-out <span class="kind">6 % · 1 of 16<\/span>/);
      assert.match(text, /Next: <b>Server up, its specs known<\/b>/);
      assert.match(text, /<details id="phase-foundation" open>[\s\S]*<progress max="4" value="1"/);
      assert.match(text, /<details id="phase-core">/, 'only the one that is next is unfolded');
      assert.match(
        text,
        /ZFS pool<\/b>\s*<span class="kind">open<\/span>[\s\S]*there is no pool[\s\S]*no action yet/,
      );
    });
  });

  test('says what is at least there while a system is down', async () => {
    const things = [thing('proxmox/home/node/pve1', { readings: { version: '9' } })];
    const sights = [{ ...HOME, reachable: false }, sight('docker/lab', DOCKER, { reachable: false })];
    await withServer({ buildOut: readerOf(things, sights) }, async ({ get }) => {
      assert.match((await get('/')).text, /Build-out <span class="kind">at least 0 of 16</);
    });
  });

  test('is not there where nothing is to be built, and says when all is', async () => {
    await withServer({}, async ({ get }) => {
      assert.doesNotMatch((await get('/')).text, /Build-out/);
    });
    await withServer(
      { buildOut: readerOf([plex], [sight('docker/nas', DOCKER)], running) },
      async ({ get }) => {
        assert.match((await get('/')).text, /100 % · 1 of 1[\s\S]*All of it is there\./);
      },
    );
  });

  test('has a button for what one press does, for whoever may', async () => {
    const buildOut = readerOf([off], [sight('docker/nas', DOCKER)], running);
    const button = `data-action="work" data-id="${plex.id}"`;
    await withServer({ buildOut }, async ({ ask, token, tokenFor }) => {
      assert.ok((await ask('/', { token: token('http') })).text.includes(button));
      const { text } = await ask('/', { token: tokenFor('looker', 'http', 'observe') });
      assert.ok(!text.includes(button) && text.includes('Work (<code>work</code>)'));
    });
    await withServer({ buildOut, risk: 'disrupt' }, async ({ get }) => {
      assert.ok(!(await get('/')).text.includes(button), 'it asks to be confirmed');
    });
  });

  test('takes no text from the lab for its own', async () => {
    const evil = '<script>alert(1)</script>';
    const buildOut = readerOf([{ ...off, name: evil }], [sight('docker/nas', DOCKER)], running);
    await withServer({ buildOut }, async ({ get }) => {
      const { text } = await get('/');
      assert.doesNotMatch(text, /<script>/);
      assert.ok(text.includes('&lt;script&gt;alert(1)&lt;/script&gt; (docker/nas'));
    });
  });
});
