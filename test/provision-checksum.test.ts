import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { systemClock } from '../addon/src/core/clock.ts';
import { publishedText } from '../addon/src/net/published-text.ts';
import { checksumIn, checksumOf } from '../addon/src/sources/proxmox/provision/checksum.ts';

const A = 'a'.repeat(64);
const B = 'B'.repeat(128);

suite('lists of checksums', () => {
  test('are read in every form that is about', () => {
    const list = `# made today\n${A}  one.img\n${B} *two.qcow2\r\n${A} ./sub.img\nSHA256 (three.raw) = ${A}\nnonsense\n`;
    assert.deepEqual(
      ['one.img', 'two.qcow2', 'sub.img', 'three.raw', 'ne.img', 'none'].map((file) =>
        checksumIn(list, file),
      ),
      [A, B.toLowerCase(), A, A, undefined, undefined],
    );
  });
});

suite('the checksum of an image', () => {
  async function served(listener: RequestListener, use: (base: string) => Promise<void>): Promise<void> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.close();
    }
  }
  const desk = { context: { owner: 'proxmox/home', clock: systemClock } } as never;
  const { signal } = new AbortController();
  const of = (given: string, url = 'https://images.example/x/one.img') =>
    checksumOf(desk, given, url, signal);

  test('is what was given, or what its publisher lists, wherever that is by now', async () => {
    assert.equal(await of(B), B.toLowerCase());
    await served(
      ({ url = '' }, response) => {
        if (url === '/SUMS') response.writeHead(302, { location: '/mirror/SUMS' }).end();
        else if (url === '/mirror/SUMS') response.end(`${A}  one.img\n`);
        else response.writeHead(404).end();
      },
      async (base) => {
        assert.equal(await of(`${base}/SUMS`), A);
        await assert.rejects(of(`${base}/SUMS`, 'https://images.example/x/other.img'), {
          code: 'input_invalid',
          message: /has no checksum of other\.img/,
        });
        await assert.rejects(of(`${base}/none`), { code: 'source_failed', message: /failed \(404\)/ });
      },
    );
  });

  test('is not looked for in circles, nor with who is no web server', async () => {
    await served(
      ({ url }, response) =>
        response.writeHead(302, { location: url === '/file' ? 'file:///etc/passwd' : '/again' }).end(),
      async (base) => {
        const text = (path: string) =>
          publishedText(`${base}${path}`, { name: 'x', clock: systemClock }, signal);
        await assert.rejects(text('/again'), /leads from one address to the next/);
        await assert.rejects(text('/file'), /leads to file:/);
      },
    );
  });
});
