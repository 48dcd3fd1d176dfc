import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { plex, web } from './helpers/executor.ts';
import { withServer } from './helpers/http.ts';

suite('what the integration in Home Assistant lives on', () => {
  test('which Labkeeper it is stays the same, and is told to who has a token only', async () => {
    await withServer({}, async ({ get, ask }) => {
      const { json } = await get('/api/app');
      assert.deepEqual(json, {
        id: 'c0ffee00-0000-4000-8000-000000000000',
        ...{ version: '0.1.0', api: 1, services: (await get('/api/services')).headers.etag },
      });
      for (const path of ['/api/app', '/api/services', '/api/graph'])
        assert.equal((await ask(path)).status, 401);
    });
  });

  test('the actions come as Home Assistant offers them, once', async () => {
    await withServer({}, async ({ get }) => {
      const first = await get('/api/services');
      assert.deepEqual(first.json.services.set_power.fields.power.selector, {
        select: { options: ['on', 'off'], mode: 'dropdown' },
      });
      const again = await get('/api/services', { 'if-none-match': first.headers.etag as string });
      assert.deepEqual([again.status, again.text], [304, '']);
    });
  });

  test('how the lab hangs together is no other one when only a reading differs', async () => {
    await withServer({}, async ({ get, store }) => {
      const first = await get('/api/graph');
      const known = first.json.resources.find(({ id }: { id: string }) => id === plex.id);
      assert.equal(known.device, 'labkeeper_docker_nas_container_media-plex-1-21440a7a');
      assert.deepEqual([known.kind, known.name, known.readings], ['container', 'plex', undefined]);
      const etag = first.headers.etag as string;
      const others = [...store.all()].filter(({ id }) => id !== web.id);
      store.replace(
        'docker/nas',
        others.map((one) => (one.id === plex.id ? { ...one, available: false } : one)).concat(web),
      );
      assert.equal((await get('/api/graph', { 'if-none-match': etag })).status, 304);
      store.replace('docker/nas', others);
      const later = await get('/api/graph', { 'if-none-match': etag });
      assert.equal(later.status, 200);
      assert.ok(!later.json.resources.some(({ id }: { id: string }) => id === web.id));
    });
  });

  test('an automation is told by its context, unless that is none', async () => {
    await withServer({}, async ({ act, token, get }) => {
      const as = (context: string) => ({
        token: token('homeassistant'),
        headers: { 'x-labkeeper-context': context },
      });
      const context = '01JD8XAZ9K6M0QJ3V5T7W2YB4C';
      await act('work', { target: plex.id, wait_s: 1 }, as(context));
      await act('work', { target: web.id, wait_s: 1 }, as('not one; DROP'));
      const users = (await get('/api/jobs')).json.jobs.map(({ user }: { user: string }) => user);
      assert.deepEqual(users.sort(), ['automation', `automation ${context}`]);
    });
  });
});
