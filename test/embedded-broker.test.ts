import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { startEmbeddedBroker } from '../addon/src/mqtt/embedded-broker.ts';

// Hangs (the test file never ends): the Aedes instance whose port was taken is never closed, its heartbeat timer stays.
test('a broker whose port is taken leaves nothing running', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  await assert.rejects(startEmbeddedBroker('127.0.0.1', (server.address() as { port: number }).port), {
    code: 'port_taken',
  });
});
