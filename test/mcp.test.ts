import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, suite, test } from 'node:test';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { type McpFault, type McpSimulator, startMcpSimulator } from '../simulators/mcp/index.ts';
import { type McpLab, mcpLab } from './helpers/mcp-lab.ts';

const cleanups: (() => Promise<unknown>)[] = [];
const server = async (...given: Parameters<typeof startMcpSimulator>): Promise<McpSimulator> => {
  const started = await startMcpSimulator(...given);
  cleanups.push(() => started.close());
  return started;
};
const open = async (...given: Parameters<typeof mcpLab>): Promise<McpLab> => {
  const lab = await mcpLab(...given);
  cleanups.push(() => lab.close());
  return lab;
};
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

suite('a server', () => {
  for (const json of [false, true])
    test(`is read by Streamable HTTP, answers as ${json ? 'JSON' : 'events'}`, async () => {
      const sim = await server({ json });
      const { seen, at } = await open({ unifi: { url: sim.url } });
      await seen('unifi');
      const { readings, facts } = at('unifi') ?? assert.fail();
      const { latency, ...rest } = readings;
      assert.equal(typeof latency, 'number');
      assert.deepEqual(rest, {
        ...{ protocol: '2025-11-25', server: 'unifi-mcp', version: '1.4.2', way: 'http' },
        ...{ tools: 3, resources: 2, templates: 1, prompts: 1 },
      });
      assert.deepEqual(facts.tools, ['list_devices', 'list_clients', 'restart_device']);
    });

  test('of the older kind is read by its own transport, named or found out', async () => {
    const sim = await server({ ways: ['sse'] });
    for (const transport of ['sse', 'auto']) {
      const { seen, at, close } = await open({ unifi: { url: sim.sseUrl, transport } });
      await seen('unifi');
      assert.deepEqual([at('unifi')?.readings.way, at('unifi')?.readings.tools], ['sse', 3]);
      await close();
    }
  });

  test('that speaks both is read by the newer one', async () => {
    const sim = await server();
    const { seen, at } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    assert.equal(at('unifi')?.readings.way, 'http');
    assert.ok(!sim.heard.some((line) => line.includes('/sse')));
  });

  test('is read page by page, each thing once', async () => {
    const tools = Array.from({ length: 25 }, (_, at) => ({ name: `tool_${at}` }));
    const sim = await server({ tools, pageSize: 4, resources: ['a', 'b', 'c', 'd', 'e'] });
    const { seen, at } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    assert.deepEqual([at('unifi')?.readings.tools, at('unifi')?.readings.resources], [25, 5]);
    assert.equal(sim.heard.filter((line) => line.endsWith('tools/list')).length, 7);
  });

  test('has no reading for what it does not offer, and is not asked for it', async () => {
    const sim = await server({ tools: undefined, resources: undefined });
    const { seen, at } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    const readings: object = at('unifi')?.readings ?? {};
    for (const name of ['tools', 'resources', 'templates']) assert.ok(!(name in readings), name);
    assert.equal(at('unifi')?.readings.prompts, 1);
    assert.ok(!sim.heard.some((line) => /tools|resources/.test(line)), sim.heard.join('\n'));
  });

  test('says which version of the protocol it agreed to', async () => {
    const sim = await server({ protocol: '2024-11-05' });
    const { seen, at } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    assert.equal(at('unifi')?.readings.protocol, '2024-11-05');
  });

  for (const [what, options] of [
    ['as a bearer token', {}],
    ['in a header of its own', { token_header: 'X-API-Key' }],
  ] as const)
    test(`that wants a token gets it ${what}`, async () => {
      const sim = await server({ token: 'open-sesame' });
      const { seen, at } = await open({ unifi: { url: sim.url, token: 'open-sesame', ...options } });
      await seen('unifi');
      assert.equal(at('unifi')?.readings.tools, 3);
    });

  test('with a certificate of its own is believed if that is the pinned one', async () => {
    const sim = await server({ tls: true });
    const { seen } = await open({ unifi: { url: sim.url, fingerprint: sim.fingerprint } });
    await seen('unifi');
  });

  test('is only looked at: no tool is ever called, and no session stays behind', async () => {
    const sim = await server();
    const { seen, clock, close, until } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    for (let look = 0; look < 3; look += 1) await clock.advance(121_000);
    const begun = (): number => sim.heard.filter((line) => line.endsWith('initialize')).length;
    await until('each look to begin anew', () => begun() >= 3);
    await until('the end of all sessions but one', () => sim.sessions <= 1);
    assert.ok(!sim.heard.some((line) => line.includes('tools/call')));
    await close();
    assert.equal(sim.sessions, 0);
  });

  test('that goes away is unavailable, and back it is there again', async () => {
    const sim = await server();
    const { seen, gone } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    await sim.stop();
    await gone('unifi');
    await sim.start();
    await seen('unifi');
  });

  test('that forgot our session gets a new one, and nothing is told of that', async () => {
    const sim = await server();
    const { seen, until, log, at, events } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    sim.forget();
    await sim.setTools([{ name: 'one' }]);
    await until('the next look', () => at('unifi')?.readings.tools === 1, 130);
    assert.equal(events.length, 1);
    assert.deepEqual(
      log.lines.filter((line) => /warn|error/.test(line)),
      [],
    );
  });

  test('may call its tools anything', async () => {
    const names = ['a\nb', '{{ 1 }}', '<b>', '\u202egpj', 'x'.repeat(500), '', 'a\nb'];
    const sim = await server({ name: 'x\u0000y\n# z', tools: names.map((name) => ({ name })) });
    const { seen, at } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    const { readings, facts, name } = at('unifi') ?? assert.fail();
    assert.deepEqual([name, readings.server, readings.tools], ['unifi', 'x y # z', 5]);
    for (const shown of facts.tools as readonly string[]) {
      assert.doesNotMatch(shown, /\p{C}/u);
      assert.ok(shown.length <= 80);
    }
  });
});

suite('a change of tools', () => {
  const names = (...tools: string[]) => tools.map((name) => ({ name, description: `${name} is done` }));

  test('is told within seconds by who announces it, with what came, went and is another', async () => {
    const sim = await server({ tools: names('a', 'b', 'c') });
    const { seen, until, events, at } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    await until('that it is listened to', () => sim.streams > 0, 5);
    await sim.setTools([...names('a', 'd'), { name: 'b', description: 'b does something else now' }]);
    await until('the event', () => events.length > 0, 10);
    assert.deepEqual(events, [
      { event_type: 'tools_changed', tools: 3, added: 'd', removed: 'c', changed: 'b' },
    ]);
    assert.equal(at('unifi')?.readings.tools, 3);
  });

  test('is told with the next look by who announces nothing', async () => {
    const sim = await server({ tools: names('a'), news: false });
    const { seen, until, events, clock } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    await sim.setTools(names('a', 'b'));
    await clock.advance(60_000);
    assert.equal(events.length, 0);
    await until('the event', () => events.length > 0, 120);
    assert.equal(events[0]?.added, 'b');
  });

  test('is none where only the order is another, nor at the first look', async () => {
    const sim = await server({ tools: names('a', 'b'), news: false });
    const { seen, events, clock } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    await sim.setTools([...names('b', 'a')].map(({ name, description }) => ({ description, name })));
    await clock.advance(250_000);
    assert.deepEqual(events, []);
  });

  test('that happened while nobody looked is told after the start, once', async () => {
    const sim = await server({ tools: names('a') });
    const database = memoryDatabase();
    const before = await open({ unifi: { url: sim.url } }, database);
    await before.seen('unifi');
    await before.close();
    await sim.setTools(names('a', 'b'));
    for (const expected of [1, 0]) {
      const { seen, events, close } = await open({ unifi: { url: sim.url } }, database);
      await seen('unifi');
      assert.equal(events.length, expected);
      await close();
    }
  });

  test('of very many tells the first names, and how many more', async () => {
    const sim = await server({ tools: [], news: false });
    const { seen, until, events } = await open({ unifi: { url: sim.url } });
    await seen('unifi');
    await sim.setTools(names(...Array.from({ length: 300 }, (_, at) => `tool_${at}`)));
    await until('the event', () => events.length > 0, 130);
    assert.match(String(events[0]?.added), /tool_19 and 280 more$/);
  });
});

suite('whoever is no server that can be spoken to says why, and others go on', () => {
  const say = (status: number, type: string, body = '', headers = {}): McpFault => ({
    ...{ kind: 'say', status, type, body, headers },
  });
  const faults: readonly (readonly [string, McpFault, string, RegExp])[] = [
    ['silence', { kind: 'hang' }, 'deadline_passed', /no answer within 15 s/],
    ['half an answer', { kind: 'half' }, 'deadline_passed', /no answer within 15 s/],
    ['a cut', { kind: 'cut' }, 'unreachable', /cannot reach/],
    ['a page of HTML', say(200, 'text/html', '<html>Welcome'), 'protocol_wrong', /check host and port/],
    ['garbage', say(200, 'application/json', '{"jsonrpc'), 'protocol_wrong', /a sound one/],
    ['other JSON', say(200, 'application/json', '{"ok":true}'), 'protocol_wrong', /a sound one/],
    ['a wrong path', say(404, 'text/plain'), 'path_wrong', /mostly \/mcp/],
    ['a move', say(301, 'text/plain', '', { location: 'https://x.lan/mcp' }), 'path_wrong', /x\.lan\/mcp/],
    ['a refusal', say(403, 'text/plain'), 'privilege_missing', /host names/],
    ['a limit', say(429, 'text/plain'), 'too_many_requests', /interval/],
    ['a failure within', say(500, 'text/plain', 'oops'), 'source_failed', /log/],
  ];
  for (const [what, fault, code, words] of faults)
    test(what, async () => {
      const sim = await server();
      const other = await server();
      sim.fault = fault;
      const lab = await open({ unifi: { url: sim.url }, bench: { url: other.url } });
      await lab.seen('bench');
      await lab.until('a reason', () => lab.codes.length > 0, 120);
      assert.equal(lab.codes[0], code, lab.log.lines.join('\n'));
      assert.match(lab.log.lines.find((line) => line.includes('mcp/unifi')) ?? '', words);
      assert.equal(lab.at('unifi'), undefined);
      assert.equal(lab.at('bench')?.available, true);
    });

  test('an open port alone is no server', async () => {
    const listener = createServer(() => {}).listen(0, '127.0.0.1');
    cleanups.push(async () => listener.close());
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const lab = await open({ unifi: { url: `http://127.0.0.1:${port}/mcp` } });
    await lab.until('a reason', () => lab.codes.includes('deadline_passed'), 120);
    assert.equal(lab.at('unifi'), undefined);
  });

  for (const [what, options] of [
    ['a token that is wrong', { token: 'wrong' }],
    ['no token', {}],
  ] as const)
    test(`${what}`, async () => {
      const sim = await server({ token: 'open-sesame' });
      const lab = await open({ unifi: { url: sim.url, ...options } });
      await lab.until('a reason', () => lab.codes.length > 0);
      assert.equal(lab.codes[0], 'credentials_refused');
      assert.match(lab.log.lines.join('\n'), /option token/);
      const asked = sim.heard.length;
      await lab.clock.advance(30_000);
      assert.equal(sim.heard.length, asked, 'it is not tried again and again');
    });

  test('another certificate than the pinned one, and nothing is said to it', async () => {
    const sim = await server({ tls: true, token: 'open-sesame' });
    const fingerprint = 'AB'.repeat(32);
    const lab = await open({ unifi: { url: sim.url, token: 'open-sesame', fingerprint } });
    await lab.until('a reason', () => lab.codes.length > 0);
    assert.equal(lab.codes[0], 'certificate_refused');
    assert.deepEqual(sim.heard, []);
  });

  test('a version of the protocol that nobody knows', async () => {
    const sim = await server({ protocol: '1999-01-01' });
    const lab = await open({ unifi: { url: sim.url } });
    await lab.until('a reason', () => lab.codes.length > 0);
    assert.equal(lab.codes[0], 'version_refused');
  });
});
