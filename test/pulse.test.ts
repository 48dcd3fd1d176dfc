import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { Source } from '../addon/src/contract/source.ts';
import { asLabError } from '../addon/src/core/errors.ts';
import { mcp } from '../addon/src/sources/mcp/index.ts';
import { startMcpSimulator } from '../simulators/mcp/index.ts';
import { htmlPage } from '../simulators/proxmox/index.ts';
import { bench } from './helpers/executor.ts';
import { type PulseLab, type PulseLabOptions, pulseLab } from './helpers/pulse-lab.ts';

const cleanups: (() => Promise<unknown>)[] = [];
const open = async (options: PulseLabOptions = {}): Promise<PulseLab> => {
  const lab = await pulseLab(options);
  cleanups.push(() => lab.close());
  return lab;
};
const CPU = { name: 'web-01', vmid: 120, type: 'cpu' };
const DISK = { name: 'nas', vmid: 121, type: 'disk', level: 'critical' as const };

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

suite('a Pulse', () => {
  test('is shown with its health, its version and its alerts by level', async () => {
    const lab = await open({
      before: ({ monitor }) => {
        monitor.raise(CPU);
        monitor.raise(DISK);
        monitor.acknowledge(monitor.raise({ name: 'pve1', type: 'memory' }).id, 'somebody');
      },
    });
    await lab.known();
    const { readings, facts } = lab.at() ?? assert.fail();
    const { active, latency, started, ...rest } = readings;
    assert.deepEqual(rest, {
      ...{ problem: false, alerts: 3, critical: 1, warning: 2, unacknowledged: 2 },
      ...{ nodes: 1, machines: 3, containers: 1, docker_hosts: 1 },
      ...{ version: '6.3.0', latest_version: '6.3.1' },
      release: 'https://github.com/rcourtman/Pulse/releases/tag/v6.3.1',
    });
    assert.equal(typeof latency, 'number');
    // Its uptime is worked out when it answers, so the same start may seem a little later.
    assert.ok(Math.abs(Date.parse(started ?? '') - lab.monitor.started) <= 2_000);
    await lab.pass(90);
    assert.equal(lab.at()?.readings.started, started, 'and stays what it seemed first');
    assert.deepEqual(
      active.map(({ title, level, acknowledged }) => [title, level, acknowledged]),
      [
        ['nas (pve1)', 'critical', false],
        ['web-01 (pve1)', 'warning', false],
        ['pve1', 'warning', true],
      ],
    );
    assert.equal(facts.url, lab.simulator.url, 'the device leads to its page');
    assert.deepEqual(
      lab.log.lines.filter((line) => /warn|error/.test(line)),
      [],
    );
  });

  test('tells of the start of an alert, of its getting worse and of its end, by looking alone', async () => {
    const lab = await open();
    await lab.known();
    const { id, startTime } = lab.monitor.raise(CPU);
    await lab.pass(31);
    lab.monitor.escalate(id);
    await lab.pass(31);
    lab.monitor.resolve(id);
    await lab.pass(31);
    assert.deepEqual(lab.told(), ['started cpu', 'changed cpu', 'ended cpu']);
    const [start, worse, end] = lab.events;
    assert.deepEqual(start, {
      ...{ event_type: 'started', alert: id, level: 'warning', type: 'cpu', resource: 'web-01' },
      ...{ node: 'pve1', message: 'web-01 cpu at 92.4%', value: 92.4, threshold: 80, ended: null },
      ...{ since: new Date(Date.parse(startTime)).toISOString(), acknowledged: false },
    });
    assert.equal(worse?.level, 'critical');
    assert.equal(end?.alert, id);
  });

  test('of which an alert comes again under the same id tells of both times', async () => {
    const lab = await open();
    await lab.known();
    for (let time = 0; time < 2; time += 1) {
      const { id } = lab.monitor.raise(CPU);
      await lab.pass(31);
      lab.monitor.resolve(id);
      await lab.pass(31);
    }
    // It ended and began again between two looks.
    const { id } = lab.monitor.raise(CPU);
    await lab.pass(31);
    lab.monitor.resolve(id);
    await lab.clock.advance(1_000);
    lab.monitor.raise(CPU);
    await lab.pass(31);
    const pair = ['started cpu', 'ended cpu'];
    assert.deepEqual(lab.told(), [...pair, ...pair, ...pair, 'started cpu']);
  });

  test('tells nothing of what was so before the first look, and after a restart of what happened meanwhile', async () => {
    const lab = await open({ before: ({ monitor }) => monitor.raise(CPU) });
    await lab.known();
    await lab.pass(40);
    assert.deepEqual(lab.told(), []);
    await lab.engine.close();
    lab.monitor.resolve([...lab.monitor.alerts.keys()][0] ?? '');
    lab.monitor.raise(DISK);
    await lab.reopen();
    await lab.until('both', () => lab.events.length >= 2);
    await lab.pass(40);
    assert.deepEqual(lab.told().sort(), ['ended cpu', 'started disk']);
  });

  test('that is unwell says so, and goes on being read', async () => {
    const lab = await open();
    await lab.known();
    lab.monitor.healthy = false;
    await lab.until('its problem', () => lab.at()?.readings.problem === true);
    assert.equal(lab.at()?.available, true);
  });

  test('says -1 for what it does not know: that is unknown, and no number', async () => {
    const lab = await open({
      before: ({ monitor }) => {
        monitor.summary = { ...monitor.summary, vms: -1 };
        monitor.started = monitor.clock.now() + 1_000;
      },
    });
    await lab.known();
    assert.equal(lab.at()?.readings.machines, null);
    assert.equal(lab.at()?.readings.started, null);
    lab.monitor.raise({ ...DISK, value: -1 });
    await lab.until('the event', () => lab.events.length > 0);
    assert.equal(lab.events[0]?.value, null);
  });

  test('of an older version does without what that does not tell', async () => {
    const lab = await open({
      before: ({ faults }) =>
        faults.inject({ path: '/api/state/summary' }, { kind: 'answer', status: 404, body: 'Not found' }),
    });
    await lab.known();
    assert.equal('nodes' in (lab.at()?.readings ?? {}), false);
    assert.equal(lab.at()?.readings.alerts, 0);
  });

  test('may say anything: names are shown as one line, and no alert without an id breaks the others', async () => {
    const lab = await open();
    await lab.known();
    lab.monitor.raise({ ...CPU, name: 'a\u202eb\n# {{ 1 }} <b>', message: 'x'.repeat(5_000) });
    Object.assign(lab.monitor.raise(DISK), { id: 7 });
    await lab.until('the event', () => lab.events.length > 0);
    assert.deepEqual(lab.told(), ['started cpu']);
    assert.equal(lab.events[0]?.resource, 'a b # {{ 1 }} <b>');
    assert.equal(String(lab.events[0]?.message).length, 300);
    assert.equal(lab.at()?.readings.alerts, 1);
    await lab.said('has no id or no time');
  });

  test('that is asked for its alerts while one of them begins loses none', async () => {
    const lab = await open();
    await lab.known();
    const undo = lab.simulator.faults.inject({ path: '/api/health' }, { kind: 'reset' });
    lab.monitor.raise(CPU);
    await lab.gone();
    undo();
    await lab.known();
    await lab.pass(5);
    assert.deepEqual(lab.told(), ['started cpu']);
  });
});

suite('whoever cannot be asked says why', () => {
  const wrong: readonly (readonly [string, RegExp, RegExp, PulseLabOptions])[] = [
    ['a wrong token', /credentials_refused/, /API Tokens/, { options: () => ({ token: 'wrong' }) }],
    [
      'a token that may not read',
      /privilege_missing/,
      /monitoring:read/,
      { before: (sim) => Object.assign(sim, { scopes: ['settings:read'] }) },
    ],
    ['a wrong path', /protocol_wrong/, /7655/, { options: ({ url }) => ({ url: `${url}/pulse` }) }],
    [
      'an address that has moved',
      /path_wrong/,
      /pulse\.lan\/: correct url, without \/api/,
      {
        before: ({ faults }) =>
          faults.inject({}, { kind: 'answer', status: 302, headers: { location: 'https://pulse.lan/' } }),
      },
    ],
    [
      'nothing of it there',
      /path_wrong/,
      /7655/,
      { before: ({ faults }) => faults.inject({}, { kind: 'answer', status: 404, body: 'nothing here' }) },
    ],
    [
      'a page of HTML',
      /protocol_wrong/,
      /proxy in between/,
      { before: ({ faults }) => faults.inject({}, htmlPage(200, 'Welcome')) },
    ],
    [
      'another service that speaks JSON',
      /protocol_wrong/,
      /something else listens/,
      {
        before: ({ faults }) =>
          faults.inject({}, { kind: 'answer', status: 200, type: 'application/json', body: '{"ok":true}' }),
      },
    ],
    [
      'half an answer',
      /protocol_wrong/,
      /7655/,
      {
        before: ({ faults }) => faults.inject({ path: '/api/alerts/active' }, { kind: 'truncate', bytes: 1 }),
      },
    ],
    [
      'a failure within',
      /source_failed/,
      /./,
      { before: ({ faults }) => faults.inject({}, htmlPage(502, 'Bad Gateway')) },
    ],
    [
      'a limit',
      /too_many_requests/,
      /interval/,
      {
        before: ({ faults }) =>
          faults.inject(
            {},
            { kind: 'answer', status: 429, body: 'Rate limit exceeded. Please try again later.' },
          ),
      },
    ],
    ['nobody', /unreachable/, /./, { options: () => ({ url: 'http://127.0.0.1:9' }) }],
    ['silence', /deadline_passed/, /./, { before: ({ faults }) => faults.inject({}, { kind: 'hang' }) }],
  ];
  for (const [what, code, hint, options] of wrong)
    test(`${what}: its own code and what to do, and other systems go on`, async () => {
      const other = await startMcpSimulator();
      cleanups.push(() => other.close());
      const beside = [{ source: mcp as unknown as Source, id: 'unifi', options: { url: other.url } }];
      const lab = await open({ ...options, beside });
      await lab.until('the other one', () => lab.store.get('mcp/unifi/mcpserver/self')?.available);
      await lab.until('a reason', () => lab.codes.length > 0, 240);
      assert.match(lab.codes[0] ?? '', code);
      const line = lab.log.lines.find((text) => text.includes('pulse/home')) ?? '';
      assert.match(line, hint);
      assert.ok(!line.includes('5f0c1d7e9a3b48c2b6d4e8f1a2c3b4d5'), 'its token is told to nobody');
      assert.equal(lab.at(), undefined);
      assert.equal(lab.store.get('mcp/unifi/mcpserver/self')?.available, true);
    });

  test('a token that is taken away while it is read makes it unavailable, and given back it is there again', async () => {
    const lab = await open();
    await lab.known();
    lab.simulator.scopes = [];
    await lab.gone();
    lab.simulator.scopes = ['monitoring:read'];
    await lab.until('it', () => lab.at()?.available, 1_800);
  });
});

suite('alerts that somebody saw', () => {
  const alertsOf = (lab: PulseLab) =>
    lab.engine.for('pulse/home/monitor/self', 'alerts') ?? assert.fail('it has no alerts');
  const { signal } = new AbortController();

  test('are acknowledged, one or all of them, and that shows at once', async () => {
    const lab = await open();
    const [cpu] = [
      lab.monitor.raise(CPU),
      lab.monitor.raise(DISK),
      lab.monitor.raise({ name: 'pve1', type: 'memory' }),
    ];
    await lab.known();
    assert.equal(await alertsOf(lab).acknowledge('pulse/home/monitor/self', cpu?.id, signal), 1);
    lab.engine.refresh('pulse/home/monitor/self');
    await lab.pass(3);
    assert.equal(lab.at()?.readings.unacknowledged, 2);
    assert.equal(await alertsOf(lab).acknowledge('pulse/home/monitor/self', undefined, signal), 2);
    lab.engine.refresh('pulse/home/monitor/self');
    await lab.pass(3);
    assert.equal(lab.at()?.readings.unacknowledged, 0);
    assert.equal(await alertsOf(lab).acknowledge('pulse/home/monitor/self', undefined, signal), 0);
    assert.deepEqual(lab.told(), [], 'nothing began or ended');
  });

  const refusals: readonly (readonly [string, string, (lab: PulseLab) => string | undefined])[] = [
    ['that is not there', 'source_refused', () => 'nothing::like-that'],
    [
      'with a token that may only read',
      'privilege_missing',
      (lab) => {
        lab.simulator.scopes = ['monitoring:read'];
        return undefined;
      },
    ],
  ];
  for (const [what, code, prepare] of refusals)
    test(`one ${what} is refused, and said why`, async () => {
      const lab = await open({ before: ({ monitor }) => monitor.raise(CPU) });
      await lab.known();
      const alert = prepare(lab);
      await assert.rejects(alertsOf(lab).acknowledge('pulse/home/monitor/self', alert, signal), (thrown) => {
        const error = asLabError(thrown);
        assert.equal(error.code, code);
        if (code === 'privilege_missing') assert.match(error.hint ?? '', /monitoring:write/);
        return true;
      });
    });

  test('are an action that operates, over MQTT too, and it says how many', async () => {
    const lab = await open({
      before: ({ monitor }) => {
        monitor.raise(CPU);
        monitor.raise(DISK);
      },
    });
    await lab.known();
    const target = lab.at() ?? assert.fail();
    const { executor, resources, outcome, refreshed } = bench(
      {},
      { capabilities: { alerts: alertsOf(lab) } },
    );
    resources.set(target.id, target);
    const request = { action: 'acknowledge_alerts', target: target.id };
    const { state, result } = await outcome(request);
    assert.deepEqual([state, result], ['succeeded', { acknowledged: 2 }]);
    assert.deepEqual(refreshed, [target.id], 'and is looked at early');
    assert.ok([...lab.monitor.alerts.values()].every(({ acknowledged }) => acknowledged));
    const gone = await outcome({ ...request, input: { alert: 'nothing::like-that' } });
    assert.deepEqual([gone.state, gone.error?.code], ['failed', 'source_refused']);
    await executor.close();
  });
});
