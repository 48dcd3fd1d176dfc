import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Html, html } from '../addon/src/http/page/html.ts';
import { labRows } from '../addon/src/http/page/lab-rows.ts';
import { KINDS } from '../addon/src/kinds/index.ts';
import { host, plex, web } from './helpers/executor.ts';
import { settled } from './helpers/fake-clock.ts';
import { withServer } from './helpers/http.ts';
import { aContainer, aFinding, aStack } from './helpers/samples.ts';

const EVIL = `<script>alert("1")</script><img src=x onerror='alert(1)'>&`;
const ESCAPED =
  '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;';

suite('page', () => {
  test('lets who may operate cancel what is under way, and nobody else', async () => {
    const gate = Promise.withResolvers<void>();
    const steps = { First: () => gate.promise, Second: () => assert.fail('it went on') };
    await withServer({ steps, openOnLoopback: true }, async ({ ask, act, submit, executor, tokenFor }) => {
      const { id } = submit();
      await settled();
      const { text } = await ask('/');
      const [, input = ''] = /data-action="cancel_job" data-input="([^"]*)"/.exec(text) ?? [];
      assert.deepEqual(JSON.parse(input.replaceAll('&quot;', '"')), { job: id });
      const looker = await ask('/', { token: tokenFor('looker', 'http', 'observe') });
      assert.doesNotMatch(looker.text, /cancel_job/);
      await act('cancel_job', { input: { job: id }, wait_s: 5 });
      gate.resolve();
      assert.equal((await executor.ended(id))?.state, 'cancelled');
      assert.doesNotMatch((await ask('/')).text, /cancel_job/);
    });
  });

  test('shows systems, lab and commands, and loads nothing from elsewhere', async () => {
    const traffic = { callsPerMinute: 4.25, p95: 118.6, errors: 2, lastError: 'cut off' };
    const systems = [
      { owner: 'docker/nas', title: 'NAS', reachable: true, traffic },
      {
        owner: 'proxmox/home',
        title: 'Home',
        reachable: false,
        traffic: { ...traffic, callsPerMinute: null, p95: null },
      },
    ];
    await withServer({ systems, openOnLoopback: true }, async ({ ask, outcome, submit, clock }) => {
      await outcome({ user: 'anna', door: 'homeassistant' });
      assert.throws(() => submit({ target: 'gone' }));
      await clock.advance(120_000);
      const { status, text, headers } = await ask('/');
      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8']);
      for (const shown of [
        '1 of 2 systems does not answer',
        'NAS',
        'docker/nas',
        '4.3',
        '119 ms',
        'cut off',
        'plex',
      ]) {
        assert.ok(text.includes(shown), shown);
      }
      assert.match(text, /Work: plex[\s\S]*succeeded[\s\S]*anna \(homeassistant\)[\s\S]*2 minutes ago/);
      assert.match(text, /CPU[^<]*<b>12\.3 %<\/b>/, 'as Home Assistant shows it');
      assert.doesNotMatch(text, /(src|href|action)=["']?(\/|https?:)/, 'every address is relative');
      const nonce = /script-src 'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1];
      assert.ok(nonce && text.includes(`<script type="module" nonce="${nonce}">`));
      assert.notEqual(
        (await ask('/')).headers['content-security-policy'],
        headers['content-security-policy'],
      );
      assert.doesNotMatch(text, / on[a-z]+="|style="/, 'the policy would block it');
    });
  });

  test('shows what needs attention first, the gravest on top, what is only good to know folded away', async () => {
    const findings = [
      aFinding({ key: 'i', severity: 'info', title: 'Could be more' }),
      aFinding({ key: 'w', title: 'Half shown', about: plex.id }),
      aFinding({
        key: 'p',
        severity: 'problem',
        title: 'Broken',
        remedy: 'Mend it.',
        commands: ['a b', 'c'],
      }),
    ];
    await withServer({ findings, openOnLoopback: true }, async ({ ask, findings: held }) => {
      const { text } = await ask('/');
      assert.match(
        text,
        /What needs attention[\s\S]*Broken[\s\S]*Mend it\.[\s\S]*<pre><code>a b\nc<\/code><\/pre>[\s\S]*Half shown/,
      );
      assert.match(text, /Half shown<\/b>\s*<span class="kind" title="[^"]*">plex</);
      assert.match(text, /Half shown[\s\S]*<details id="good-to-know">[\s\S]*Could be more[\s\S]*Welcome/);
      held.report('docker/nas', []);
      assert.doesNotMatch((await ask('/')).text, /needs attention|Good to know/);
    });
  });

  test('takes no text from the lab for its own', async () => {
    const traffic = { callsPerMinute: 1, p95: 1, errors: 0, lastError: EVIL };
    const more = {
      systems: [{ owner: `docker/${EVIL}`, title: EVIL, reachable: true, traffic }],
      deleted: [{ id: EVIL, name: EVIL, at: '2026-01-01T00:00:00.000Z' }],
      resources: [
        { ...host, name: EVIL },
        aContainer({ id: `docker/nas/container/${EVIL}`, name: EVIL, facts: { url: `https://${EVIL}` } }),
      ],
      findings: [
        aFinding({
          ...{ key: EVIL, about: EVIL, title: EVIL, message: EVIL, remedy: EVIL, commands: [EVIL] },
        }),
      ],
      steps: { [EVIL]: () => Promise.reject(new Error(EVIL)) },
    };
    await withServer({ ...more, openOnLoopback: true }, async ({ ask, outcome }) => {
      await outcome({ user: EVIL, target: `docker/nas/container/${EVIL}` });
      const { text } = await ask('/');
      assert.doesNotMatch(text, /<script>|<img|onerror='/);
      assert.ok(text.split(ESCAPED).length > 16, 'it is there, as text');
      assert.ok(text.includes(`href="https://${ESCAPED}" target="_blank" rel="noreferrer">open</a>`));
    });
  });

  test('offers to bring deleted devices back to whoever may', async () => {
    const deleted = [{ id: plex.id, name: 'plex', at: '2026-01-01T00:00:00.000Z' }];
    const brought: string[] = [];
    const publication = {
      isDeleted: (id: string) => id === plex.id && brought.length === 0,
      bringBack: (id: string) => void brought.push(id),
    };
    await withServer({ deleted, capabilities: { publication } }, async ({ ask, token, tokenFor, act }) => {
      const button = `data-action="bring_back" data-id="${plex.id}"`;
      assert.ok((await ask('/', { token: token('http') })).text.includes(button));
      const looker = (await ask('/', { token: tokenFor('looker', 'http', 'observe') })).text;
      assert.ok(looker.includes('Deleted in Home Assistant') && !looker.includes(button));
      const { json } = await act('bring_back', { target: plex.id, wait_s: 5 });
      assert.deepEqual([json.job.state, brought], ['succeeded', [plex.id]]);
      const again = await act('bring_back', { target: plex.id });
      assert.deepEqual([again.status, again.json.code], [422, 'target_unsuitable']);
      assert.match(again.json.message, /plex was not deleted in Home Assistant/);
    });
    await withServer({}, async ({ act, get }) => {
      assert.doesNotMatch((await get('/')).text, /Deleted in/);
      const { json } = await act('bring_back', { target: plex.id, wait_s: 5 });
      assert.equal(json.code, 'target_unsuitable');
    });
  });

  test('shows the tokens to who runs it, to nobody else', async () => {
    const ingress = '127.0.0.2';
    const isAdministrator = async (id: string): Promise<boolean> => id === 'admin';
    await withServer({ ingress, isAdministrator }, async ({ ask, token }) => {
      const page = async (id: string): Promise<string> =>
        (await ask('/', { from: ingress, headers: { 'x-remote-user-id': id } })).text;
      assert.ok((await page('admin')).includes(token('homeassistant')));
      assert.doesNotMatch(await page('other'), /lk_/);
      for (const name of ['http', 'homeassistant']) {
        assert.doesNotMatch((await ask('/', { token: token(name) })).text, /lk_/, name);
      }
    });
    await withServer({ openOnLoopback: true }, async ({ ask, token }) => {
      const { text, headers } = await ask('/');
      assert.ok(text.includes(token('http')));
      assert.equal(headers['cache-control'], 'no-store');
    });
  });

  test('says how to begin where nothing is configured', async () => {
    await withServer({ resources: [] }, async ({ get }) => {
      const { text } = await get('/');
      assert.match(text, /Welcome[\s\S]*LABKEEPER_OPTIONS/);
      assert.match(
        text,
        /href="https:\/\/my\.home-assistant\.io\/redirect\/config_flow_start\/\?domain=labkeeper"/,
      );
      assert.doesNotMatch(text, /<h2>Lab/);
    });
  });
});

suite('lines of the lab', () => {
  test('go down the tree, each in its order', () => {
    const stack = aStack();
    const lone = aContainer({ id: 'docker/nas/container/b', name: 'b10', parent: 'docker/nas/gone' });
    const other = aContainer({ id: 'docker/nas/container/a', name: 'b9', parent: host.id });
    const rows = labRows(
      [plex, web, lone, other, stack, host].map((one) => ({ ...one })),
      KINDS,
    );
    assert.deepEqual(
      rows.map(({ depth, name }) => `${depth} ${name}`),
      ['0 b10', '0 NAS', '1 b9', '1 media', '2 plex', '2 web'],
    );
  });

  test('lead to what their own systems show of them, and to a console', () => {
    const linksOf = (facts: Readonly<Record<string, string>>) =>
      labRows([aContainer({ facts })], KINDS)[0]?.links;
    const [url, console] = ['https://pve1.lan:8006/#v1:0:=qemu/101', 'https://pve1.lan:8006/?console=kvm'];
    assert.deepEqual(linksOf({ url, console }), [
      { title: 'open', url },
      { title: 'console', url: console },
    ]);
    assert.deepEqual(linksOf({ url: 'javascript:alert(1)', console: 'data:text/html,x' }), []);
    assert.deepEqual(linksOf({}), []);
  });

  test('say what is wrong', () => {
    const stateOf = (change: Parameters<typeof aContainer>[0]): string => {
      const [row] = labRows([aContainer(change)], KINDS);
      return `${row?.mood} ${row?.state}`;
    };
    assert.equal(stateOf({}), 'good running');
    assert.equal(stateOf({ readings: { state: 'exited', health: null } }), 'idle exited');
    assert.equal(stateOf({ readings: { state: 'dead' } }), 'bad dead');
    assert.equal(stateOf({ readings: { health: 'unhealthy' } }), 'bad unhealthy');
    assert.equal(stateOf({ readings: { state: null } }), 'warn unknown');
    assert.equal(stateOf({ available: false }), 'idle unavailable');
    const [stack] = labRows([aStack({ readings: { problem: true } })], KINDS);
    assert.equal(stack?.state, 'problem');
    assert.deepEqual(
      labRows([aContainer({ available: false })], KINDS)[0]?.readings,
      [],
      'old numbers are not shown',
    );
  });
});

test('a template escapes what is put into it, and leaves out what is nothing', () => {
  const inner = html`<b>${'<'}</b>`;
  assert.equal(
    html`${inner}${[inner, '&']}${null}${undefined}${false}${0}"${'"'}`.text,
    '<b>&lt;</b><b>&lt;</b>&amp;0"&quot;',
  );
  assert.equal(html`${new Html('<i>')}`.text, '<i>');
});
