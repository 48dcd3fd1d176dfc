import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createConnection, createLongLivedTokenAuth } from 'home-assistant-js-websocket';
import type { Section, Service, ServiceCatalogue } from '../../addon/src/homeassistant/services.ts';
import { Home } from '../parts/home.ts';
import { CARD, type Integrated, startIntegrated } from '../parts/integrated.ts';
import { act, ask, setUpIntegration, signInAs } from '../parts/integration.ts';
import { eventually } from '../parts/process.ts';
import { type Rewriting, rewritingProxy } from '../parts/rewriting-proxy.ts';

const WEB = 'proxmox/home/guest/101';
const IDENTIFIER = 'labkeeper_proxmox_home_guest_101';

/** What fields without an example hold. */
const VALUES: Readonly<Record<string, unknown>> = {
  ...{
    compose: 'services: {web: {image: "nginx:1"}}',
    job: 'none',
    name: 'test',
    node: 'pve2',
    profile: 'night',
  },
  ...{ pool: 'tank', snapshot: 'before' },
};

describe('the integration in a real Home Assistant', { timeout: 600_000 }, () => {
  let world: Integrated;
  let home: Home;
  let proxy: Rewriting;
  let catalogue: ServiceCatalogue;

  before(async () => {
    world = await startIntegrated('\nautomation: !include automations.yaml\n');
    home = world.home;
    proxy = await rewritingProxy(world.labkeeper.url);
    const answer = await fetch(`${world.labkeeper.url}/api/services`, {
      headers: { authorization: `Bearer ${world.token}` },
    });
    catalogue = (await answer.json()) as ServiceCatalogue;
  });
  after(async () => {
    await proxy?.close();
    await world?.stop();
  });

  it('is set up by address and token, once', async () => {
    const { homeAssistant, token } = world;
    const wrong = await setUpIntegration(homeAssistant, { url: proxy.url, token: 'lk_wrong' });
    assert.deepEqual(wrong.errors, { base: 'invalid_auth' });
    const step = await setUpIntegration(homeAssistant, { url: proxy.url, token });
    assert.equal(step.type, 'create_entry', JSON.stringify(step));
    assert.equal(step.result?.state, 'loaded');
    const again = await setUpIntegration(homeAssistant, { url: `${proxy.url}/`, token });
    assert.deepEqual([again.type, again.reason], ['abort', 'already_configured']);
  });

  it('offers every action as the app does, translated', async () => {
    const shown = await services();
    assert.deepEqual(Object.keys(shown).sort(), Object.keys(catalogue.services).sort());
    for (const [id, { fields }] of Object.entries(catalogue.services)) {
      assert.deepEqual(Object.keys(shown[id]?.fields ?? {}), Object.keys(fields), id);
    }
    const { resources } = await home.connection.sendMessagePromise<{ resources: Record<string, string> }>({
      ...{
        type: 'frontend/get_translations',
        language: 'de',
        category: 'services',
        integration: ['labkeeper'],
      },
    });
    assert.equal(resources['component.labkeeper.services.snapshot.name'], 'Snapshot erstellen');
  });

  it('carries an action out at a device, whatever that is called, and answers the job', async () => {
    const device = await eventually('the device', () => home.device(IDENTIFIER), 60_000);
    const update = { type: 'config/device_registry/update', device_id: device.id };
    await home.connection.sendMessagePromise({ ...update, name_by_user: 'The docker machine' });
    for (const device_id of [device.id, 'the docker machine', WEB]) {
      const { jobs } = await act(home, 'snapshot', {
        device_id,
        wait: 60,
        name: `by-${Math.random().toString(36).slice(2)}`,
      });
      assert.deepEqual(
        jobs?.map(({ state, target }) => [state, target]),
        [['succeeded', WEB]],
      );
    }
    const [entry] = await audit();
    assert.deepEqual([entry?.action, entry?.user, entry?.door], ['snapshot', 'dev', 'homeassistant']);
  });

  it('has a dry run of every action answered by the app', async () => {
    const { apps } = await lab();
    const planned: string[] = [];
    const missing: string[] = [];
    for (const [id, service] of Object.entries(catalogue.services)) {
      const target = service.kinds.includes('app')
        ? undefined
        : apps[0]?.resources.find(({ kind }) => service.kinds.includes(kind));
      if (target === undefined && !service.kinds.includes('app')) {
        missing.push(...service.kinds);
        continue;
      }
      const data = {
        ...given(service),
        dry_run: true,
        ...(target !== undefined && { device_id: target.id }),
      };
      try {
        const { plans } = await act(home, id, data);
        assert.equal(plans?.[0]?.action, id);
        planned.push(id);
      } catch (thrown) {
        // What cannot be done to just this thing: with the app's own words, so it came that far.
        const { translation_key, message } = thrown as { translation_key?: string; message: string };
        assert.equal(translation_key, 'refused', `${id}: ${message}`);
        assert.doesNotMatch(message, /input\.|internal|undefined/, id);
      }
    }
    assert.deepEqual(missing, []);
    assert.ok(planned.length > 25, `${planned.length} were planned: ${planned}`);
  });

  it('refuses a user who is no administrator what disrupts, and no automation', async () => {
    const { homeAssistant } = world;
    const user = await signInAs(homeAssistant, home, 'guest', 'guest');
    const auth = createLongLivedTokenAuth(homeAssistant.url, user);
    const theirs = new Home(await createConnection({ auth }));
    const reset = { device_id: WEB, confirm: true };
    await assert.rejects(act(theirs, 'guest_reset', reset), { message: 'Unauthorized' });
    assert.equal((await act(theirs, 'guest_reset', { ...reset, dry_run: true })).plans?.length, 1);
    const { jobs } = await act(theirs, 'restart', { device_id: WEB, wait: 60 });
    assert.equal(jobs?.[0]?.state, 'succeeded');
    theirs.close();
    // The app refuses as well, whatever Home Assistant says.
    const direct = await fetch(`${world.labkeeper.url}/api/actions/guest_reset`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${world.token}`, 'content-type': 'application/json' },
        ...{ 'x-labkeeper-user': 'guest', 'x-labkeeper-administrator': 'false' },
      },
      body: JSON.stringify({ target: WEB, input: {} }),
    });
    assert.equal(direct.status, 403);

    const before = (await audit()).length;
    await ask(homeAssistant, '/api/config/automation/config/resets', {
      alias: 'resets',
      triggers: [{ trigger: 'event', event_type: 'reset_it' }],
      actions: [{ action: 'labkeeper.guest_reset', data: { ...reset, wait: 60 } }],
    });
    await home.until('automation.resets', 'on');
    const entry = await eventually('its job', async () => {
      await ask(homeAssistant, '/api/events/reset_it', {});
      const all = await audit();
      return all.length > before && all.find(({ action }) => action === 'guest_reset');
    });
    assert.match(entry.user, /^automation [0-9A-Z]{26}$/);
    assert.equal(entry.decision, 'accepted');
  });

  it('says in words what the app refuses, and what is no target', async () => {
    const words = (data: object, action = 'guest_reset') =>
      act(home, action, data).then(
        () => assert.fail('it was not refused'),
        ({ message }: { message: string }) => message,
      );
    assert.match(await words({ device_id: 'nothing', confirm: true }), /The lab has no “nothing”/);
    assert.match(await words({ device_id: WEB }), /interrupts what runs/);
    const destroyed = { device_id: WEB, snapshot: 'before', confirm: 'another' };
    assert.match(await words(destroyed, 'delete_snapshot'), /cannot be taken back and was not confirmed/);
  });

  it('adds and changes actions while it runs, as a newer app has them', async () => {
    const brew: Service = {
      ...(catalogue.services.restart as Service),
      texts: {
        en: { name: 'Brew', description: 'Makes coffee.', fields: {}, sections: {} },
        de: { name: 'Brühen', description: 'Macht Kaffee.', fields: {}, sections: {} },
      },
    };
    const newer = { version: '99.0.0', services: { ...catalogue.services, brew } };
    proxy.rewrite('/api/services', newer, '"newer"');
    proxy.rewrite('/api/app', { ...(await app()), version: '99.0.0', services: '"newer"' });
    const shown = await eventually('the new action', async () => (await services()).brew, 60_000);
    assert.equal(shown.name, 'Brew');
    await assert.rejects(act(home, 'brew', { device_id: WEB }), { translation_key: 'refused' });
    proxy.rewrite('/api/services', undefined);
    proxy.rewrite('/api/app', undefined);
    await eventually('that it goes', async () => (await services()).brew === undefined, 60_000);
  });

  it('gives the card edges with devices, plans and jobs', async () => {
    const { apps } = await lab();
    const device = await home.device(IDENTIFIER);
    const guest = apps[0]?.resources.find(({ id }) => id === WEB);
    assert.deepEqual([guest?.device_id, guest?.parent !== undefined], [device?.id, true]);
    const { plan } = await home.connection.sendMessagePromise<{ plan: { steps: readonly object[] } }>({
      ...{ type: 'labkeeper/plan', action: 'set_power', target: WEB, input: { power: 'off' } },
    });
    assert.ok(plan.steps.length > 0);
    const { jobs } = await home.connection.sendMessagePromise<{ jobs: readonly { id: string }[] }>({
      ...{ type: 'labkeeper/jobs', limit: 3 },
    });
    assert.equal(jobs.length, 3);
    const { job } = await home.connection.sendMessagePromise<{ job: object }>({
      ...{ type: 'labkeeper/job', job: jobs[0]?.id },
    });
    assert.deepEqual(job, jobs[0]);
  });

  it('has dashboards load the card', async () => {
    const all = await home.connection.sendMessagePromise<{ url: string; type: string }[]>({
      type: 'lovelace/resources',
    });
    assert.deepEqual(
      all.map(({ type }) => type),
      ['module'],
    );
    assert.match(all[0]?.url ?? '', /^\/labkeeper\/labkeeper-card\.js\?v=[0-9a-f]{12}$/);
    const answer = await fetch(`${world.homeAssistant.url}${all[0]?.url}`);
    assert.deepEqual([answer.status, await answer.text()], [200, CARD]);
    assert.match(answer.headers.get('cache-control') ?? '', /max-age/);
  });

  it('tells in its diagnostics nothing that names the lab', async () => {
    const entries = (await ask(world.homeAssistant, '/api/config/config_entries/entry?domain=labkeeper')) as {
      entry_id: string;
    }[];
    const told = await ask(world.homeAssistant, `/api/diagnostics/config_entry/${entries[0]?.entry_id}`);
    const { data } = told as { data: { resources: Record<string, number> } };
    assert.ok((data.resources.guest ?? 0) > 2);
    const text = JSON.stringify(data);
    assert.ok(!text.includes(world.token) && !text.includes('127.0.0.1') && !text.includes('docker-host'));
  });

  it('takes the card away with the last app, and leaves the actions, which say that there is none', async () => {
    const { url, token } = world.homeAssistant;
    const path = '/api/config/config_entries/entry';
    const [entry] = (await ask(world.homeAssistant, `${path}?domain=labkeeper`)) as { entry_id: string }[];
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}${path}/${entry?.entry_id}`, { method: 'DELETE', headers });
    assert.equal(answer.status, 200);
    assert.deepEqual(await home.connection.sendMessagePromise({ type: 'lovelace/resources' }), []);
    assert.deepEqual(Object.keys(await services()).sort(), Object.keys(catalogue.services).sort());
    await assert.rejects(act(home, 'start_lab'), { translation_key: 'not_set_up' });
  });

  it('leaves no complaint in Home Assistant’s log but that the app was away', () => {
    const lines = world.homeAssistant.log().split('\n');
    const ours = lines.filter((line) => /labkeeper/i.test(line) && !/mqtt/.test(line));
    const suspicious = ours.filter(
      (line) =>
        !/has not been tested|cannot be reached|not ready yet|refused|Unauthorized|The lab has no|No Labkeeper is set up/.test(
          line,
        ),
    );
    assert.deepEqual(suspicious, []);
  });

  const services = async (): Promise<Record<string, Shown>> => {
    const all = await home.connection.sendMessagePromise<Record<string, Record<string, Shown>>>({
      type: 'get_services',
    });
    return all.labkeeper ?? {};
  };

  const lab = (): Promise<{ apps: readonly { resources: readonly Thing[] }[] }> =>
    home.connection.sendMessagePromise({ type: 'labkeeper/lab' });

  const read = async (what: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${world.token}` };
    return (await fetch(`${world.labkeeper.url}${what}`, { headers })).json();
  };
  const app = (): Promise<object> => read('/api/app') as Promise<object>;
  const audit = async (): Promise<readonly Entry[]> =>
    ((await read('/api/audit?limit=500')) as { entries: readonly Entry[] }).entries;
});

/** What the fields of an action hold that have to. */
function given({ fields }: Service): Record<string, unknown> {
  const own = Object.entries(fields).filter(([key, field]) => key !== 'device_id' && !isSection(field));
  return Object.fromEntries(
    own.flatMap(([key, field]) => {
      if (isSection(field) || field.required !== true) return [];
      const { select, number } = field.selector as {
        select?: { options: string[] };
        number?: { min?: number };
      };
      const value = select?.options[0] ?? (number === undefined ? VALUES[key] : (number.min ?? 1));
      return [[key, field.example ?? value ?? 'x']];
    }),
  );
}

const isSection = (field: Service['fields'][string]): field is Section => 'fields' in field;

interface Shown {
  readonly name?: string;
  readonly fields: Readonly<Record<string, object>>;
}

interface Thing {
  readonly id: string;
  readonly kind: string;
  readonly parent?: string;
  readonly device_id: string | null;
}

interface Entry {
  readonly action: string;
  readonly user: string;
  readonly door: string;
  readonly decision: string;
}
