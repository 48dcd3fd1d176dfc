import { css, html, nothing, type TemplateResult } from 'lit';
import { num, type Thing } from '../lab/thing.ts';
import { inGib } from '../lab/units.ts';
import type { Words } from '../lab/words/words.ts';

/** How much of something is used. */
export interface Gauge {
  readonly label: string;
  readonly text: string;
  /** 0 to 100; undefined: nobody knows. */
  readonly percent: number | undefined;
  /** The more, the better: no warning when it is full. */
  readonly good?: true;
}

/** What is shown of how busy a thing is: as far as it is known. */
export function gaugesOf(thing: Thing, words: Words): readonly Gauge[] {
  const gauges: Gauge[] = [];
  const percent = (key: string, label: string): void => {
    const value = num(thing, key);
    if (value !== undefined)
      gauges.push({ label, percent: value, text: words.value({ key, value: Math.round(value), unit: '%' }) });
  };
  const part = (key: string, of: string, label: string): void => {
    const used = gib(thing, key);
    const all = gib(thing, of);
    if (used === undefined) return;
    const share = all === undefined || all <= 0 ? undefined : (used / all) * 100;
    gauges.push({ label, percent: share, text: words.value({ key, value: used, unit: 'GiB' }) });
  };
  if (thing.kind === 'gpu') {
    percent('utilization', words.say('gpu_load'));
    part('vram_used', 'vram_total', words.say('vram'));
    return gauges;
  }
  // Of a server only how much is built in is known.
  if (thing.kind === 'server') return gauges;
  percent('cpu', words.say('cpu'));
  if (thing.readings.memory?.unit === '%') percent('memory', words.say('memory'));
  else part('memory', 'memory_total', words.say('memory'));
  percent('usage', words.say('used'));
  return gauges;
}

function gib(thing: Thing, key: string): number | undefined {
  const value = num(thing, key);
  return value === undefined ? undefined : (inGib(value, thing.readings[key]?.unit) ?? value);
}

/** One bar with what it means and how much it is. */
export const meter = ({ label, text, percent, good }: Gauge): TemplateResult => html`
  <span class="meter">
    <span class="meter-label dim">${label}</span>
    <span class="meter-text num">${text}</span>
    ${percent === undefined ? nothing : html`<span class="bar"><span class=${good ? 'fill' : tone(percent)} style="inline-size:${clamp(percent)}%"></span></span>`}
  </span>
`;

const clamp = (percent: number): number => Math.max(0, Math.min(100, Math.round(percent)));
const tone = (percent: number): string =>
  percent >= 95 ? 'fill full' : percent >= 85 ? 'fill high' : 'fill';

export const meterStyle = css`
  .meter {
    display: grid;
    grid-template-columns: 1fr auto;
    align-content: start;
    column-gap: 6px;
    row-gap: 4px;
    font-size: 12px;
    line-height: 16px;
  }
  .meter-text {
    text-align: end;
  }
  .bar {
    grid-column: 1 / -1;
    block-size: 4px;
    border-radius: 2px;
    background: var(--lk-softer);
    overflow: hidden;
  }
  .fill {
    display: block;
    block-size: 100%;
    border-radius: 2px;
    background: color-mix(in srgb, var(--lk-accent) 80%, transparent);
    transition: inline-size 0.4s;
  }
  .fill.high {
    background: var(--lk-warning);
  }
  .fill.full {
    background: var(--lk-problem);
  }
`;
