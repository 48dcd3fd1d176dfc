import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ServiceCatalogue } from '../../addon/src/homeassistant/services.ts';
import { CARD, type Integrated, startIntegrated } from '../parts/integrated.ts';
import { act, ask, setUpIntegration } from '../parts/integration.ts';
import { eventually } from '../parts/process.ts';
import { type Rewriting, rewritingProxy } from '../parts/rewriting-proxy.ts';

const WEB = 'proxmox/home/guest/101';
const CARD_PATH = 'custom_components/labkeeper/www/labkeeper-card.js';

describe('the integration in a Home Assistant that is started again', { timeout: 600_000 }, () => {
  let world: Integrated;
  let proxy: Rewriting;
  let catalogue: ServiceCatalogue;
  let cardAtFirst: string;

  before(async () => {
    world = await startIntegrated('\nrepairs:\n');
    const { homeAssistant, home, labkeeper, token } = world;
    proxy = await rewritingProxy(labkeeper.url);
    // A newer app, with an action that the integration was not shipped with.
    catalogue = (await read('/api/services')) as ServiceCatalogue;
    const { restart } = catalogue.services;
    const newer = { version: '99.0.0', services: { ...catalogue.services, brew: restart } };
    proxy.rewrite('/api/services', newer, '"newer"');
    proxy.rewrite('/api/app', { ...((await read('/api/app')) as object), services: '"newer"' });
    const step = await setUpIntegration(homeAssistant, { url: proxy.url, token });
    assert.equal(step.result?.state, 'loaded', JSON.stringify(step));
    await eventually('the newer action', async () => (await actions()).includes('brew'), 60_000);
    await eventually('the device', () => home.device('labkeeper_proxmox_home_guest_101'), 60_000);
    [cardAtFirst = ''] = await resources();
    // In storage mode there is nothing for a person to do.
    assert.deepEqual(await issues(), []);
  });
  after(async () => {
    await proxy?.close();
    await world?.stop();
  });

  it('starts while the app is down, with a newer card', async () => {
    const { homeAssistant, labkeeper, folder } = world;
    await homeAssistant.end();
    await labkeeper.end();
    await writeFile(path.join(folder, CARD_PATH), `${CARD}// newer\n`);
    await startAgain();
    // Now and then it is just trying.
    await eventually('that it waits', async () => (await stateOfEntry()) === 'setup_retry');
  });

  it('has every action all the same, also those that a newer app told of, translated', async () => {
    assert.deepEqual(await actions(), [...Object.keys(catalogue.services), 'brew'].sort());
    const names = await translations('services');
    for (const [id, { texts }] of Object.entries(catalogue.services))
      assert.equal(names[`component.labkeeper.services.${id}.name`], texts.de.name);
  });

  it('says in words of the user’s language that the app is not there', async () => {
    for (const [action, data] of [
      ['restart', { device_id: WEB }],
      ['brew', { device_id: WEB }],
      ['start_lab', {}],
    ] as const) {
      const refusal = await act(world.home, action, data).then(
        () => assert.fail(`${action} was not refused`),
        (thrown: Refusal) => thrown,
      );
      const { translation_domain, translation_key, translation_placeholders, message } = refusal;
      assert.deepEqual([translation_domain, translation_key], ['labkeeper', 'not_loaded']);
      assert.deepEqual(translation_placeholders, { app: 'Labkeeper' });
      assert.match(message, /Labkeeper cannot be reached at present. See whether it runs/);
    }
    const words = await translations('exceptions');
    assert.match(
      words['component.labkeeper.exceptions.not_loaded.message'] ?? '',
      /\{app\}.*nicht erreichbar/,
    );
  });

  it('works as soon as the app is up, without another start', async () => {
    await world.labkeeper.start();
    const { jobs } = await eventually(
      'that the action is carried out',
      () => act(world.home, 'restart', { device_id: WEB, wait: 60 }),
      120_000,
    );
    assert.deepEqual([jobs?.[0]?.state, jobs?.[0]?.target], ['succeeded', WEB]);
    assert.equal(await stateOfEntry(), 'loaded');
  });

  it('has dashboards load the newer card, once', async () => {
    const [url = '', ...others] = await resources();
    assert.deepEqual(others, []);
    assert.notEqual(url, cardAtFirst);
    assert.equal(await served(url), `${CARD}// newer\n`);
  });

  it('says so as well when the app goes down later, and works again when it is back', async () => {
    await world.labkeeper.end();
    await assert.rejects(act(world.home, 'restart', { device_id: WEB }), {
      ...{ translation_domain: 'labkeeper', translation_key: 'unreachable' },
    });
    await world.labkeeper.start();
    const { jobs } = await eventually(
      'that the action is carried out',
      () => act(world.home, 'restart', { device_id: WEB, wait: 60 }),
      60_000,
    );
    assert.equal(jobs?.[0]?.state, 'succeeded');
  });

  it('gives the line for the card where resources of dashboards are written in YAML', async () => {
    const { homeAssistant, folder } = world;
    const file = path.join(folder, 'configuration.yaml');
    const configuration = await readFile(file, 'utf8');
    await homeAssistant.end();
    await writeFile(file, `${configuration}lovelace:\n  resource_mode: yaml\n  resources: []\n`);
    await startAgain();
    const [issue] = await eventually('the repair', async () => {
      const all = await issues();
      return all.length > 0 && all;
    });
    assert.equal(issue?.translation_key, 'resources_yaml');
    const line = issue?.translation_placeholders?.line ?? '';
    assert.equal(await served(line), `${CARD}// newer\n`);

    await homeAssistant.end();
    const written = `lovelace:\n  resource_mode: yaml\n  resources:\n    - url: ${line}\n      type: module\n`;
    await writeFile(file, `${configuration}${written}`);
    await startAgain();
    await eventually('the entry', async () => (await stateOfEntry()) === 'loaded', 120_000);
    assert.deepEqual(await resources(), [line]);
    assert.deepEqual(await issues(), []);
  });

  /** Until it has started whole; what it tells comes over the connection that was there before. */
  const startAgain = async (): Promise<void> => {
    await world.homeAssistant.start();
    await eventually('Home Assistant has started', () => world.home.isRunning(), 120_000);
  };

  const send = <T>(message: { readonly type: string; readonly [key: string]: unknown }): Promise<T> =>
    world.home.connection.sendMessagePromise<T>(message);

  const actions = async (): Promise<readonly string[]> =>
    Object.keys((await send<Record<string, object>>({ type: 'get_services' })).labkeeper ?? {}).sort();

  const translations = async (category: string): Promise<Readonly<Record<string, string>>> => {
    const wanted = { type: 'frontend/get_translations', language: 'de', integration: ['labkeeper'] };
    return (await send<{ resources: Record<string, string> }>({ ...wanted, category })).resources;
  };

  const resources = async (): Promise<readonly string[]> =>
    (await send<readonly { readonly url: string }[]>({ type: 'lovelace/resources' })).map(({ url }) => url);

  const issues = async (): Promise<readonly Issue[]> =>
    (await send<{ issues: readonly Issue[] }>({ type: 'repairs/list_issues' })).issues.filter(
      ({ domain }) => domain === 'labkeeper',
    );

  const stateOfEntry = async (): Promise<string | undefined> => {
    const path = '/api/config/config_entries/entry?domain=labkeeper';
    const [entry] = (await ask(world.homeAssistant, path)) as readonly { readonly state: string }[];
    return entry?.state;
  };

  const served = async (url: string): Promise<string> => {
    const answer = await fetch(`${world.homeAssistant.url}${url}`);
    return answer.status === 200 ? answer.text() : `status ${answer.status}`;
  };

  const read = async (what: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${world.token}` };
    return (await fetch(`${world.labkeeper.url}${what}`, { headers })).json();
  };
});

interface Refusal {
  readonly message: string;
  readonly translation_domain?: string;
  readonly translation_key?: string;
  readonly translation_placeholders?: Readonly<Record<string, string>>;
}

interface Issue {
  readonly domain: string;
  readonly translation_key: string;
  readonly translation_placeholders: Readonly<Record<string, string>> | null;
}
