import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type McpSimulator, startMcpSimulator } from '../../simulators/mcp/index.ts';
import { PulseMonitor, type PulseSimulator, startPulseSimulator } from '../../simulators/pulse/index.ts';
import { SimSupply, startScpiSimulator } from '../../simulators/scpi/index.ts';
import { eventually } from '../parts/process.ts';
import { startWorld, type World } from '../parts/world.ts';

const SECRET = 'Zk3vQ9tR1xW7pL5mN8bH2cY6';
const PULSE = 'labkeeper_pulse_lab_monitor_self';

describe('what systems tell of, in a real Home Assistant', { timeout: 300_000 }, () => {
  let world: World;
  let pulse: PulseSimulator;
  let mcp: McpSimulator;
  let bench: Awaited<ReturnType<typeof startScpiSimulator>>;
  const supply = new SimSupply();
  const monitor = new PulseMonitor();

  before(async () => {
    pulse = await startPulseSimulator({ monitor });
    mcp = await startMcpSimulator();
    bench = await startScpiSimulator(supply);
    world = await startWorld();
    const labkeeper = await world.labkeeper({
      entities: 'all',
      // So rarely that only the webhook can tell in time.
      pulse: [
        {
          id: 'lab',
          title: 'Pulse',
          url: pulse.url,
          token: pulse.token,
          interval: 3_600,
          webhook_secret: SECRET,
        },
      ],
      mcp: [{ id: 'unifi', title: 'UniFi MCP', url: mcp.url }],
      scpi: [{ id: 'supply', title: 'Supply', host: bench.host, port: bench.port }],
    });
    pulse.webhook = { url: `${labkeeper.url}/hooks/pulse/lab/${SECRET}` };
    await world.home.until(await world.home.entityId(`${PULSE}_alerts`), '0', 60_000);
  });

  after(async () => {
    await world?.stop();
    await bench?.close();
    await mcp?.close();
    await pulse?.close();
  });

  it('fires an event when an alert starts and one when it ends, each once', async () => {
    const { home } = world;
    const alert = await home.entityId(`${PULSE}_alert`);
    const alerts = await home.entityId(`${PULSE}_alerts`);
    const seen: unknown[] = [];
    const end = home.onStates((states) => {
      const { state, attributes } = states[alert] ?? {};
      const last = JSON.stringify([attributes?.event_type, attributes?.resource, state]);
      if (attributes?.event_type && seen.at(-1) !== last) seen.push(last);
    });
    const { id } = monitor.raise({ name: 'web-01', vmid: 120, value: -1 });
    await home.until(alert, ({ attributes }) => attributes.event_type === 'started');
    const { resource, level, type, value } = home.states[alert]?.attributes ?? {};
    assert.deepEqual(
      { resource, level, type, value },
      { resource: 'web-01', level: 'warning', type: 'cpu', value: null },
    );
    await home.until(alerts, '1');
    monitor.resolve(id);
    await home.until(alert, ({ attributes }) => attributes.event_type === 'ended');
    await home.until(alerts, '0');
    end();
    assert.equal(seen.length, 2, seen.join('\n'));
  });

  it('acknowledges alerts when its button is pressed', async () => {
    const { home } = world;
    const { id } = monitor.raise({ name: 'nas', vmid: 121, type: 'disk', level: 'critical' });
    const open = await home.entityId(`${PULSE}_unacknowledged`);
    await home.until(open, '1');
    await home.callAction('button', 'press', { entity_id: await home.entityId(`${PULSE}_acknowledge`) });
    await home.until(open, '0');
    assert.equal(monitor.alerts.get(id)?.acknowledged, true);
    await home.until(await home.entityId(`${PULSE}_critical`), '1');
  });

  it('leads from the device to the page of Pulse', async () => {
    const device = (await world.home.device(PULSE)) as { configuration_url?: string } | undefined;
    assert.equal(device?.configuration_url?.replace(/\/$/, ''), pulse.url);
  });

  it('fires an event when the tools of an MCP server change', async () => {
    const { home } = world;
    const changed = await home.entityId('labkeeper_mcp_unifi_mcpserver_self_tools_changed');
    const tools = await home.entityId('labkeeper_mcp_unifi_mcpserver_self_tools');
    await home.until(tools, '3');
    await eventually('that somebody listens', () => mcp.streams > 0);
    await mcp.setTools([...(mcp.offer.tools ?? []), { name: 'delete_site', description: 'Deletes it' }]);
    await home.until(changed, ({ attributes }) => attributes.event_type === 'tools_changed');
    assert.equal(home.states[changed]?.attributes.added, 'delete_site');
    await home.until(tools, '4');
  });

  it('fires an event when an instrument reports an error', async () => {
    const { home } = world;
    const error = await home.entityId('labkeeper_scpi_supply_instrument_self_error');
    supply.errors.push('-222,"Data out of range"');
    // Its queue is asked once a minute.
    await home.until(error, ({ attributes }) => attributes.event_type === 'error', 90_000);
    assert.equal(home.states[error]?.attributes.code, -222);
  });
});
