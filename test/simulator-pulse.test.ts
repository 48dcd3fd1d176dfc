import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { systemClock } from '../addon/src/core/clock.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { HttpClient } from '../addon/src/net/http-client.ts';
import { PulseMonitor, type PulseSimulator, startPulseSimulator } from '../simulators/pulse/index.ts';
import { bodyOf } from '../simulators/pulse/webhook.ts';
import { type Json, strangersIn } from '../simulators/shape.ts';

/** The examples of Pulse's own documentation (docs/API.md of 6.3), with the fields of its code (types.go) that they lack. */
const DOCUMENTED: Readonly<Record<string, Json>> = {
  '/api/health': {
    ...{ status: 'healthy', timestamp: 1_700_000_000, uptime: 3_600, devModeSSH: false },
    ...{ proxyInstallScriptAvailable: true },
    dependencies: { monitor: true, scheduler: true, websocket: true },
  },
  '/api/version': {
    ...{ version: '6.0.0', buildTime: '2026-02-21T00:00:00Z', channel: 'stable', deploymentType: 'systemd' },
    ...{ updateAvailable: false, latestVersion: '6.0.0', build: '', goVersion: '', runtime: '' },
    ...{ isDocker: false, isSourceBuild: false, isDevelopment: false, agentUpdateTargetVersion: '' },
    ...{ containerized: true, containerId: '' },
  },
  '/api/state/summary': {
    ...{ activeAlerts: 1, nodes: 2, vms: 8, containers: 12, lastUpdate: '2026-05-24T10:11:12Z' },
    dockerHosts: [{ name: 'Docker Host', containers: 5, uptimeSeconds: 86_400, cpuUsagePercent: 12.5 }],
  },
};

/** Of an alert, as Pulse's code (internal/alerts/model.go of 6.3) writes it. */
const ALERT: Json = {
  ...{
    id: '',
    type: '',
    level: '',
    resourceId: '',
    canonicalSpecId: '',
    canonicalKind: '',
    canonicalState: '',
  },
  ...{ resourceName: '', node: '', nodeDisplayName: '', instance: '', message: '', value: 1, threshold: 1 },
  ...{ startTime: '', lastSeen: '', acknowledged: false, ackTime: '', ackUser: '', metadata: {} },
  ...{ lastNotified: '', lastEscalation: 1, escalationTimes: [''] },
};
const WEBHOOKS = {
  alert: { alerts: [ALERT], count: 1, timestamp: 1, source: '', grouped: true },
  resolved: {
    ...{ event: '', alerts: [ALERT], count: 1, resolvedAt: 1, resolvedAtIso: '', source: '' },
    ...{ dashboard: '', alertIdentifier: '' },
  },
} as const;
/** No field's keys are names of things. */
const NO_NAMES = /(?!)/;
/** What is in there depends on the alert. */
const FREE = [/metadata\./];

suite('the simulated Pulse', () => {
  let sim: PulseSimulator;
  let http: HttpClient;
  const monitor = new PulseMonitor();

  before(async () => {
    sim = await startPulseSimulator({ monitor });
    monitor.acknowledge(monitor.raise({ name: 'web-01', vmid: 120 }).id, 'somebody');
    http = new HttpClient({
      ...{ url: sim.url, name: 'x', trust: {}, clock: systemClock, meter: new Meter(systemClock) },
    });
  });
  after(async () => {
    await http.close();
    await sim.close();
  });
  const get = (path: string, headers: Readonly<Record<string, string>> = { 'x-api-token': sim.token }) =>
    http.read({ path, headers });

  for (const [path, documented] of Object.entries(DOCUMENTED))
    test(`answers ${path} with no field that Pulse does not have`, async () => {
      const answer = JSON.parse((await get(path)).body);
      assert.deepEqual(strangersIn(answer, documented, NO_NAMES, []), []);
    });

  test('lists alerts with no field that Pulse does not have, the worst first', async () => {
    monitor.raise({ name: 'nas', vmid: 121, type: 'disk', level: 'critical' });
    const alerts = JSON.parse((await get('/api/alerts/active')).body);
    assert.deepEqual(
      alerts.map(({ level }: { level: string }) => level),
      ['critical', 'warning'],
    );
    for (const alert of alerts) assert.deepEqual(strangersIn(alert, ALERT, NO_NAMES, FREE), []);
  });

  test('sends what Pulse sends', () => {
    for (const event of ['alert', 'resolved'] as const) {
      const sent = JSON.parse(bodyOf(monitor, event, [...monitor.alerts.values()].slice(0, 1)));
      assert.deepEqual(strangersIn(sent, WEBHOOKS[event] as Json, NO_NAMES, FREE), []);
    }
  });

  test('tells anybody how it is and of which version, and all else only to who has a token', async () => {
    for (const path of ['/api/health', '/api/version']) assert.equal((await get(path, {})).status, 200);
    const missing = await get('/api/alerts/active', {});
    assert.deepEqual([missing.status, JSON.parse(missing.body)], [401, { error: 'Authentication required' }]);
    const wrong = await get('/api/alerts/active', { 'x-api-token': 'wrong' });
    assert.deepEqual([wrong.status, wrong.body], [401, 'Invalid API token\n']);
    assert.equal((await get('/api/alerts/active', { authorization: `Bearer ${sim.token}` })).status, 200);
    sim.scopes = ['settings:read'];
    const lacking = await get('/api/state/summary');
    assert.deepEqual(
      [lacking.status, JSON.parse(lacking.body)],
      [403, { error: 'missing_scope', requiredScope: 'monitoring:read' }],
    );
    sim.scopes = ['monitoring:read', 'monitoring:write'];
  });

  test('shows its page at every path that is none of its interface', async () => {
    const page = await get('/pulse/api/health');
    assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html']);
    assert.equal((await get('/api/nothing')).status, 404);
  });
});
