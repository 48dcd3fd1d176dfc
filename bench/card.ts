import { build } from 'esbuild';
import type { CDPSession, Page } from 'playwright-core';
import { bundleCard, leanGraphs } from '../scripts/build/card.ts';
import { startBrowser } from '../test/parts/browser.ts';

/** Things of the demo's lab. */
const SEED = 70;
const LARGE = 1_000;

/** What the topology costs a browser: its module, its first drawing, changes and an hour of them. */
export async function card(): Promise<string> {
  const { bytes, gzipped } = await bundleCard();
  const { outputFiles } = await build({
    entryPoints: [new URL('../frontend-card/bench/page.ts', import.meta.url).pathname],
    ...{ bundle: true, format: 'iife', platform: 'browser', target: 'es2022', write: false },
    conditions: ['production'],
    plugins: [leanGraphs],
  });
  const code = outputFiles[0]?.text ?? '';
  const browser = await startBrowser();
  const rows: string[] = [];
  for (const things of [SEED, LARGE]) {
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    await cdp.send('Profiler.enable');
    await page.setContent('<!doctype html><body></body>');
    await page.addScriptTag({ content: code });
    const count = await page.evaluate(`prepare(${things})`);
    const first = await cost(cdp, page, 'show()');
    const idle = await cost(cdp, page, "run('irrelevant', 100, 5)");
    const busy = await cost(cdp, page, "run('relevant', 100, 5)");
    const before = await heap(cdp);
    // An hour in which something changes each second.
    await page.evaluate('burst(3600)');
    const after = await heap(cdp);
    rows.push(
      `| ${count} | ${first.script.toFixed(0)} ms | ${Math.max(0, first.task - first.script).toFixed(0)} ms | ${percent(idle.script)} | ${percent(busy.script)} | ${before.toFixed(1)} MiB | ${(after - before).toFixed(1)} MiB |`,
    );
    await page.close();
  }
  await browser.close();
  return `### The card in Chromium

The module has ${(bytes / 1_000).toFixed(0)} kB, ${(gzipped / 1_000).toFixed(1)} kB gzipped, with its graphs. Of the topology, in a lab of so many things:

| things | first drawing: scripts | all else | scripts at 100 changes of others a second | at 100 of its own | memory | more after an hour of changes |
|---|---|---|---|---|---|---|
${rows.join('\n')}

By the profiler, without what makes the changes; those are shares of one core, five seconds each. An hour of changes: 3,600, one each second, played fast.
`;
}

/** What makes the changes: in Home Assistant's place, so not counted. */
const MAKERS = /^(change|hass|run|burst|relevant|irrelevant)$/;

/** Milliseconds of all that a page works for something, and of scripts: ours, Lit's and uPlot's. */
async function cost(cdp: CDPSession, page: Page, what: string): Promise<{ script: number; task: number }> {
  await cdp.send('Profiler.start');
  const before = await metrics(cdp);
  await page.evaluate(what);
  const after = await metrics(cdp);
  const { profile } = await cdp.send('Profiler.stop');
  const { nodes, samples = [], timeDeltas = [] } = profile;
  const quiet = new Set(
    nodes
      .filter(
        ({ callFrame }) => /^\(.*\)$/.test(callFrame.functionName) || MAKERS.test(callFrame.functionName),
      )
      .map(({ id }) => id),
  );
  const script =
    timeDeltas.reduce((sum, delta, at) => sum + (quiet.has(samples[at] ?? 0) ? 0 : delta), 0) / 1_000;
  return { script, task: ((after.get('TaskDuration') ?? 0) - (before.get('TaskDuration') ?? 0)) * 1_000 };
}

async function metrics(cdp: CDPSession): Promise<ReadonlyMap<string, number>> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

async function heap(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  return ((await metrics(cdp)).get('JSHeapUsedSize') ?? 0) / 2 ** 20;
}

const percent = (milliseconds: number): string => `${(milliseconds / 50).toFixed(1)} %`;
