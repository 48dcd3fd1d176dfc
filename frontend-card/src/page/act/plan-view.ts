import { html, nothing, type TemplateResult } from 'lit';
import { shape } from '../../parts/shape.ts';
import type { Plan } from '../wire.ts';
import type { PageWords } from '../words/page-words.ts';

/** What an action would do: what was looked at, the steps with what is sent, what a person should know first. */
export function planView({ steps, checks = [], warnings = [] }: Plan, texts: PageWords): TemplateResult {
  return html`<div class="stack">
    <h2>${texts.say('plan_title')}</h2>
    ${
      checks.length === 0
        ? nothing
        : html`<ul class="list stack" style="gap:4px">${checks.map(
            ({
              ok,
              name,
              message,
              hint,
            }) => html`<li class="row" style="flex-wrap:nowrap;align-items:baseline">${shape(ok ? 'ok' : 'problem')}
            <span class="hidden">${texts.say(ok ? 'check_ok' : 'check_failed')}: </span>
            <span class="text"><b>${name}</b> ${message}${hint === undefined || ok ? nothing : html`<br><span class="dim">${hint}</span>`}</span></li>`,
          )}</ul>`
    }
    ${
      steps.length === 0
        ? html`<p class="dim">${texts.say('no_steps')}</p>`
        : html`<ol class="steps">${steps.map(
            ({ name, calls = [] }) =>
              html`<li>${name}${calls.map((call) => html`<br><code class="dim">${call}</code>`)}</li>`,
          )}</ol>`
    }
    ${warnings.map((warning) => html`<p class="row" style="flex-wrap:nowrap;align-items:baseline">${shape('warning')}<span class="text">${warning}</span></p>`)}
  </div>`;
}

/** Whether it may be carried out as it was planned. */
export const isSound = ({ checks = [], steps }: Plan): boolean =>
  steps.length > 0 && checks.every(({ ok }) => ok);
