// npm run screenshots: every view of the cards in a real Home Assistant on the simulated lab, light and dark, on a desktop
// and on a phone, into docs/images. As root, like the tests against real parts.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { VIEWS } from '../frontend-card/src/cards/config.ts';
import { Words } from '../frontend-card/src/lab/words/words.ts';
import { rtx3090, startGpuExporter, work } from '../simulators/gpu/index.ts';
import { DESKTOP, PHONE, signedIn, startBrowser } from '../test/parts/browser.ts';
import { keepDashboard } from '../test/parts/dashboard.ts';
import { startIntegrated } from '../test/parts/integrated.ts';
import { setUpIntegration } from '../test/parts/integration.ts';
import { bundleCard, CARD } from './build/card.ts';

const FOLDER = path.join(import.meta.dirname, '../docs/images');

/** Seconds in which graphs get something to show. */
const LIVE = Number(process.env.LABKEEPER_LIVE ?? 240);

await bundleCard();
const gpu = rtx3090();
const exporter = await startGpuExporter({ cards: [gpu] });
const busy = setInterval(() => work(gpu, 0.5 + 0.4 * Math.sin(Date.now() / 40_000)), 5_000);
const options = {
  gpu: [
    {
      ...{ id: 'ai', title: 'AI cards', url: exporter.url, guest: 'proxmox/home/guest/101' },
      ...{ price: 350, cloud_price: 0.5, electricity_price: 0.25, currency: '£' },
    },
  ],
};
const all = await startIntegrated('', {}, { card: await readFile(CARD, 'utf8'), options });
const browser = await startBrowser();
try {
  await setUpIntegration(all.homeAssistant, { url: all.labkeeper.url, token: all.token });
  const words = new Words({ language: 'en', now: 0 });
  const views = VIEWS.map((view) => ({
    ...{ title: words.say(`view_${view}`), path: view, type: 'sections', max_columns: 3 },
    sections: [
      {
        ...{ type: 'grid', column_span: 3 },
        cards: [{ type: 'custom:labkeeper-card', view, hours: 1, grid_options: { columns: 'full' } }],
      },
    ],
  }));
  await keepDashboard(all.home, 'lab-home', { title: 'Lab', views });
  await mkdir(FOLDER, { recursive: true });
  for (const action of ['snapshot', 'backup_now']) await act(action);
  console.log(`waiting ${LIVE} seconds, so that there is something to draw`);
  await new Promise((resolve) => setTimeout(resolve, LIVE * 1_000));
  for (const [size, look] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    for (const tone of ['light', 'dark']) {
      const { page, context } = await signedIn(browser, all.homeAssistant, {
        ...look,
        dark: tone === 'dark',
      });
      const save = (name: string): Promise<unknown> =>
        page.screenshot({ path: path.join(FOLDER, `${name}-${size}-${tone}.png`) });
      for (const view of VIEWS) {
        await page.goto(`${all.homeAssistant.url}/lab-home/${view}`);
        await page.locator('labkeeper-card h2').waitFor();
        await page.waitForTimeout(3_000);
        await save(view);
      }
      await page.goto(`${all.homeAssistant.url}/lab-home/topology`);
      await page
        .locator('labkeeper-branch')
        .getByRole('button', { name: /^dev-test ?, / })
        .first()
        .click();
      await page.getByRole('button', { name: 'Snapshot' }).click();
      await page.waitForTimeout(2_000);
      await save('plan');
      await context.close();
    }
  }
} finally {
  await browser.close();
  await all.stop();
  clearInterval(busy);
  await exporter.close();
}
process.exit(0);

async function act(action: string): Promise<void> {
  await fetch(`${all.labkeeper.url}/api/actions/${action}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${all.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ target: 'proxmox/home/guest/101', wait_s: 20 }),
  });
}
