import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bundlePage } from '../scripts/build/page.ts';
import { withServer } from './helpers/http.ts';

suite('the page as it is sent', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-page-'));
    await bundlePage(path.join(folder, 'page'));
  });
  after(() => rm(folder, { recursive: true }));
  const built = () => ({ pageFolder: path.join(folder, 'page') });

  test('runs nothing but its own modules, and has no address but such beside it', async () => {
    await withServer({ ...built(), openOnLoopback: true }, async ({ ask }) => {
      const { status, text, headers } = await ask('/');
      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8']);
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.match(policy, /frame-ancestors 'self'/, 'Home Assistant frames it');
      assert.doesNotMatch(text, /(src|href|action)=["']?(\/|https?:)/);
      assert.doesNotMatch(text, /<script(?![^>]*src=)|<style| on[a-z]+=/, 'the policy would block it');
      const [, entry = ''] = /<script type="module" src="(assets\/page-[A-Z0-9]+\.js)">/.exec(text) ?? [];
      const module = await ask(`/${entry}`);
      assert.deepEqual(
        [module.status, module.headers['content-type']],
        [200, 'text/javascript; charset=utf-8'],
      );
      for (const name of await readdir(path.join(folder, 'page/assets'))) {
        const code = await readFile(path.join(folder, 'page/assets', name), 'utf8');
        assert.doesNotMatch(code, /\b(from|import)\s*\(?"(\/|https?:)/, `${name} is found wherever it lies`);
      }
    });
  });

  test('is kept by browsers for as long as it is the same', async () => {
    await withServer({ ...built(), openOnLoopback: true }, async ({ ask }) => {
      const page = await ask('/');
      assert.equal(page.headers['cache-control'], 'no-cache', 'it is asked for each time');
      const again = await ask('/', { headers: { 'if-none-match': String(page.headers.etag) } });
      assert.deepEqual([again.status, again.text], [304, '']);
      const [, entry = ''] = /src="([^"]+)"/.exec(page.text) ?? [];
      assert.match(String((await ask(`/${entry}`)).headers['cache-control']), /^private, .*immutable$/);
    });
  });

  test('is sent packed to who takes that', async () => {
    await withServer({ ...built(), openOnLoopback: true }, async ({ ask, port }) => {
      const { text } = await ask('/');
      const [, entry = ''] = /src="([^"]+)"/.exec(text) ?? [];
      const plain = await ask(`/${entry}`);
      assert.equal(plain.headers['content-encoding'], undefined);
      const packed = await fetch(`http://127.0.0.1:${port}/${entry}`, {
        headers: { 'accept-encoding': 'gzip' },
      });
      assert.equal(packed.headers.get('content-encoding'), 'gzip');
      assert.equal(await packed.text(), plain.text);
      assert.ok(Number(packed.headers.get('content-length')) < plain.text.length / 2);
      assert.throws(() => gunzipSync(Buffer.from(plain.text)));
    });
  });

  test('is those files and no other', async () => {
    await withServer({ ...built(), openOnLoopback: true }, async ({ ask }) => {
      for (const name of [
        ...[
          '/assets/..%2findex.html',
          '/assets/../../package.json',
          '/assets/%2e%2e%2f%2e%2e%2fx',
          '/assets/',
        ],
        ...['/assets/constructor', '/index.html', '/assets/page.js', '//etc/passwd', '/assets/..%5cx'],
      ]) {
        const { status, json } = await ask(name);
        assert.deepEqual([status, json.code], [404, 'route_unknown'], name);
      }
    });
  });

  test('asks for a token, as all else does', async () => {
    await withServer(built(), async ({ ask, get }) => {
      for (const where of ['/', '/assets/page.js']) assert.equal((await ask(where)).status, 401);
      assert.equal((await get('/')).status, 200);
    });
  });

  test('says what to do where it was not built', async () => {
    await withServer({ pageFolder: path.join(folder, 'elsewhere') }, async ({ get }) => {
      const { status, json } = await get('/');
      assert.deepEqual([status, json.code], [422, 'target_missing']);
      assert.match(json.hint, /npm run build/);
    });
  });
});
