import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startEmbeddedBroker } from '../../addon/src/mqtt/embedded-broker.ts';
import { bundlePage, PAGE } from '../../scripts/build/page.ts';
import { type DemoLab, startDemoLab } from '../../simulators/demo/lab.ts';
import { bench, host, plex, web } from '../helpers/executor.ts';
import { withServer } from '../helpers/http.ts';
import { axeOf } from '../parts/axe.ts';
import { DESKTOP, PHONE, startBrowser } from '../parts/browser.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Opened, openPage, startIngress, tokenOf } from '../parts/page.ts';
import { eventually, freePort } from '../parts/process.ts';

const PARTS = [
  'lab',
  'resources',
  'network',
  'storage',
  'ai',
  'build-out',
  'do',
  'do/create_vm',
  'recipes',
].concat(['jobs', 'setup', 'files', 'files/workloads.yaml', 'log', 'audit', 'api', 'help']);

suite('the page in a browser, with a token', { timeout: 300_000 }, () => {
  let browser: Browser;
  let lab: DemoLab;
  let broker: Awaited<ReturnType<typeof startEmbeddedBroker>>;
  let app: Labkeeper;
  let config = '';
  let opened: Opened;
  let page: Page;

  before(async () => {
    await bundlePage();
    browser = await startBrowser();
    lab = await startDemoLab();
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0 });
    config = await mkdtemp(path.join(tmpdir(), 'labkeeper-config-'));
    const { docker } = lab.systems as { readonly docker: readonly object[] };
    const nowhere = { id: 'gone', title: 'Not there', url: `http://127.0.0.1:${await freePort()}` };
    const mqtt = { host: broker.host, port: broker.port };
    const options = { mqtt, self: 'none', allow: 'destroy', ...lab.systems };
    app = await startLabkeeper({ ...options, docker: [...docker, nowhere] }, config);
    await eventually('the app', async () => (await fetch(`${app.url}/health`)).ok, 120_000);
    opened = await openPage(browser, app.url, await tokenOf(app.folder));
    page = opened.page;
    await page
      .getByRole('button', { name: /^dev-test ?, / })
      .first()
      .waitFor();
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
    await broker?.close();
    await lab?.stop();
    if (config !== '') await rm(config, { recursive: true });
  });
  const goTo = (where: string): Promise<unknown> => page.goto(`${app.url}/#${where}`);
  const guest = (name: string) => lab.cluster.guests.find((one) => one.name === name);

  test('asks for a token first', async () => {
    const context = await browser.newContext();
    const answer = await context.request.get(app.url);
    assert.equal(answer.status(), 401);
    assert.match(answer.headers()['www-authenticate'] ?? '', /^Basic /, 'a browser asks for it');
    await context.close();
  });

  test('ends a guest after it has shown what that means, and the picture follows', async () => {
    await goTo('lab');
    const box = (state: string) =>
      page.getByRole('button', { name: new RegExp(`^homeassistant ?, ${state}`) }).first();
    await box('running').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Shut down' }).first().click();
    await dialog.getByText('homeassistant is asked to shut down.').waitFor();
    assert.equal(guest('homeassistant')?.status, 'running', 'nothing has happened yet');
    const plan = dialog.getByRole('region', { name: 'What would happen' });
    await plan.getByRole('button', { name: 'Shut down' }).click();
    await dialog.getByText('done', { exact: true }).waitFor({ timeout: 60_000 });
    assert.equal(guest('homeassistant')?.status, 'stopped');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await box('stopped').waitFor({ timeout: 60_000 });
  });

  test('fills in a form, shows what would be sent, does it, and follows the job', async () => {
    await goTo('do/snapshot');
    await page.getByLabel('What it is done to').selectOption({ label: 'homeassistant (pve1) · Guest' });
    await page.getByLabel('Name', { exact: false }).first().fill('9 lives');
    await page.getByRole('button', { name: 'See what would happen' }).click();
    await page.getByText('It does not look as it should.').waitFor();
    await page.getByLabel('Name', { exact: false }).first().fill('before-lunch');
    await page.getByRole('button', { name: 'See what would happen' }).click();
    await page.getByText(/POST \/nodes\/pve1\/qemu\/\d+\/snapshot .*before-lunch/).waitFor();
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByText('done', { exact: true }).waitFor({ timeout: 60_000 });
    await goTo('jobs');
    await page
      .getByRole('link', { name: /homeassistant/ })
      .first()
      .waitFor();
  });

  test('destroys only what was named by hand', async () => {
    await goTo('do/prune');
    await page.getByLabel('What it is done to').selectOption({ label: 'Docker (docker-host) · Docker host' });
    await page.getByRole('button', { name: 'See what would happen' }).click();
    const go = page.getByRole('button', { name: 'Do it' });
    await go.waitFor();
    assert.equal(await go.isDisabled(), true);
    const name = page.getByLabel('Type “Docker” to confirm');
    await name.fill('docker');
    assert.equal(await go.isDisabled(), true);
    await name.fill('Docker');
    await go.click();
    await page.getByText('done', { exact: true }).waitFor({ timeout: 60_000 });
  });

  test('says what is in the way, and does nothing then', async () => {
    await goTo('do/delete_guest');
    await page.getByLabel('What it is done to').selectOption({ label: 'dev-test (pve1) · Guest' });
    await page.getByRole('button', { name: 'See what would happen' }).click();
    await page.getByText('VM.Allocate at /vms/102 is missing').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Do it' }).count(), 0);
    await page.getByRole('button', { name: 'Back to the form' }).click();
    await page.getByRole('button', { name: 'See what would happen' }).waitFor();
  });

  test('checks a file while it is typed, and writes it when it is sound', async () => {
    await goTo('files/power-profiles.yaml');
    const paper = page.getByLabel('Text of power-profiles.yaml');
    await paper.fill('profiles:\n  - id: night\n    titel: Night\n');
    await page.getByText('there is no such key here; did you mean “title”?').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Line 3' }).click();
    assert.equal(await page.evaluate('getSelection().toString()'), '    titel: Night');
    const sound = 'profiles:\n  - id: night\n    title: Night\n    off: [sonarr]\n';
    await paper.fill(sound);
    await page.getByText('All is well.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. It counts at once.').waitFor();
    assert.equal(await readFile(path.join(config, 'power-profiles.yaml'), 'utf8'), sound);
    await page.getByRole('button', { name: 'Delete the file' }).click();
    await page.getByRole('button', { name: 'Really delete?' }).click();
    const isGone = (): Promise<boolean> =>
      access(path.join(config, 'power-profiles.yaml')).then(
        () => false,
        () => true,
      );
    await eventually('the file to be gone', isGone, 5_000);
  });

  test('has its log as it goes, and that of a container', async () => {
    await goTo('log');
    const log = page.getByRole('log');
    await log.getByText(/proxmox\/home: connected/).waitFor();
    await page.getByLabel('Lines that have').fill('power-profiles');
    await log.getByText(/power-profiles\.yaml was taken away/).waitFor();
    await page.goto(`${app.url}/#log/${encodeURIComponent('docker/lab/container/media.sonarr.1')}`);
    await page.getByRole('heading', { name: 'Log of sonarr' }).waitFor();
    await log
      .getByText(/RssSyncService|DownloadDecisionMaker/)
      .first()
      .waitFor();
  });

  test('says how far each system is, and asks it when told to', async () => {
    await goTo('setup');
    const card = (owner: string) => page.locator('section').filter({ hasText: owner });
    await card('docker/lab').getByText('connected').waitFor();
    await card('docker/lab').getByRole('button', { name: 'Test connection' }).click();
    await card('docker/lab').getByText('It answers.').waitFor();
    await card('docker/gone').getByText('does not answer', { exact: true }).waitFor();
    assert.match(await card('docker/gone').locator('.stages').innerText(), /Reached\s+in the way/);
    await card('docker/gone')
      .getByText(/nothing listens/)
      .first()
      .waitFor();
  });

  test('takes no text from the lab for its own', async () => {
    const evil = `<img src=x onerror="document.title='taken'">`;
    const one = guest('homeassistant');
    assert.ok(one);
    one.spec = { ...one.spec, name: evil };
    await goTo('lab');
    await page.getByText(evil).first().waitFor({ timeout: 60_000 });
    for (const part of PARTS) {
      await goTo(part);
      await page.locator('main h1').first().waitFor({ state: 'attached' });
      assert.notEqual(await page.title(), 'taken');
    }
    one.spec = { ...one.spec, name: 'homeassistant' };
  });

  test('has no fault that axe finds, light and dark, wide and narrow', { timeout: 200_000 }, async () => {
    const token = await tokenOf(app.folder);
    for (const look of [
      { ...DESKTOP, dark: false },
      { ...DESKTOP, dark: true },
      { ...PHONE, dark: false, language: 'de' },
    ]) {
      const other = await openPage(browser, app.url, token, look);
      for (const part of PARTS) {
        await other.page.goto(`${app.url}/#${part}`);
        await other.page.locator('main h1').first().waitFor({ state: 'attached' });
        await other.page.waitForTimeout(400);
        const { violations, rules } = await axeOf(other.page, 'labkeeper-page');
        assert.deepEqual(violations, [], `${part}, ${look.dark ? 'dark' : 'light'}, ${look.width}`);
        assert.ok(rules > 5);
      }
      await other.context.close();
    }
  });

  test('is wide enough for a phone: nothing goes over its edge', async () => {
    const other = await openPage(browser, app.url, await tokenOf(app.folder), { ...PHONE, width: 360 });
    for (const part of PARTS) {
      await other.page.goto(`${app.url}/#${part}`);
      await other.page.locator('main h1').first().waitFor({ state: 'attached' });
      await other.page.waitForTimeout(300);
      const over = await other.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.equal(over, 0, part);
    }
    await other.context.close();
  });

  test('asks nobody else for anything, and never runs into its own policy', () => {
    assert.deepEqual(opened.strangers, []);
    assert.deepEqual(opened.complaints, []);
  });
});

suite('the page behind a proxy as Home Assistant’s', { timeout: 120_000 }, () => {
  let browser: Browser;
  before(async () => {
    await bundlePage();
    browser = await startBrowser();
  });
  after(() => browser?.close());
  const FROM = '127.0.0.9';

  test('finds all of itself below a path that it does not know, and goes by the user’s rights', async () => {
    const isAdministrator = async (id: string): Promise<boolean> => id === 'admin';
    const steps = { 'Do the work': async () => {} };
    const more = {
      pageFolder: PAGE,
      ingress: FROM,
      isAdministrator,
      steps,
      resources: [host, plex, web, self()],
    };
    await withServer(more, async ({ port, store, token }) => {
      const ingress = await startIngress(port, FROM);
      try {
        const admin = await openPage(browser, ingress.urlFor('admin'));
        const { page } = admin;
        await page.getByText('admin may do everything').waitFor();
        await page
          .getByRole('button', { name: /^NAS ?, / })
          .first()
          .waitFor();
        store.replace('docker/nas', [{ ...host, name: 'Big NAS' }, plex, web, self()]);
        await page
          .getByRole('button', { name: /^Big NAS ?, / })
          .first()
          .waitFor();
        await page.goto(`${ingress.urlFor('admin')}#do/work`);
        await page.getByLabel('What it is done to').selectOption(plex.id);
        await page.getByRole('button', { name: 'See what would happen' }).click();
        await page.getByText('Do the work').waitFor();
        await page.getByRole('button', { name: 'Do it' }).click();
        await page.getByText('done', { exact: true }).waitFor();
        await page.goto(`${ingress.urlFor('admin')}#setup`);
        await page.getByText('Tokens', { exact: true }).click();
        await page.getByText(token('homeassistant')).waitFor();
        assert.deepEqual(admin.complaints, []);
        assert.deepEqual(admin.strangers, []);

        const child = await openPage(browser, ingress.urlFor('child'));
        await child.page.getByText('child may look').waitFor();
        await child.page
          .getByRole('button', { name: /^Big NAS ?, / })
          .first()
          .waitFor();
        for (const hidden of ['Log', 'Audit', 'Files']) {
          assert.equal(await child.page.getByRole('link', { name: hidden, exact: true }).count(), 0, hidden);
        }
        await child.page.goto(`${ingress.urlFor('child')}#do`);
        await child.page.getByText('You may look. Doing something takes more rights.').waitFor();
        assert.equal(await child.page.getByRole('link', { name: /^Work/ }).count(), 0);
        await child.page.goto(`${ingress.urlFor('child')}#setup`);
        await child.page.getByRole('heading', { name: 'Set-up' }).waitFor();
        assert.equal(await child.page.getByText('Tokens', { exact: true }).count(), 0);
        await child.page.goto(`${ingress.urlFor('child')}#log`);
        await child.page.getByText(/lines of the log are for administrators/).waitFor();
      } finally {
        await ingress.close();
      }
    });
  });
});

const self = () => {
  const { resources } = bench();
  return [...resources.values()].find(({ kind }) => kind === 'app') as typeof host;
};
