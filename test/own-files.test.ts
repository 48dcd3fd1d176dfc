import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { filesOf } from '../addon/src/app/files.ts';
import { loadRecipes } from '../addon/src/config/recipes.ts';
import type { OwnFiles } from '../addon/src/contract/own-file.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { withServer } from './helpers/http.ts';

const PROFILES = 'profiles:\n  - id: night\n    title: Night\n    off: [web]\n';

async function filesIn(t: TestContext): Promise<{ files: OwnFiles; folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-files-'));
  t.after(() => rm(folder, { recursive: true }));
  return { folder, files: filesOf(folder, ACTIONS).files as OwnFiles };
}

suite('files that people write', () => {
  test('are listed with what there is to begin with, and with what is wrong', async (t) => {
    const { files, folder } = await filesIn(t);
    await writeFile(path.join(folder, 'styles.yaml'), 'styles: none\n');
    const all = await files.list();
    assert.deepEqual(
      all.filter(({ exists }) => exists).map(({ path, faults }) => [path, faults]),
      [['styles.yaml', [{ line: 1, path: 'styles', message: 'must be a list' }]]],
    );
    const pulse = all.find(({ path }) => path === 'recipes/pulse.yaml');
    assert.deepEqual(pulse, {
      ...{ path: 'recipes/pulse.yaml', title: 'Recipe Pulse', counts: 'at once' },
      ...{ exists: false, shipped: true, faults: [] },
    });
  });

  test('begin as what comes with Labkeeper, which is sound', async (t) => {
    const { files } = await filesIn(t);
    for (const { path: name, shipped } of await files.list()) {
      const { text, etag } = await files.read(name);
      assert.equal(etag, undefined);
      assert.equal(text !== '', shipped, name);
      if (shipped) assert.deepEqual(await files.check(name, text), [], name);
    }
  });

  test('say in which line something is wrong', async (t) => {
    const { files } = await filesIn(t);
    const wrong = PROFILES.replace('title: Night', 'titel: Night');
    assert.deepEqual(await files.check('power-profiles.yaml', wrong), [
      { line: 2, path: 'profiles[0].title', message: 'is missing' },
      {
        ...{ line: 3, path: 'profiles[0].titel' },
        message: 'there is no such key here; did you mean “title”?',
      },
    ]);
    const [fault] = await files.check('power-profiles.yaml', 'profiles:\n  - id: [night\n');
    assert.equal(fault?.path, undefined);
    assert.equal(fault?.line, 3, 'where the bracket is missing');
  });

  test('are written whole, read back, and count', async (t) => {
    const { files, folder } = await filesIn(t);
    const name = 'recipes/pulse.yaml';
    const { text } = await files.read(name);
    const own = text.replace('title: Pulse', 'title: Our Pulse');
    const { etag } = await files.write(name, own, undefined);
    assert.deepEqual(await files.read(name), { text: own, etag });
    assert.equal((await loadRecipes(folder, [])).recipes[0]?.title, 'Our Pulse');
    assert.deepEqual(await readdir(path.join(folder, 'recipes')), ['pulse.yaml'], 'and nothing beside it');
    await files.remove(name, etag);
    assert.equal((await files.read(name)).etag, undefined);
  });

  test('are not written when they are wrong, or when somebody else wrote them meanwhile', async (t) => {
    const { files, folder } = await filesIn(t);
    const name = 'power-profiles.yaml';
    await assert.rejects(files.write(name, 'profiles: 3\n', undefined), {
      ...{ code: 'input_invalid', message: 'power-profiles.yaml: profiles: must be a list' },
    });
    const { etag } = await files.write(name, PROFILES, undefined);
    await assert.rejects(files.write(name, PROFILES, undefined), { code: 'target_changed' });
    await writeFile(path.join(folder, name), `# mine\n${PROFILES}`);
    await assert.rejects(files.write(name, PROFILES, etag), { code: 'target_changed' });
    await assert.rejects(files.remove(name, etag), { code: 'target_changed' });
    assert.match(await readFile(path.join(folder, name), 'utf8'), /^# mine/);
  });

  test('are those and no others', async (t) => {
    const { files } = await filesIn(t);
    for (const name of [
      ...['../options.json', 'recipes/../../x.yaml', '/etc/passwd', 'recipes/.x.yaml', 'recipes/a/b.yaml'],
      ...['recipes/X.yaml', 'recipes/x.yml', 'other.yaml', 'constructor', ''],
    ]) {
      for (const attempt of [
        () => files.read(name),
        () => files.check(name, ''),
        () => files.write(name, '', undefined),
        () => files.remove(name, ''),
      ]) {
        await assert.rejects(attempt, { code: 'target_unknown' }, name);
      }
    }
  });
});

suite('files over HTTP', () => {
  test('are read by who may do more than look, and written by who may make things', async (t) => {
    const { files } = await filesIn(t);
    await withServer({ files, allow: 'destroy' }, async ({ ask, token, tokenFor, log }) => {
      const by = (name: string, asking: object, where = '/api/files/text') =>
        ask(where, { token: name, ...asking });
      const body = { path: 'power-profiles.yaml', text: PROFILES, etag: null };
      const put = { method: 'PUT', body };
      const operator = tokenFor('operator', 'http', 'operate');
      assert.equal((await by(operator, put)).json.code, 'ceiling_exceeded');
      const written = await by(token('http'), put);
      assert.equal(written.status, 200);
      assert.ok(log.lines.some((line) => line.includes('power-profiles.yaml was written')));

      const query = '/api/files/text?path=power-profiles.yaml';
      assert.deepEqual((await by(operator, {}, query)).json, { text: PROFILES, etag: written.json.etag });
      const looker = tokenFor('looker', 'http', 'observe');
      for (const where of [query, '/api/files']) {
        assert.equal((await by(looker, {}, where)).json.code, 'ceiling_exceeded', where);
      }
      const wrong = { method: 'POST', body: { path: 'styles.yaml', text: 'styles: 1\n' } };
      assert.deepEqual((await by(operator, wrong, '/api/files/check')).json.faults[0], {
        ...{ line: 1, path: 'styles', message: 'must be a list' },
      });
      const gone = `${query}&etag=${written.json.etag}`;
      assert.equal((await by(operator, { method: 'DELETE' }, gone)).json.code, 'ceiling_exceeded');
      assert.equal((await by(token('http'), { method: 'DELETE' }, gone)).status, 204);
      assert.equal((await by(operator, {}, query)).json.etag, null);
    });
  });

  test('say what is missing where there is no folder for them', async () => {
    await withServer({}, async ({ get }) => {
      const { status, json } = await get('/api/files');
      assert.deepEqual([status, json.code], [422, 'target_missing']);
      assert.match(json.hint, /LABKEEPER_CONFIG/);
    });
  });
});
