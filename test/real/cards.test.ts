import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { bundleCard, CARD } from '../../scripts/build/card.ts';
import { rtx3090, startGpuExporter, work } from '../../simulators/gpu/index.ts';
import { axeOf } from '../parts/axe.ts';
import { DESKTOP, type Look, PHONE, signedIn, startBrowser } from '../parts/browser.ts';
import { keepDashboard } from '../parts/dashboard.ts';
import { type Integrated, startIntegrated } from '../parts/integrated.ts';
import { setUpIntegration } from '../parts/integration.ts';
import { eventually } from '../parts/process.ts';

/** What is to be read in each view: of the lab, of its lists, of the app itself. */
const VIEWS = {
  topology: '8 disks',
  resources: 'Power draw',
  network: 'VLAN 20',
  storage: 'never backed up',
  ai: 'LoRA fine-tuning',
  'build-out': 'Foundation',
  jobs: 'Snapshot · docker-host',
};

describe('The cards in the frontend of a real Home Assistant', { timeout: 600_000 }, () => {
  let all: Integrated;
  let browser: Browser;
  const ends: (() => Promise<unknown>)[] = [];

  before(async () => {
    await bundleCard();
    const card = rtx3090();
    work(card, 0.6);
    const exporter = await startGpuExporter({ cards: [card] });
    ends.push(() => exporter.close());
    const prices = { price: 350, cloud_price: 0.5, electricity_price: 0.25, currency: '£' };
    const gpu = [{ id: 'ai', title: 'AI', url: exporter.url, guest: 'proxmox/home/guest/101', ...prices }];
    all = await startIntegrated('', {}, { card: await readFile(CARD, 'utf8'), options: { gpu } });
    ends.push(all.stop);
    browser = await startBrowser();
    ends.push(() => browser.close());
    const { url } = all.labkeeper;
    const step = await setUpIntegration(all.homeAssistant, { url, token: all.token });
    assert.equal(step.type, 'create_entry');
    await eventually('the guests', async () => {
      const states = await all.home.connection.sendMessagePromise<readonly { entity_id: string }[]>({
        type: 'get_states',
      });
      return (
        states.filter(({ entity_id }) => /^switch\.(dev_test|docker_host)_power$/.test(entity_id)).length ===
        2
      );
    });
  });

  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  /** A page of Home Assistant with these cards, and what went wrong on it. */
  async function show(
    cards: readonly object[],
    look: Look = DESKTOP,
  ): Promise<{ readonly page: Page; readonly wrong: string[]; close(): Promise<void> }> {
    const sections = [{ type: 'grid', column_span: 4, cards }];
    return open({ views: [{ title: 'Lab', type: 'sections', max_columns: 4, sections }] }, look);
  }

  async function open(config: object, look: Look = DESKTOP) {
    await keepDashboard(all.home, 'lab-test', config);
    const { page, context } = await signedIn(browser, all.homeAssistant, look);
    const wrong: string[] = [];
    page.on('pageerror', ({ message, stack = '' }) => {
      // Home Assistant's own mistakes are not ours.
      if (stack.includes('labkeeper-card')) wrong.push(message);
    });
    await page.goto(`${all.homeAssistant.url}/lab-test`);
    return { page, wrong, close: () => context.close() };
  }

  const view = (name: string): object => ({
    ...{ type: 'custom:labkeeper-card', view: name, grid_options: { columns: 'full' } },
  });

  const box = (page: Page, name: string): Locator =>
    page
      .locator('labkeeper-branch')
      .getByRole('button', { name: new RegExp(`^${name} ?, `) })
      .first();

  it('are loaded from the resource that the integration made, by a browser that has nothing and by one that has it', async () => {
    const { page, close } = await show([view('topology')]);
    for (const cache of ['cold', 'warm']) {
      await box(page, 'docker-host').waitFor();
      assert.equal(await page.locator('hui-error-card').count(), 0, cache);
      await page.reload();
    }
    await close();
  });

  it('show what runs on what', async () => {
    const { page, wrong, close } = await show([view('topology')]);
    await box(page, 'docker-host').waitFor();
    const node = page.getByRole('region', { name: 'Node pve1' });
    await node.getByRole('region', { name: 'Guest docker-host' }).waitFor();
    const stack = node.getByRole('region', { name: 'Stack media' });
    await stack.getByRole('button', { name: /^jellyfin ?, Container/ }).waitFor();
    assert.deepEqual(wrong, []);
    await close();
  });

  it('stop a guest after a confirmation, and follow it', async () => {
    const { page, wrong, close } = await show([view('topology')]);
    const guest = all.lab.cluster.guests.find(({ spec }) => spec.name === 'pulse');
    await box(page, 'pulse').click();
    const dialog = page.getByRole('dialog', { name: 'pulse' });
    await dialog.getByRole('button', { name: 'Shut down' }).first().click();
    const plan = dialog.getByRole('region', { name: 'What would happen' });
    await plan.getByRole('listitem').first().waitFor();
    assert.equal(guest?.status, 'running', 'not before it is confirmed');
    await plan.getByRole('button', { name: 'Shut down' }).click();
    await eventually('the guest has stopped', () => guest?.status === 'stopped', 60_000);
    await dialog.getByRole('button', { name: 'Close' }).click();
    const head = page.locator('labkeeper-branch').getByRole('button', { name: /^pulse ?, stopped/ });
    await head.waitFor({ timeout: 60_000 });
    await head.click();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await eventually('the guest runs', () => guest?.status === 'running', 60_000);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page
      .locator('labkeeper-branch')
      .getByRole('button', { name: /^pulse ?, running/ })
      .waitFor({ timeout: 60_000 });
    assert.deepEqual(wrong, []);
    await close();
  });

  it('say what a snapshot would do, take it, and follow it to its end', async () => {
    const { page, close } = await show([view('topology')]);
    await box(page, 'docker-host').click();
    const dialog = page.getByRole('dialog', { name: 'docker-host' });
    await dialog.getByRole('button', { name: 'Snapshot' }).first().click();
    const plan = dialog.getByRole('region', { name: 'What would happen' });
    await plan.getByText('POST /nodes/pve1/qemu/101/snapshot').waitFor();
    await plan.getByRole('button', { name: 'Snapshot' }).click();
    await dialog.getByRole('region', { name: 'Snapshot' }).getByText('done').waitFor({ timeout: 60_000 });
    await close();
  });

  it('want the name typed before something is destroyed', async () => {
    const { page, close } = await show([view('topology')]);
    await box(page, 'R640').click();
    const dialog = page.getByRole('dialog', { name: 'R640' });
    await dialog.getByRole('button', { name: 'Force off' }).click();
    const confirm = dialog.getByRole('region', { name: 'What would happen' });
    const input = confirm.getByLabel('Type “R640” to confirm');
    await input.waitFor();
    const button = confirm.getByRole('button', { name: 'Force off' });
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await input.fill('R64');
    assert.equal(await button.getAttribute('aria-disabled'), 'true', 'another name');
    await input.fill('R640');
    assert.equal(await button.getAttribute('aria-disabled'), 'false');
    await close();
  });

  it('open Home Assistant’s own dialog of an entity', async () => {
    const { page, close } = await show([view('topology')]);
    await box(page, 'docker-host').click();
    const dialog = page.getByRole('dialog', { name: 'docker-host' });
    await dialog.getByText('IP address', { exact: true }).locator('..').getByRole('button').click();
    await page.locator('ha-more-info-dialog').getByText('IP address').first().waitFor();
    await close();
  });

  it('are worked by keys alone', async () => {
    const { page, close } = await show([view('topology')]);
    await box(page, 'docker-host').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'docker-host' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    const again = page.getByRole('button', { name: 'Fold docker-host', exact: true });
    await again.focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Unfold docker-host', exact: true }).waitFor();
    assert.equal(await page.getByRole('region', { name: 'Stack media' }).count(), 0);
    await close();
  });

  it('have each a view of its own, and none of them a violation that axe finds, light and dark', async () => {
    for (const look of [DESKTOP, { ...PHONE, dark: true }]) {
      for (const [name, text] of Object.entries(VIEWS)) {
        const { page, wrong, close } = await show([view(name)], look);
        await page.locator('labkeeper-card').getByText(text).first().waitFor();
        const { violations, rules } = await axeOf(page, 'labkeeper-card');
        assert.deepEqual(violations, [], `${name}, ${look.dark ? 'dark' : 'light'}`);
        assert.ok(rules > 5, 'axe has looked');
        assert.deepEqual(wrong, [], name);
        await close();
      }
    }
  });

  it('ask for the history of all graphs once, and for none that is out of sight', async () => {
    const { page, close } = await show([{ type: 'markdown', content: 'nothing yet' }]);
    const asked: { readonly type: string; readonly entity_ids?: readonly string[] }[] = [];
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        asked.push(...[JSON.parse(String(payload))].flat());
      });
    });
    const streams = (): readonly (readonly string[])[] =>
      asked.filter(({ type }) => type === 'history/stream').map(({ entity_ids = [] }) => entity_ids);
    await keepDashboard(all.home, 'lab-test', { views: [{ panel: true, cards: [view('resources')] }] });
    await page.reload();
    await page.locator('labkeeper-graph canvas').first().waitFor();
    await page.waitForTimeout(1_000);
    const [first = [], ...more] = streams();
    assert.equal(new Set(first).size, await page.locator('labkeeper-graph').count());
    assert.deepEqual(more, [], 'for all at once');
    await page.setViewportSize({ width: 1_440, height: 250 });
    await page.waitForTimeout(1_000);
    const last = streams().at(-1) ?? [];
    assert.ok(
      last.length > 0 && last.length < first.length,
      `${last.length} of ${first.length} are in sight`,
    );
    await close();
  });

  it('make a whole dashboard of nothing', async () => {
    const { page, close } = await open({ strategy: { type: 'custom:labkeeper' } });
    await box(page, 'docker-host').waitFor();
    await page.goto(`${all.homeAssistant.url}/lab-test/network`);
    await page.locator('labkeeper-network').getByText('VLAN 20').waitFor();
    await close();
  });

  it('are offered by the picker, and set up by its form', async () => {
    const { page, wrong, close } = await show([view('jobs')]);
    await page.locator('labkeeper-card h2').waitFor();
    await page.goto(`${all.homeAssistant.url}/lab-test?edit=1`);
    await page.locator('hui-grid-section .add').first().click();
    await page.getByText('By card', { exact: true }).click();
    await page
      .getByPlaceholder(/Search/)
      .last()
      .fill('labkeeper');
    const offered = page.locator('hui-card-picker .card', { hasText: 'Labkeeper' });
    await offered.nth(3).waitFor();
    await offered.first().click();
    const form = page.locator('hui-form-editor');
    await form.locator('ha-selector-text input').fill('My rack');
    await page.locator('labkeeper-card').getByText('My rack').first().waitFor();
    await page.locator('hui-dialog-edit-card').getByText('Save', { exact: true }).click();
    const saved = await eventually('the card is saved', async () => {
      const text = JSON.stringify(
        await all.home.connection.sendMessagePromise({ type: 'lovelace/config', url_path: 'lab-test' }),
      );
      return text.includes('My rack') ? text : undefined;
    });
    assert.match(saved, /"view":"topology"/);
    assert.deepEqual(wrong, []);
    await close();
  });

  it('show hostile names as the text that they are', async () => {
    const name = '<img src=x onerror="window.pwned = 1"> "\' </style>';
    const devices = await all.home.connection.sendMessagePromise<
      readonly { readonly id: string; readonly name: string }[]
    >({ type: 'config/device_registry/list' });
    const { id } = devices.find((device) => device.name.startsWith('dev-test')) as { id: string };
    const rename = (name_by_user: string | null): Promise<unknown> =>
      all.home.connection.sendMessagePromise({
        ...{ type: 'config/device_registry/update', device_id: id, name_by_user },
      });
    await rename(name);
    const { page, wrong, close } = await show([view('topology'), view('storage'), view('network')]);
    await page.getByText(name, { exact: true }).first().waitFor();
    assert.equal(await page.locator('labkeeper-card img').count(), 0);
    assert.equal(await page.evaluate('window.pwned'), undefined);
    assert.deepEqual(wrong, []);
    await rename(null);
    await close();
  });

  it('say so where what they show is not there, in the language of whoever looks', async () => {
    const { page, wrong, close } = await show([{ type: 'custom:labkeeper-guest-card', device: 'gone' }], {
      ...DESKTOP,
      language: 'de',
    });
    await page.getByText('Nicht gefunden: das Gerät, das diese Karte zeigt (Gast).').waitFor();
    assert.deepEqual(wrong, []);
    await close();
  });
});
