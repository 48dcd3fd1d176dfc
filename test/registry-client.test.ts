import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { systemClock } from '../addon/src/core/clock.ts';
import type { RegistryOptions } from '../addon/src/sources/docker/registry/config.ts';
import { type ImageReference, parseReference } from '../addon/src/sources/docker/registry/reference.ts';
import { Registries } from '../addon/src/sources/docker/registry/registries.ts';
import { makeCertificate } from '../simulators/proxmox/certificate.ts';
import {
  type Manners,
  type RegistrySimulator,
  startRegistrySimulator,
} from '../simulators/registry/server.ts';
import { FakeClock } from './helpers/fake-clock.ts';

const certificate = makeCertificate({ name: 'registry', hosts: ['localhost', '127.0.0.1'] });
const { signal } = new AbortController();
const LOGIN = { username: 'robot', password: 'pull only, please' };
const BASIC = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;

suite('a client of image registries', () => {
  const running: RegistrySimulator[] = [];
  const opened: Registries[] = [];
  let clock: FakeClock;
  /** Under a name that says nothing of where it is, as behind a proxy. */
  let registry: RegistrySimulator;

  beforeEach(async () => {
    clock = new FakeClock();
    registry = await start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((client) => client.close()));
    await Promise.all(running.splice(0).map((server) => server.close()));
  });

  async function start(manners: Partial<Manners> = {}): Promise<RegistrySimulator> {
    const server = await startRegistrySimulator({ certificate, clock }, manners);
    running.push(server);
    return server;
  }
  const optionsFor = (server: RegistrySimulator, more: Partial<RegistryOptions> = {}): RegistryOptions => ({
    host: 'registry.lan',
    url: server.url,
    fingerprint: certificate.fingerprint,
    ...more,
  });
  function client(more: Partial<RegistryOptions> = {}, others: readonly RegistryOptions[] = []): Registries {
    const made = new Registries([optionsFor(registry, more), ...others], { name: 'docker/nas', clock });
    opened.push(made);
    return made;
  }
  const image = (text = 'registry.lan/team/app:1'): ImageReference => parseReference(text) as ImageReference;
  /** Requests wait for their turn by the clock, and go over real sockets. */
  async function passing<T>(answer: Promise<T>): Promise<T> {
    let over = false;
    const ended = answer.finally(() => {
      over = true;
    });
    ended.catch(() => {});
    while (!over) {
      // Real sockets take real time: deadlines must not pass meanwhile.
      await new Promise((done) => setTimeout(done, 5));
      if (!over) await clock.advance(100);
    }
    return ended;
  }
  const lines = (server = registry): string[] =>
    server.seen.map(({ method, path }) => `${method} ${path.split('?')[0]}`);

  test('learns what a tag points at with one HEAD, of the index where there is one', async () => {
    const { digest, manifests } = registry.contents.push('team/app', '1');
    assert.equal(await passing(client().digestOf(image(), signal)), digest);
    assert.ok(!Object.values(manifests).includes(digest));
    assert.deepEqual(lines(), ['HEAD /v2/team/app/manifests/1']);
    assert.match(
      registry.seen[0]?.accept ?? '',
      /image\.index.*manifest\.list.*image\.manifest.*manifest\.v2/,
    );
  });

  test('a tag that is gone is an answer', async () => {
    assert.equal(await passing(client().digestOf(image(), signal)), undefined);
  });

  test('asks with GET where HEAD tells nothing, and takes the digest of what came', async () => {
    const { digest } = registry.contents.push('team/app', '1');
    for (const odd of [{ noHead: true }, { noDigest: true }, { noHead: true, noDigest: true }]) {
      Object.assign(registry.manners, { noHead: false, noDigest: false, ...odd });
      assert.equal(await passing(client().digestOf(image(), signal)), digest);
    }
    assert.equal(lines().filter((line) => line.startsWith('GET')).length, 3);
  });

  test('gets a token as nobody in particular, and keeps it until it runs out', async () => {
    registry.contents.push('team/app', '1');
    registry.manners.auth = 'token';
    const asking = client();
    const ask = () => passing(asking.digestOf(image(), signal));
    await ask();
    await ask();
    assert.deepEqual(lines(), [
      'HEAD /v2/team/app/manifests/1',
      'GET /token',
      'HEAD /v2/team/app/manifests/1',
      'HEAD /v2/team/app/manifests/1',
    ]);
    assert.equal(registry.seen[1]?.authorization, undefined);
    assert.equal(registry.seen[1]?.path, '/token?service=registry.test&scope=repository%3Ateam%2Fapp%3Apull');
    await clock.advance(300_000);
    registry.seen.length = 0;
    await ask();
    assert.deepEqual(lines(), ['GET /token', 'HEAD /v2/team/app/manifests/1']);
  });

  test('a token that is refused before its time is got anew, once', async () => {
    registry.contents.push('team/app', '1');
    Object.assign(registry.manners, { auth: 'token', tokenSeconds: 20 });
    const asking = client();
    await passing(asking.digestOf(image(), signal));
    // It says 20 s, and less than 60 no service may give: it is taken for good until then.
    await clock.advance(30_000);
    registry.seen.length = 0;
    assert.ok(await passing(asking.digestOf(image(), signal)));
    assert.deepEqual(lines(), [
      'HEAD /v2/team/app/manifests/1',
      'GET /token',
      'HEAD /v2/team/app/manifests/1',
    ]);
  });

  test('logs in at the token service for what is private', async () => {
    const { digest } = registry.contents.push('team/app', '1');
    Object.assign(registry.manners, { auth: 'token', isPublic: () => false });
    await assert.rejects(passing(client().digestOf(image(), signal)), {
      code: 'credentials_refused',
      hint: /private or does not exist/,
    });
    registry.seen.length = 0;
    assert.equal(await passing(client(LOGIN).digestOf(image(), signal)), digest);
    assert.deepEqual(
      registry.seen.map(({ path, authorization }) => [path.split('?')[0], authorization?.split(' ')[0]]),
      [
        ['/v2/team/app/manifests/1', undefined],
        ['/token', 'Basic'],
        ['/v2/team/app/manifests/1', 'Bearer'],
      ],
    );
  });

  test('logs in with a password where that is the way', async () => {
    const { digest } = registry.contents.push('team/app', '1');
    registry.manners.auth = 'basic';
    assert.equal(await passing(client(LOGIN).digestOf(image(), signal)), digest);
    assert.equal(registry.seen.at(-1)?.authorization, BASIC);
    const wrong = passing(client({ ...LOGIN, password: 'wrong horse' }).digestOf(image(), signal));
    await assert.rejects(wrong, (error: Error & { code: string }) => {
      assert.equal(error.code, 'credentials_refused');
      assert.doesNotMatch(JSON.stringify([error.message, error]), /wrong horse|pull only/);
      return true;
    });
  });

  test('tells nobody else’s token service the password', async () => {
    const thief = await start({ auth: 'token' });
    registry.contents.push('team/app', '1');
    Object.assign(registry.manners, {
      auth: 'token',
      realm: `${thief.url.replace('127.0.0.1', 'localhost')}/token`,
    });
    await assert.rejects(passing(client(LOGIN).digestOf(image(), signal)), {
      code: 'credentials_refused',
      message: /sends logins to localhost/,
    });
    // Nor one without TLS, on its own host.
    registry.manners.realm = `${registry.url.replace('https:', 'http:')}/token`;
    await assert.rejects(passing(client(LOGIN).digestOf(image(), signal)), { code: 'source_failed' });
    assert.deepEqual(thief.seen, []);
    assert.ok(registry.seen.every(({ authorization }) => authorization === undefined));
  });

  test('carries no password and no token along to where a redirect leads', async () => {
    const other = await start();
    const { digest } = other.contents.push('team/app', '1');
    Object.assign(registry.manners, { auth: 'token', redirect: { to: other.url } });
    const known = optionsFor(other, { host: 'other.lan' });
    assert.equal(await passing(client(LOGIN, [known]).digestOf(image(), signal)), digest);
    assert.match(registry.seen.at(-1)?.authorization ?? '', /^Bearer /);
    assert.deepEqual(
      other.seen.map(({ path, authorization }) => [path, authorization]),
      [['/v2/team/app/manifests/1', undefined]],
    );
    // One that wants a login gets that of its own, if there is one.
    other.seen.length = 0;
    Object.assign(other.manners, { auth: 'basic', username: 'other', password: 'other secret' });
    const asOther = { ...known, username: 'other', password: 'other secret' };
    await assert.rejects(passing(client(LOGIN, [known]).digestOf(image(), signal)), {
      code: 'credentials_refused',
    });
    assert.ok(other.seen.every(({ authorization }) => authorization === undefined));
    assert.equal(await passing(client(LOGIN, [asOther]).digestOf(image(), signal)), digest);
  });

  test('follows no redirect to this machine', async () => {
    const other = await start();
    other.contents.push('team/app', '1');
    registry.manners.redirect = { to: other.url };
    await assert.rejects(passing(client().digestOf(image(), signal)), {
      code: 'source_failed',
      message: /where nobody should go/,
    });
    assert.deepEqual(other.seen, []);
  });

  test('asks no storage that a redirect leads to as anybody', async () => {
    const { digest } = registry.contents.push('team/app', '1');
    const [config = ''] = registry.contents.blobs.keys();
    Object.assign(registry.manners, { auth: 'basic' });
    const storage = await start({ auth: 'basic' });
    storage.contents.blobs.set(config, registry.contents.blobs.get(config) as never);
    const asking = client(LOGIN, [optionsFor(storage, { host: 'storage.lan' })]);
    await passing(asking.digestOf(image(), signal));
    registry.manners.redirect = { to: storage.url, path: `/storage/blobs/${config}` };
    assert.ok(await passing(asking.blob(image(), config, signal)));
    assert.deepEqual(
      storage.seen.map(({ authorization }) => authorization),
      [undefined],
    );
    assert.ok(digest);
  });

  test('follows a redirect on its own host, and not for ever', async () => {
    registry.contents.push('team/app', '1');
    registry.manners.redirect = { to: registry.url };
    await assert.rejects(passing(client().digestOf(image(), signal)), {
      message: /from one place to the next/,
    });
    assert.equal(registry.seen.length, 4);
    for (const to of ['http://example.com', 'file:///etc/passwd', 'https://user@example.com', 'ftp://x']) {
      registry.manners.redirect = { to };
      await assert.rejects(passing(client().digestOf(image(), signal)), {
        message: /where nobody should go/,
      });
    }
  });

  test('asks one thing at a time, with a second in between', async () => {
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) registry.contents.push(`team/${name}`, '1');
    registry.manners.delayMs = 200;
    const asking = client();
    await passing(
      Promise.all(names.map((name) => asking.digestOf(image(`registry.lan/team/${name}:1`), signal))),
    );
    assert.equal(registry.mostAtOnce, 1);
    const times = registry.seen.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    assert.equal(gaps.length, 3);
    assert.ok(
      gaps.every((gap) => gap >= 1_200),
      `${gaps}`,
    );
  });

  test('leaves a registry alone for as long as it says', async () => {
    registry.contents.push('team/app', '1');
    registry.manners.tooMany = { retryAfter: '120' };
    const asking = client();
    const ask = () => passing(asking.digestOf(image(), signal));
    await assert.rejects(ask(), { code: 'too_many_requests' });
    registry.manners.tooMany = undefined;
    await clock.advance(100_000);
    await assert.rejects(ask(), { code: 'too_many_requests', message: /takes no requests for 1 min/ });
    assert.equal(registry.seen.length, 1);
    await clock.advance(20_000);
    assert.ok(await ask());
  });

  const waits: [title: string, retryAfter: string | undefined, stillClosedS: number, openS: number][] = [
    ['a time', 'Thu, 01 Jan 2026 00:10:00 GMT', 590, 620],
    ['nothing', undefined, 1_790, 1_810],
    ['nonsense', 'soon', 1_790, 1_810],
    ['a year', '31536000', 21_590, 21_610],
    ['a time that is over', 'Mon, 01 Jan 2024 00:00:00 GMT', 3, 10],
  ];
  for (const [title, retryAfter, stillClosed, open] of waits) {
    test(`takes ${title} for how long to wait`, async () => {
      registry.contents.push('team/app', '1');
      registry.manners.tooMany = retryAfter === undefined ? {} : { retryAfter };
      const asking = client();
      const ask = () => passing(asking.digestOf(image(), signal));
      await assert.rejects(ask(), { code: 'too_many_requests' });
      const began = clock.elapsed();
      registry.manners.tooMany = undefined;
      await clock.advance(began - clock.elapsed() + stillClosed * 1_000 - 1_000);
      await assert.rejects(ask(), { code: 'too_many_requests' });
      await clock.advance((open - stillClosed) * 1_000);
      assert.ok(await ask());
    });
  }

  test('reads an image’s papers, and believes them only if their digest is right', async () => {
    const pushed = registry.contents.push('team/app', '1', { labels: { a: 'b' } });
    const asking = client();
    const index = (await passing(asking.manifest(image(), pushed.digest, signal))) as {
      manifests: unknown[];
    };
    assert.equal(index.manifests.length, 2);
    const forged = registry.contents.manifests.get(pushed.digest);
    assert.ok(forged);
    registry.contents.manifests.set(pushed.digest, { ...forged, bytes: Buffer.from('{"manifests":[]}') });
    await assert.rejects(passing(asking.manifest(image(), pushed.digest, signal)), {
      message: /not what its digest says/,
    });
  });

  test('does not spend a user’s last pulls', async () => {
    const { digest } = registry.contents.push('team/app', '1');
    registry.manners.remaining = 9;
    const asking = client();
    assert.equal(await passing(asking.digestOf(image(), signal)), digest);
    await assert.rejects(passing(asking.manifest(image(), digest, signal)), { code: 'too_many_requests' });
    assert.equal(registry.manners.remaining, 9);
    registry.manners.remaining = 50;
    await passing(asking.digestOf(image(), signal));
    assert.ok(await passing(asking.manifest(image(), digest, signal)));
    assert.equal(registry.manners.remaining, 49);
  });

  test('does not look for the engine’s own machine on this one', async () => {
    const registries = new Registries([], { name: 'docker/nas', clock: systemClock });
    opened.push(registries);
    await assert.rejects(registries.digestOf(image(`${registry.host}/team/app:1`), signal), {
      code: 'source_refused',
      hint: /registries/,
    });
    assert.deepEqual(registry.seen, []);
  });

  test('sends nothing to one that shows another certificate', async () => {
    const asking = client({ ...LOGIN, fingerprint: 'ab'.repeat(32) });
    await assert.rejects(passing(asking.digestOf(image(), signal)), { code: 'certificate_refused' });
    assert.deepEqual(registry.seen, []);
  });

  test('a failing registry is an error that names it', async () => {
    for (const status of [500, 503, 418]) {
      registry.manners.fails = status;
      const asked = passing(client().digestOf(image(), signal));
      await assert.rejects(asked, { code: 'source_failed', message: /registry registry\.lan failed/ });
    }
  });
});
