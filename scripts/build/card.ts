import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Where the integration serves it from. */
export const CARD = path.join(ROOT, 'custom_components/labkeeper/www/labkeeper-card.js');

/** What of uPlot our graphs do not use, a fifth of it, and what stands there instead. */
const UNUSED: readonly (readonly [there: string, instead: string])[] = [
  ['uPlot.join = join;', ''],
  ['(paths.stepped = stepped);', ''],
  ['(paths.bars    = bars);', ''],
  ['(paths.spline  = monotoneCubic);', ''],
  ['const showLegend = legend.show;', ''],
  ['let multiValLegend = false;', ''],
  ['multiValLegend = getMultiVals != null;', ''],
  ['const cursorFocus = focus.prox >= 0;', ''],
  ['let shouldPub = _pub && syncOpts.setSeries;', ''],
  // Times are written by `Intl`, in the language of whoever looks.
  ['uPlot.fmtDate = fmtDate;', ''],
  [
    'timeAxisVals(_tzDate, timeAxisStamps((ms == 1 ? _timeAxisStampsMs : _timeAxisStampsS), _fmtDate));',
    'numAxisVals;',
  ],
  ['timeSeriesVal(_tzDate, timeSeriesStamp(_timeSeriesStamp, _fmtDate));', 'null;'],
  ['(isStr(sv) ? timeSeriesVal(_tzDate, timeSeriesStamp(sv, _fmtDate)) : sv || _timeSeriesVal)', 'sv'],
  ['timeAxisVals(_tzDate, timeAxisStamps(av, _fmtDate))', 'av'],
  ['timeAxisVal(_tzDate, av)', 'av'],
  ['(opts.fmtDate || fmtDate)', 'null'],
  // Nothing is selected by dragging.
  ['onMouse(mousedown,  over, mouseDown);', ''],
  ['onMouse(dblclick, over, dblClick);', ''],
  ['events.mousedown = mouseDown;', ''],
  ['events.mouseup = mouseUp;', ''],
  ['events.dblclick = dblClick;', ''],
  ['if (select.show && dragging) {', 'if (false) {'],
  // Each graph stands alone.
  ['uPlot.sync = _sync;', ''],
  ['const sync = _sync(syncKey);', ''],
  ['sync.sub(self);', ''],
  ['sync.unsub(self);', ''],
  // No scale is logarithmic.
  ['uPlot.rangeLog = rangeLog;', ''],
  ['uPlot.rangeAsinh = rangeAsinh;', ''],
  ['(sc.distr == 3 ? snapLogY : sc.distr == 4 ? snapAsinhY : snapNumY)', 'snapNumY'],
  ['sc.distr == 3 ? logAxisSplits : sc.distr == 4 ? asinhAxisSplits : numAxisSplits', 'numAxisSplits'],
  ['[_min, _max] = rangeLog(_min, _min, scaleX.log, false);', ';'],
  ['[_min, _max] = rangeAsinh(_min, _min, scaleX.log, false);', ';'],
];

/** What is the same in each of our graphs: no legend, no line that the pointer looks for, and one way to give data. */
const SAME: readonly (readonly [everywhere: RegExp, is: string])[] = [
  [/\b(showLegend|multiValLegend|cursorFocus|shouldPub|mode == 2)\b/g, 'false'],
  [/\bmode == 1\b/g, 'true'],
  [/\b(_pub && )?pubSync\((mousemove|mousedown|mouseup|dblclick|"setSeries"),[^;]*\);/g, ';'],
];

/** Leaves that out. @throws Error where a newer uPlot is written otherwise */
export const leanGraphs: Plugin = {
  name: 'lean-graphs',
  setup({ onLoad }) {
    onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path: file }) => {
      let contents = await readFile(file, 'utf8');
      for (const [there, instead] of UNUSED) {
        if (!contents.includes(there)) throw new Error(`uPlot changed: there is no “${there}” to leave out`);
        contents = contents.replace(there, instead);
      }
      for (const [everywhere, is] of SAME) contents = contents.replace(everywhere, is);
      return { contents, loader: 'js' };
    });
  },
};

/** In code without line breaks of its own, those that are left stand in templates, where one space says the same. */
const withoutIndents = (code: string): string => code.replace(/\n\s*/g, ' ').trim();

/**
 * Bundles the cards into one ES module, `custom_components/labkeeper/www/labkeeper-card.js` unless told otherwise.
 *
 * @returns its bytes as they are and as they go over a wire
 */
export async function bundleCard(file = CARD): Promise<{ readonly bytes: number; readonly gzipped: number }> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['frontend-card/src/main.ts'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // What Home Assistant's own frontend asks for, or newer: `light-dark()`, container queries, `Map.groupBy`.
    target: 'es2022',
    conditions: ['production'],
    minify: true,
    legalComments: 'none',
    // Modules are read as UTF-8 whatever a server says, and umlauts are shorter so.
    charset: 'utf8',
    plugins: [leanGraphs],
    write: false,
    logLevel: 'warning',
  });
  const contents = Buffer.from(withoutIndents(outputFiles[0]?.text ?? ''));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, contents);
  return { bytes: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}
