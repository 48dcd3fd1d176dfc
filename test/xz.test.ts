import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterEach, suite, test } from 'node:test';
import { XZ_EDGE, XzError, xzTailBytes, xzUnpackedBytes } from '../addon/src/core/xz.ts';
import { publishedFile, publishedPart } from '../addon/src/net/published-file.ts';
import { steady } from '../addon/src/net/steady.ts';
import { hasXz, unpacked } from '../addon/src/net/xz-run.ts';
import { FakeClock, settled } from './helpers/fake-clock.ts';
import { fileServer, SMALL_XZ as SMALL } from './helpers/file-server.ts';

const skip = hasXz() ? false : 'no xz here';
const sizeOf = (file: Buffer): number =>
  xzUnpackedBytes(file.subarray(-xzTailBytes(file.subarray(-XZ_EDGE))), file.length);
const packed = (data: Buffer, ...more: readonly string[]): Buffer =>
  execFileSync('xz', ['-c', ...more], { input: data, maxBuffer: 64 * 1024 ** 2 });

async function all(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const list: Buffer[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return Buffer.concat(list);
}

suite('the size of what is in an .xz file', () => {
  test('stands in its index', () => {
    assert.equal(sizeOf(SMALL), 15);
  });

  test('is read of many blocks, and of files as large as they get', { skip }, () => {
    const data = randomBytes(3_000_001);
    assert.equal(sizeOf(packed(data, '-0', '--block-size=10000')), data.length);
    assert.equal(sizeOf(packed(Buffer.alloc(40_000_000))), 40_000_000);
    assert.equal(sizeOf(packed(Buffer.alloc(0))), 0);
  });

  test('is not guessed where the file is damaged, something else, or of several streams', () => {
    const wrong = (file: Buffer, message: RegExp): void => {
      assert.throws(() => sizeOf(file), { constructor: XzError, message });
    };
    wrong(Buffer.alloc(200), /does not end as/);
    wrong(Buffer.concat([SMALL, SMALL]), /several streams/);
    wrong(SMALL.subarray(0, -1), /does not end as/);
    for (let at = SMALL.length - 20; at < SMALL.length; at += 1) {
      const flipped = Buffer.from(SMALL);
      flipped.writeUInt8((flipped[at] ?? 0) ^ 1, at);
      assert.throws(() => sizeOf(flipped), XzError, `byte ${at}`);
    }
  });
});

suite('unpacking by xz', { skip }, () => {
  const never = { name: 'proxmox/home', signal: new AbortController().signal };
  const inPieces = async function* (file: Buffer, size = 10_000): AsyncGenerator<Buffer> {
    for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
  };

  test('gives back what was packed', async () => {
    const data = randomBytes(2_000_000);
    assert.ok((await all(unpacked(inPieces(packed(data, '-0')), never))).equals(data));
    assert.equal((await all(unpacked(inPieces(SMALL, 7), never))).toString('latin1'), 'QFI\xfbsmall image');
  });

  test('says what is wrong with a file', async () => {
    const of = (file: Buffer) => all(unpacked(inPieces(file), never));
    const file = packed(randomBytes(1_000_000), '-0');
    await assert.rejects(of(file.subarray(0, 500_000)), {
      code: 'source_failed',
      message: /cannot be unpacked: .*Unexpected end of input/,
    });
    await assert.rejects(of(Buffer.from('nonsense')), /File format not recognized/);
    // It gives up long before all has come.
    await assert.rejects(of(Buffer.alloc(5_000_000)), /File format not recognized/);
  });

  test('passes on why no more comes, and stops when it is told to', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield SMALL.subarray(0, 40);
      throw new Error('the line broke');
    };
    await assert.rejects(all(unpacked(broken(), never)), /the line broke/);
    const stop = new AbortController();
    const waiting = async function* (): AsyncGenerator<Buffer> {
      yield SMALL.subarray(0, 40);
      await new Promise((_, reject) =>
        stop.signal.addEventListener('abort', () => reject(stop.signal.reason)),
      );
    };
    const ended = all(unpacked(waiting(), { ...never, signal: stop.signal }));
    await settled();
    stop.abort(new Error('no more'));
    await assert.rejects(ended, /no more/);
  });
});

test('without the program xz, says so', async () => {
  const before = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    assert.equal(hasXz(), false);
    const { signal } = new AbortController();
    const chunks = unpacked(
      (async function* () {
        yield SMALL;
      })(),
      { name: 'proxmox/home', signal },
    );
    await assert.rejects(all(chunks), { code: 'source_failed', message: /no program xz/, hint: /xz-utils/ });
  } finally {
    process.env.PATH = before;
  }
});

suite('what comes in fits and starts', () => {
  test('goes on little by little while nothing comes, and is what it was in the end', async () => {
    const clock = new FakeClock();
    const data = randomBytes(600_000);
    const gate = Promise.withResolvers<void>();
    const source = async function* (): AsyncGenerator<Buffer> {
      for (let at = 0; at < 400_000; at += 50_000) yield data.subarray(at, at + 50_000);
      await gate.promise;
      yield data.subarray(400_000);
    };
    const got: Buffer[] = [];
    const done = (async () => {
      for await (const chunk of steady(source(), clock)) got.push(chunk);
    })();
    const size = (): number => Buffer.concat(got).length;
    await clock.advance(0);
    const first = size();
    assert.ok(first > 0 && first < 400_000, `${first}`);
    await clock.advance(20_000);
    assert.equal(size(), first + 10 * 1024);
    await clock.advance(3_600_000);
    assert.equal(size(), 400_000, 'there is nothing left to send');
    gate.resolve();
    await clock.advance(0);
    await done;
    assert.ok(Buffer.concat(got).equals(data));
    assert.equal(clock.waiting, 0);
  });

  test('ends as it ends', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(400_000);
      throw new Error('the line broke');
    };
    await assert.rejects(all(steady(broken(), new FakeClock())), /the line broke/);
  });
});

suite('a file that somebody publishes', () => {
  let server: Awaited<ReturnType<typeof fileServer>> | undefined;
  afterEach(() => server?.close());
  const asked = { name: 'proxmox/home', signal: new AbortController().signal };
  const data = randomBytes(300_000);

  test('is found wherever its address leads to, whole or in part', async () => {
    server = await fileServer(data);
    const url = `${server.base}/releases/1/a.xz`;
    assert.ok((await all(publishedFile(url, asked))).equals(data));
    const part = await publishedPart(url, 100, 199, asked);
    assert.deepEqual([part?.data.equals(data.subarray(100, 200)), part?.total], [true, data.length]);
    server.givesParts = false;
    assert.equal(await publishedPart(url, 100, 199, asked), undefined);
  });

  test('that is not there, or breaks off, is an error that says so', async () => {
    server = await fileServer(data);
    const { base } = server;
    await assert.rejects(all(publishedFile(`${base}/other`, asked)), {
      code: 'source_failed',
      message: /GET http.*\/other failed \(404\)/,
    });
    server.breaksAfter = 100_000;
    await assert.rejects(all(publishedFile(`${base}/releases/1/a.xz`, asked)), { code: 'unreachable' });
    server.close();
    await assert.rejects(all(publishedFile(`${base}/releases/1/a.xz`, asked)), {
      code: 'unreachable',
      hint: /nothing listens there/,
    });
  });

  test('is let go of when nobody wants it any more', async () => {
    server = await fileServer(data);
    server.stopsAfter = 100;
    server.goOn = new Promise(() => {});
    const stop = new AbortController();
    const ended = all(publishedFile(`${server.base}/releases/1/a.xz`, { ...asked, signal: stop.signal }));
    while (server.open === 0) await settled();
    stop.abort(new Error('no more'));
    await assert.rejects(ended, /no more/);
    while (server.open > 0) await settled();
  });
});
