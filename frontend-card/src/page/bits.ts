import { html, nothing, type TemplateResult } from 'lit';
import { agoText } from '../lab/format.ts';
import type { Health } from '../lab/thing.ts';
import { shape } from '../parts/shape.ts';
import type { Context } from './context.ts';
import type { Finding, Job } from './wire.ts';
import type { PageWords } from './words/page-words.ts';

/** When something was, as long ago as it is. */
export function ago(iso: string, { words }: Pick<Context, 'words'>): TemplateResult {
  const text = agoText(iso, { ...words.writing, now: Date.now() }) ?? iso;
  return html`<time datetime=${iso} title=${new Date(iso).toLocaleString(words.writing.language)}>${text}</time>`;
}

/** Who asked for something, and by which door. */
export const whoOf = ({ user, door }: Pick<Job, 'user' | 'door'>): string =>
  user === 'unknown' || user === door ? door : `${user} (${door})`;

/** Something went wrong, with what to do. */
export const refusal = (text: string | undefined): TemplateResult | typeof nothing =>
  text === undefined
    ? nothing
    : html`<p class="state text" role="alert">${shape('problem')}<span>${text}</span></p>`;

/** Lines to type, to be copied as they are. */
export function commands(lines: readonly string[], texts: PageWords): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<div class="row" style="align-items:flex-start;flex-wrap:nowrap">
    <pre class="grow" tabindex="0"><code>${lines.join('\n')}</code></pre>
    <button class="plain" @click=${(event: Event) => copy(event.currentTarget as HTMLElement, texts)}>${texts.say('copy')}</button>
  </div>`;
}

/** `navigator.clipboard` exists by https only, and the page is mostly read by http. */
function copy(button: HTMLElement, texts: PageWords): void {
  const code = button.parentElement?.querySelector('code');
  const selection = getSelection();
  if (!code || selection === null) return;
  const range = document.createRange();
  range.selectNodeContents(code);
  selection.removeAllRanges();
  selection.addRange(range);
  const done = document.execCommand('copy');
  if (done) selection.removeAllRanges();
  button.textContent = texts.say(done ? 'copied' : 'copy_by_hand');
}

export const MOODS = {
  ...{ queued: 'unknown', running: 'unknown', succeeded: 'ok' },
  ...{ failed: 'problem', cancelled: 'off', unknown: 'warning' },
} as const satisfies Record<Job['state'], Health>;

/** How a job is, as a shape with the words for it. */
export const jobState = ({ state }: Pick<Job, 'state'>, texts: PageWords): TemplateResult =>
  html`<span class="state">${shape(MOODS[state])}${texts.of('job', state)}</span>`;

const SEVERITIES = { problem: 'problem', warning: 'warning', info: 'unknown' } as const;

/** What needs attention, each with what to do about it. */
export function findingList(
  findings: readonly Finding[],
  { texts }: Pick<Context, 'texts'>,
  nameOf: (about: string) => string,
): TemplateResult {
  return html`<ul class="list stack">${findings.map(
    ({
      severity,
      title,
      about,
      message,
      remedy,
      commands: lines = [],
    }) => html`<li class="stack" style="gap:4px">
      <p class="row" style="gap:6px">${shape(SEVERITIES[severity])}<span class="hidden">${texts.of('severity', severity)}: </span>
        <b>${title}</b> <span class="dim small" title=${about}>${nameOf(about)}</span></p>
      <p class="text">${message}</p>
      ${remedy === undefined ? nothing : html`<p class="text dim">${remedy}</p>`}
      ${commands(lines, texts)}
    </li>`,
  )}</ul>`;
}
