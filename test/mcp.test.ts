import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { type McpSimulator, startMcpSimulator } from '../simulators/mcp/index.ts';
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
});
