import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { host, plex, web } from './helpers/executor.ts';
import { withServer } from './helpers/http.ts';
import { aFinding } from './helpers/samples.ts';

interface Received {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers
  readonly data: any;
}

/** A client of `/api/events` that reads as it is told. */
async function listen(port: number, token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const request = http.get({ host: '127.0.0.1', port, path: '/api/events', headers, agent: false });
  request.on('error', () => {});
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.setEncoding('utf8').on('error', () => {});
  const chunks = response[Symbol.asyncIterator]();
  let text = '';
  const block = async (): Promise<string> => {
    while (!text.includes('\n\n')) {
      const { value, done } = await chunks.next();
      if (done) return 'ended';
      text += value;
    }
    const [first = '', ...rest] = text.split('\n\n');
    text = rest.join('\n\n');
    return first;
  };
  const next = async (): Promise<Received> => {
    const lines = (await block()).split('\n');
    const field = (name: string): string =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
    return { event: field('event'), data: JSON.parse(field('data') || 'null') };
  };
  return { response, request, block, next };
}

suite('events', () => {
  test('tell of the lab and of jobs as they change', async () => {
    await withServer({}, async ({ port, token, store, submit, get }) => {
      const { next, response, request } = await listen(port, token('http'));
      assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
      const { event, data } = await next();
      assert.deepEqual([event, data.etag], ['hello', (await get('/api/lab')).headers.etag]);
      const renamed = { ...plex, name: 'Plex\n\nevent: job' };
      store.replace('docker/nas', [host, renamed]);
      const changed = await next();
      assert.equal(changed.event, 'lab');
      assert.deepEqual(
        changed.data.changed.map(({ name }: { name: string }) => name),
        [renamed.name],
      );
      assert.deepEqual(changed.data.removed, [web.id]);
      const { id } = submit();
      const states: string[] = [];
      for (let count = 0; count < 3; count += 1) {
        const job = await next();
        assert.deepEqual([job.event, job.data.id], ['job', id]);
        states.push(job.data.state);
      }
      assert.deepEqual(states, ['queued', 'running', 'succeeded']);
      request.destroy();
    });
  });

  test('tell of all that needs attention when it differs', async () => {
    await withServer({}, async ({ port, token, findings }) => {
      const { next, request } = await listen(port, token('http'));
      await next();
      findings.report('docker/nas', [aFinding()]);
      const { event, data } = await next();
      assert.deepEqual([event, data], ['findings', { findings: [{ ...aFinding(), owner: 'docker/nas' }] }]);
      request.destroy();
    });
  });

  test('show that they still stand', async () => {
    await withServer({}, async ({ port, token, clock }) => {
      const { block, request, next } = await listen(port, token('http'));
      await next();
      await clock.advance(25_000);
      assert.equal(await block(), ': still here');
      await clock.advance(25_000);
      assert.equal(await block(), ': still here');
      request.destroy();
      while (clock.waiting > 0) await new Promise(setImmediate);
    });
  });

  test('have a bounded number of listeners', async () => {
    await withServer({}, async ({ port, token, get }) => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => listen(port, token('http'))));
      const { status, json } = await get('/api/events');
      assert.deepEqual([status, json.code], [503, 'too_many_clients']);
      clients[0]?.request.destroy();
      let again = await listen(port, token('http'));
      while (again.response.statusCode !== 200) again = await listen(port, token('http'));
      for (const { request } of [...clients, again]) request.destroy();
    });
  });

  test('end for who does not read, and go on for the others', async () => {
    await withServer({}, async ({ port, token, store }) => {
      const reader = await listen(port, token('http'));
      await reader.next();
      const deaf = connect(port, '127.0.0.1');
      const closed = once(deaf, 'close');
      deaf.on('error', () => {});
      deaf.write(`GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token('http')}\r\n\r\n`);
      await once(deaf, 'data');
      deaf.pause();
      // Buffers of the system take some megabytes before any of it piles up here.
      for (let count = 0; count < 300; count += 1) {
        store.replace('docker/nas', [{ ...host, name: `${count} ${'x'.repeat(100_000)}` }, plex, web]);
        assert.match((await reader.next()).data.changed[0].name, new RegExp(`^${count} `));
      }
      let received = 0;
      deaf.on('data', (chunk) => {
        received += chunk.length;
      });
      deaf.resume();
      await closed;
      assert.ok(received < 300 * 100_000, `it was sent ${received} bytes`);
      reader.request.destroy();
    });
  });

  test('end with Labkeeper, and not after it', async () => {
    await withServer({}, async ({ port, token, server }) => {
      const { next, block } = await listen(port, token('http'));
      await next();
      await server.close();
      assert.equal(await block(), 'ended');
    });
  });
});
