import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { type Alias, alias } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { endpointsOf, serverOf } from '../addon/src/sources/mcp/map.ts';

const container = (name: string, ...aliases: readonly Alias[]): LabResource =>
  ({
    ...{ id: `docker/lab/container/${name}`, kind: 'container', name, available: true },
    ...{ readings: {}, facts: {}, aliases },
  }) as unknown as LabResource;

/** What a server at this address hangs under. */
async function parentOf(url: string, things: readonly LabResource[], stated?: string) {
  const store = new Store<LabResource>();
  const offers = { tools: true, resources: false, prompts: false, news: false };
  const greeting = { protocol: '2025-11-25', latencyMs: 3, name: 'x', title: undefined, version: '1' };
  const seen = {
    ...{ greeting: { ...greeting, website: undefined, offers }, way: 'http' as const },
    ...{ tools: new Map(), resources: undefined, templates: undefined, prompts: undefined },
  };
  const knownBy = await endpointsOf(new URL(url));
  const place = { owner: 'mcp/unifi', title: 'UniFi', url: new URL(url), container: stated, knownBy };
  store.replace('mcp/unifi', [serverOf(seen, place)]);
  store.replace('docker/lab', things);
  return store.get('mcp/unifi/mcpserver/self')?.parent;
}

suite('an MCP server hangs under', () => {
  const published = container('mcp-unifi', alias('endpoint', '10.0.20.11:8000'));
  const other = container('mcp-scpi', alias('endpoint', '10.0.20.11:8001'));

  test('the container that publishes its port, and not the one beside it', async () => {
    assert.equal(await parentOf('http://10.0.20.11:8000/mcp', [published, other]), published.id);
    assert.equal(await parentOf('http://10.0.20.11:8001/sse', [published, other]), other.id);
  });

  test('nothing at a port that nobody publishes, or that two do', async () => {
    assert.equal(await parentOf('http://10.0.20.11:9000/mcp', [published, other]), undefined);
    const rival = container('rival', alias('endpoint', '10.0.20.11:8000'));
    assert.equal(await parentOf('http://10.0.20.11:8000/mcp', [published, rival]), undefined);
  });

  test('nothing by an address of this machine, which is another one’s there', async () => {
    const local = container('local', alias('endpoint', '127.0.0.1:8000'));
    assert.equal(await parentOf('http://127.0.0.1:8000/mcp', [local]), undefined);
  });

  test('what a person says', async () => {
    assert.equal(await parentOf('http://10.0.20.11:8000/mcp', [published, other], other.id), other.id);
  });
});
