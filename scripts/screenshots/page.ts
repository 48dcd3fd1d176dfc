// npm run screenshots: every view of the app's own page on the simulated lab, light and dark, on a desktop and on a phone,
// into docs/images as page-….webp. It takes Chromium.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startEmbeddedBroker } from '../../addon/src/mqtt/embedded-broker.ts';
import { startDemoLab } from '../../simulators/demo/lab.ts';
import { rtx3090, startGpuExporter, work } from '../../simulators/gpu/index.ts';
import { DESKTOP, PHONE, startBrowser } from '../../test/parts/browser.ts';
import { startLabkeeper } from '../../test/parts/labkeeper.ts';
import { openPage, tokenOf } from '../../test/parts/page.ts';
import { eventually, freePort } from '../../test/parts/process.ts';
import { bundlePage } from '../build/page.ts';

const FOLDER = path.join(import.meta.dirname, '../../docs/images');
/** Seconds in which graphs get something to show. */
const LIVE = Number(process.env.LABKEEPER_LIVE ?? 420);

/** Address of each view, and what is done there before the picture. */
const VIEWS: Readonly<Record<string, readonly [hash: string, act?: (page: Page) => Promise<unknown>]>> = {
  ...{ lab: ['lab'], resources: ['resources'], network: ['network'], storage: ['storage'], ai: ['ai'] },
  ...{ 'build-out': ['build-out'], actions: ['do'], recipes: ['recipes'], jobs: ['jobs'], setup: ['setup'] },
  ...{ log: ['log'], audit: ['audit'], api: ['api'], help: ['help'] },
  details: [
    'lab',
    (page) =>
      page
        .getByRole('button', { name: /^docker-host/ })
        .first()
        .click(),
  ],
  plan: [
    'do/snapshot/proxmox%2Fhome%2Fguest%2F101',
    (page) => page.getByRole('button', { name: 'See what would happen' }).click(),
  ],
  form: ['do/create_vm/proxmox%2Fhome%2Fnode%2Fpve1', (page) => page.getByText('More settings').click()],
  files: [
    'files/power-profiles.yaml',
    (page) =>
      page
        .getByLabel(/^Text of/)
        .fill('profiles:\n  - id: night\n    titel: Night\n    off: [sonarr, jellyfin]\n'),
  ],
};

await bundlePage();
const lab = await startDemoLab();
const broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0 });
const gpu = rtx3090();
const exporter = await startGpuExporter({ cards: [gpu] });
const busy = setInterval(() => work(gpu, 0.5 + 0.4 * Math.sin(Date.now() / 40_000)), 5_000);
const config = await mkdtemp(path.join(tmpdir(), 'labkeeper-config-'));
const { docker } = lab.systems as { readonly docker: readonly object[] };
const app = await startLabkeeper(
  {
    ...{ mqtt: { host: broker.host, port: broker.port }, self: 'none', allow: 'destroy', ...lab.systems },
    docker: [...docker, { id: 'nas', title: 'NAS', url: `http://127.0.0.1:${await freePort()}` }],
    gpu: [
      {
        ...{ id: 'ai', title: 'AI cards', url: exporter.url, guest: 'proxmox/home/guest/101' },
        ...{ price: 350, cloud_price: 0.5, electricity_price: 0.25, currency: '£' },
      },
    ],
  },
  config,
);
const browser = await startBrowser();
try {
  await eventually('the app', async () => (await fetch(`${app.url}/health`)).ok, 120_000);
  const token = await tokenOf(app.folder);
  await mkdir(FOLDER, { recursive: true });
  const ask = async (where: string, body?: object): Promise<string> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const more = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await fetch(`${app.url}/${where}`, { headers, ...more })).text();
  };
  const lives = Date.now();
  const target = 'proxmox/home/guest/101';
  await eventually('the lab', async () => (await ask('api/lab')).includes(target), 120_000);
  for (const action of ['backup_now', 'snapshot', 'delete_guest']) {
    await ask(`api/actions/${action}`, { target, wait_s: 20 });
  }
  console.log(`waiting ${LIVE} seconds, so that there is something to draw`);
  await new Promise((resolve) => setTimeout(resolve, LIVE * 1_000 - (Date.now() - lives)));
  for (const [size, look] of Object.entries({
    desktop: { ...DESKTOP, width: 1_280, height: 800 },
    phone: PHONE,
  })) {
    for (const tone of ['light', 'dark']) {
      const { page, context } = await openPage(browser, app.url, token, { ...look, dark: tone === 'dark' });
      for (const [name, [hash, act]] of Object.entries(VIEWS)) {
        await page.goto(`${app.url}/#${hash}`);
        await page.locator('main h1').first().waitFor({ state: 'attached' });
        await page.waitForTimeout(1_200);
        await act?.(page);
        await page.waitForTimeout(1_000);
        await save(page, `page-${name}-${size}-${tone}`);
        // A dialog would stay open over the next one.
        await page.reload();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await app.stop();
  clearInterval(busy);
  await exporter.close();
  await broker.close();
  await lab.stop();
  await rm(config, { recursive: true });
}
process.exit(0);

/** As WebP, which the browser itself can, at a third of a PNG. */
async function save(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 70 });
  await session.detach();
  await writeFile(path.join(FOLDER, `${name}.webp`), Buffer.from(data, 'base64'));
}
