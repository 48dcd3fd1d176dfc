import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { systemClock } from '../addon/src/core/clock.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { HttpClient } from '../addon/src/net/http-client.ts';
import type { Trust } from '../addon/src/net/trust.ts';
import { makeCertificate } from '../simulators/proxmox/certificate.ts';
import { settled } from './helpers/fake-clock.ts';

suite('a client of an HTTP server', () => {
  const own = makeCertificate({ name: 'lab', hosts: ['localhost', '127.0.0.1'] });
  const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-http-'));
  const ca = path.join(folder, 'ca.pem');
  const requests: string[] = [];
  const clients: HttpClient[] = [];
  let url = '';
  /** What the server does with the next requests; the last one for all that follow. */
  let answers: ((response: import('node:http').ServerResponse, socket: Socket) => void)[] = [];
  const server = https.createServer({ key: own.key, cert: own.cert }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    request.resume().on('end', () => answer?.(response, request.socket));
  });

  before(async () => {
    writeFileSync(ca, own.cert);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function client(trust: Trust = { fingerprint: own.fingerprint }, at = url) {
    requests.length = 0;
    const meter = new Meter(systemClock);
    const made = new HttpClient({ url: at, name: 'test/lab', trust, clock: systemClock, meter });
    clients.push(made);
    return { client: made, meter };
  }
  const fine = (response: import('node:http').ServerResponse): void => void response.end('fine');

  test('takes any status as an answer, with the words beside it', async () => {
    answers = [(response) => response.writeHead(500, 'VM 101 already running').end('{"data":null}')];
    const { client: lab, meter } = client();
    const { status, statusText, body } = await lab.read({ path: '/x?y=1' });
    assert.deepEqual([status, statusText, body], [500, 'VM 101 already running', '{"data":null}']);
    assert.deepEqual(requests, ['GET /x?y=1']);
    assert.equal(meter.calls, 1);
    assert.equal(meter.traffic().errors, 0);
  });

  test('trusts an authority, everybody, or the pinned certificate, and nobody else', async () => {
    answers = [fine];
    for (const trust of [{ ca }, { verify: false }, { fingerprint: own.fingerprint.toLowerCase() }]) {
      assert.equal((await client(trust).client.read({ path: '/' })).body, 'fine', JSON.stringify(trust));
    }
    await assert.rejects(client({}).client.read({ path: '/' }), {
      code: 'certificate_refused',
      hint: /self-signed/,
    });
    const other = makeCertificate({ name: 'lab', hosts: ['127.0.0.1'] });
    const { client: pinned } = client({ fingerprint: other.fingerprint, verify: false });
    const headers = { authorization: 'secret' };
    await assert.rejects(pinned.write({ path: '/', headers, body: '{}' }), {
      code: 'certificate_refused',
      message: /another certificate/,
      hint: new RegExp(own.fingerprint.replaceAll(':', '').toLowerCase()),
    });
    assert.deepEqual(requests, [], 'nothing was sent to the wrong one');
  });

  test('asks once more for what it reads when the connection breaks, and never sends a change twice', async () => {
    answers = [(_, socket) => socket.destroy(), fine];
    const { client: lab, meter } = client();
    assert.equal((await lab.read({ path: '/a' })).body, 'fine');
    assert.deepEqual(requests.splice(0), ['GET /a', 'GET /a']);
    assert.equal(meter.traffic().errors, 1);
    answers = [(_, socket) => socket.destroy()];
    await assert.rejects(lab.write({ path: '/b', body: '{}' }), { code: 'unreachable' });
    assert.deepEqual(requests, ['POST /b']);
  });

  test('sends what comes bit by bit as one, as fast as it is taken', async () => {
    let body = '';
    let length: string | undefined;
    const sink = createServer((request, response) => {
      length = request.headers['content-length'];
      request.setEncoding('latin1').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => response.end('fine'));
    }).listen(0, '127.0.0.1');
    await once(sink, 'listening');
    const { client: lab } = client({}, `http://127.0.0.1:${(sink.address() as AddressInfo).port}`);
    const chunks = (async function* () {
      for (const letter of 'abc') yield Buffer.alloc(500_000, letter);
    })();
    const answer = await lab.write({ path: '/up', body: { bytes: 1_500_000, chunks } });
    assert.deepEqual([answer.body, length, body.length], ['fine', '1500000', 1_500_000]);
    assert.match(body, /^a+b+c+$/);
    sink.close();
  });

  test('sends no more of that once it breaks, is answered, or nobody takes it', async (t) => {
    let asked = 0;
    const forever = async function* (): AsyncGenerator<Buffer> {
      for (;;) {
        asked += 1;
        yield Buffer.alloc(100_000);
        await settled();
      }
    };
    let answer: (response: import('node:http').ServerResponse, socket: Socket) => void = fine;
    const sink = createServer((request, response) => {
      request.once('data', () => answer(response, request.socket));
    }).listen(0, '127.0.0.1');
    await once(sink, 'listening');
    t.after(() => {
      sink.close();
      sink.closeAllConnections();
    });
    const at = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
    const send = (chunks: AsyncIterable<Buffer>) =>
      client({}, at).client.write({ path: '/up', body: { bytes: 1e12, chunks } });
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 20; turn += 1) await settled();
    };
    const isQuiet = async (): Promise<boolean> => {
      // What was asked for before may still come.
      await turns();
      const before = asked;
      await turns();
      return asked === before;
    };

    answer = (response) => response.writeHead(501, 'No space left').end();
    assert.equal((await send(forever())).statusText, 'No space left');
    assert.ok(await isQuiet());
    answer = (_, socket) => socket.destroy();
    await assert.rejects(send(forever()), { code: 'unreachable' });
    assert.ok(await isQuiet());
    answer = () => {};
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10);
      throw new Error('the line broke');
    };
    await assert.rejects(send(broken()), /the line broke/);
  });

  test('ends on time, also in the middle of an answer', async () => {
    answers = [(response) => response.writeHead(200).write('half of')];
    const { client: lab } = client();
    await assert.rejects(lab.read({ path: '/slow', deadlineMs: 150 }), {
      code: 'deadline_passed',
      message: /test\/lab: GET \/slow/,
    });
  });

  test('names what is wrong with a cut, an endless or no answer', async () => {
    answers = [
      (response, socket) =>
        response.writeHead(200, { 'content-length': '99' }).write('x', () => socket.destroy()),
    ];
    await assert.rejects(client().client.write({ method: 'GET', path: '/' }), { code: 'unreachable' });
    answers = [(response) => response.end(Buffer.alloc(17 * 1024 ** 2))];
    await assert.rejects(client().client.read({ path: '/' }), {
      code: 'source_failed',
      message: /larger than 16 MiB/,
    });
    const { client: nobody } = client({}, 'https://127.0.0.1:1');
    await assert.rejects(nobody.read({ path: '/' }), { code: 'unreachable', hint: /nothing listens/ });
  });
});
