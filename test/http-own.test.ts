import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LogTail } from '../addon/src/core/log-tail.ts';
import { plex } from './helpers/executor.ts';
import { withServer } from './helpers/http.ts';

const INGRESS = '127.0.0.9';
const asUser = (id: string) => ({ from: INGRESS, headers: { 'x-remote-user-id': id } });
const underIngress = { ingress: INGRESS, isAdministrator: async (id: string) => id === 'admin' };

suite('what Labkeeper tells of itself', () => {
  test('says to everybody what they may do', async () => {
    await withServer({ ...underIngress, allow: 'operate' }, async ({ ask, get }) => {
      assert.deepEqual((await get('/api/me')).json, {
        ...{ user: 'http', door: 'http', administrator: null, may: 'operate', owner: false },
      });
      assert.deepEqual((await ask('/api/me', asUser('admin'))).json, {
        ...{ user: 'admin', door: 'homeassistant', administrator: true, may: 'destroy', owner: true },
      });
      assert.deepEqual((await ask('/api/me', asUser('child'))).json, {
        ...{ user: 'child', door: 'homeassistant', administrator: false, may: 'observe', owner: false },
      });
    });
  });

  test('shows tokens to who runs it, and to nobody with a token', async () => {
    await withServer(underIngress, async ({ ask, get, token }) => {
      const { json } = await ask('/api/tokens', asUser('admin'));
      assert.deepEqual(
        json.tokens.map((one: { name: string; token: string }) => [one.name, one.token]),
        [
          ['homeassistant', token('homeassistant')],
          ['http', token('http')],
        ],
      );
      for (const answer of [await get('/api/tokens'), await ask('/api/tokens', asUser('child'))]) {
        assert.deepEqual([answer.status, answer.json.code], [403, 'administrator_required']);
        assert.doesNotMatch(answer.text, /lk_/);
      }
    });
  });

  test('has the end of its log, and what came since', async () => {
    const tail = new LogTail();
    for (const line of ['one\n', 'two\n', 'three\n']) tail.add(line);
    const ownLog = (after: number, most: number) => tail.after(after, most);
    await withServer({ ...underIngress, ownLog }, async ({ ask, get }) => {
      const { lines } = (await get('/api/app/log')).json;
      assert.deepEqual(
        lines.map(({ text }: { text: string }) => text),
        ['one', 'two', 'three'],
      );
      assert.deepEqual((await get(`/api/app/log?after=${lines[1].seq}`)).json.lines, [
        { seq: 3, text: 'three' },
      ]);
      assert.equal((await ask('/api/app/log', asUser('child'))).json.code, 'administrator_required');
    });
  });

  test('keeps only so much of its log', () => {
    const tail = new LogTail();
    for (let line = 1; line <= 3_000; line += 1) tail.add(`line ${line}\n`);
    const kept = tail.after(0, 10_000);
    assert.equal(kept.length, 2_000);
    assert.deepEqual(kept.at(-1), { seq: 3_000, text: 'line 3000' });
    tail.add('x'.repeat(399_999));
    assert.ok(tail.after(0, 10_000).length < 5, 'a few long lines push the others out');
  });

  test('lists what was deleted in Home Assistant', async () => {
    const deleted = [{ id: 'docker/nas/container/web', name: 'web', at: '2026-01-01T00:00:00.000Z' }];
    await withServer({ deleted }, async ({ get }) => {
      assert.deepEqual((await get('/api/deleted')).json, { deleted });
    });
  });

  test('brings deleted devices back, once', async () => {
    const brought: string[] = [];
    const publication = {
      isDeleted: (id: string) => id === plex.id && brought.length === 0,
      bringBack: (id: string) => void brought.push(id),
    };
    await withServer({ capabilities: { publication } }, async ({ act }) => {
      const { json } = await act('bring_back', { target: plex.id, wait_s: 5 });
      assert.deepEqual([json.job.state, brought], ['succeeded', [plex.id]]);
      const again = await act('bring_back', { target: plex.id });
      assert.deepEqual([again.status, again.json.code], [422, 'target_unsuitable']);
      assert.match(again.json.message, /plex was not deleted in Home Assistant/);
    });
  });

  test('gives diagnostics as a file', async () => {
    await withServer({ ...underIngress, diagnostics: () => ({ version: '1' }) }, async ({ ask, get }) => {
      const { headers, json } = await get('/api/diagnostics');
      assert.match(
        String(headers['content-disposition']),
        /^attachment; filename="labkeeper-diagnostics\.json"$/,
      );
      assert.deepEqual(json, { version: '1' });
      assert.equal((await ask('/api/diagnostics', asUser('child'))).json.code, 'administrator_required');
    });
  });
});
