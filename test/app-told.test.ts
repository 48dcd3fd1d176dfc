import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { type App, startApp } from '../addon/src/app.ts';
import { startEmbeddedBroker } from '../addon/src/mqtt/embedded-broker.ts';
import { startMcpSimulator } from '../simulators/mcp/index.ts';
import { PulseMonitor, startPulseSimulator } from '../simulators/pulse/index.ts';
import { SimSupply, startScpiSimulator } from '../simulators/scpi/index.ts';
import { atEnd, observe, until } from './helpers/observer.ts';
import { SECRET } from './helpers/pulse-lab.ts';
import { freePort } from './parts/process.ts';

const HOST = '127.0.0.1';
const PULSE = 'labkeeper/pulse_lab_monitor_self';

test('what Pulse, an MCP server and an instrument tell of becomes messages, through the whole app', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-app-'));
  atEnd(t, () => rm(folder, { recursive: true }));
  const broker = await startEmbeddedBroker({ host: HOST, port: 0 });
  atEnd(t, () => broker.close());
  const monitor = new PulseMonitor();
  const pulse = await startPulseSimulator({ monitor });
  atEnd(t, () => pulse.close());
  const mcp = await startMcpSimulator();
  atEnd(t, () => mcp.close());
  const supply = new SimSupply();
  // Its queue is asked once a minute, so this is there at the first look.
  supply.errors.push('-222,"Data out of range"');
  const bench = await startScpiSimulator(supply);
  atEnd(t, () => bench.close());
  const httpPort = await freePort();
  const optionsFile = path.join(folder, 'options.json');
  await writeFile(
    optionsFile,
    JSON.stringify({
      ...{ mqtt: { host: HOST, port: broker.port }, entities: 'all', self: 'none' },
      // So rarely that only the webhook can tell in time.
      pulse: [{ id: 'lab', url: pulse.url, token: pulse.token, interval: 3_600, webhook_secret: SECRET }],
      mcp: [{ id: 'unifi', url: mcp.url }],
      scpi: [{ id: 'supply', host: bench.host, port: bench.port }],
    }),
  );
  const other = await observe(t, broker.port);
  const logged: string[] = [];
  const settings = {
    ...{ optionsFile, dataFolder: folder, host: HOST, httpPort, mqttPort: 0, wyomingPort: 0 },
    ...{ mqttPassword: undefined, supervisorToken: undefined, openOnLoopback: false },
  };
  let app: App | undefined;
  const start = async (): Promise<void> => {
    app = await startApp(settings, '0.0.0', (line) => logged.push(line));
  };
  const stop = async (): Promise<void> => {
    await app?.close();
    app = undefined;
  };
  atEnd(t, stop);
  await start();
  /** The newest message on a topic. */
  const last = (topic: string) => {
    const line = other.heard.findLast((text) => text.startsWith(`${topic} {`)) ?? `${topic} {}`;
    return JSON.parse(line.slice(topic.length + 1));
  };
  await until('Pulse', () => last(`${PULSE}/state`).alerts === 0);

  pulse.webhook = { url: `http://${HOST}:${httpPort}/hooks/pulse/lab/${SECRET}` };
  const { id } = monitor.raise({ name: 'web-01', vmid: 120, value: -1 });
  await until('the start', () => last(`${PULSE}/alert/event`).event_type === 'started');
  const { resource, level, value } = last(`${PULSE}/alert/event`);
  assert.deepEqual([resource, level, value], ['web-01', 'warning', null]);
  await until('the count', () => last(`${PULSE}/state`).unacknowledged === 1);

  await other.client.publishAsync(`${PULSE}/acknowledge/set`, 'PRESS');
  await until('that it was seen', () => last(`${PULSE}/state`).unacknowledged === 0);
  assert.equal(monitor.alerts.get(id)?.acknowledged, true);

  monitor.resolve(id);
  await until('the end', () => last(`${PULSE}/alert/event`).event_type === 'ended');
  await until('the count', () => last(`${PULSE}/state`).alerts === 0);
  assert.equal(other.heard.filter((line) => line.startsWith(`${PULSE}/alert/event {`)).length, 2);

  const server = 'labkeeper/mcp_unifi_mcpserver_self';
  await until('that its news are listened to', () => mcp.streams > 0);
  await mcp.setTools([...(mcp.offer.tools ?? []), { name: 'delete_site' }]);
  await until('the new tool', () => last(`${server}/tools_changed/event`).added === 'delete_site');
  await until('their count', () => last(`${server}/state`).tools === 4);

  const instrument = 'labkeeper/scpi_supply_instrument_self';
  await until('its error', () => last(`${instrument}/error/event`).code === -222);

  await stop();
  other.heard.length = 0;
  monitor.raise({ name: 'nas', vmid: 121, type: 'disk', level: 'critical' });
  await mcp.setTools((mcp.offer.tools ?? []).slice(1));
  await start();
  await until('what Pulse did meanwhile', () => last(`${PULSE}/alert/event`).resource === 'nas');
  await until('what the server did', () => last(`${server}/tools_changed/event`).removed === 'list_devices');
  assert.ok(!logged.join('\n').includes(SECRET) && !other.heard.join('\n').includes(SECRET));
});
