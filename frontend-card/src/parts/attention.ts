import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { EMPTY, type Finding, type LabView, type Thing } from '../lab/thing.ts';
import { nameWithin, pathOf, troubles } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import { define } from './define.ts';
import { intend } from './intent.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** How the lab is in one line, and what somebody should look at. */
export class LabkeeperAttention extends LitElement {
  static override properties = {
    lab: { attribute: false },
    words: { attribute: false },
    most: { type: Number },
    all: { state: true },
  };
  static override styles = [
    tokens,
    shapeStyle,
    css`
      :host {
        display: block;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--lk-dim);
        margin: 0;
      }
      ul {
        list-style: none;
        margin: 8px 0 0;
        padding: 0;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 2px;
      }
      .row {
        display: flex;
        align-items: baseline;
        gap: 8px;
        inline-size: 100%;
        padding: 6px 8px;
      }
      .row .shape {
        align-self: center;
      }
      .row:hover,
      .more:hover {
        background: var(--lk-soft);
      }
      .who {
        font-weight: 500;
        flex: 0 0 auto;
        max-inline-size: 60%;
      }
      .why {
        flex: 1 1 auto;
      }
      summary {
        cursor: pointer;
        list-style: none;
        border-radius: var(--lk-inner);
      }
      details p,
      code {
        display: block;
        margin: 0 0 6px;
        padding-inline-start: 28px;
        font-size: 13px;
        overflow-wrap: anywhere;
      }
      code {
        direction: ltr;
        color: var(--lk-dim);
      }
      .more {
        padding: 6px 8px;
        color: var(--lk-accent);
        font-size: 13px;
      }
    `,
  ];

  declare lab: LabView;
  declare words: Words;
  /** How many are shown before somebody asks for all. */
  declare most: number;
  declare all: boolean;

  constructor() {
    super();
    this.lab = EMPTY;
    this.most = 4;
    this.all = false;
  }

  protected override render(): TemplateResult {
    const { words, lab } = this;
    const found = troubles(lab);
    const findings = lab.findings.filter(({ severity }) => severity !== 'info');
    const count = found.length + findings.length;
    const worst =
      found.some(({ health }) => health === 'problem') ||
      findings.some(({ severity }) => severity === 'problem')
        ? 'problem'
        : count > 0
          ? 'warning'
          : 'ok';
    const shown = this.all ? found : found.slice(0, this.most);
    return html`
      <p class="line" role="status">
        ${shape(worst)}<span class="name">${count === 0 ? words.say('all_well') : words.count('attention', count)}
        · ${words.count('things', lab.things.size)}</span>
      </p>
      ${
        found.length === 0
          ? nothing
          : html`<ul>${shown.map(
              (
                thing,
              ) => html`<li><button class="row" @click=${() => intend(this, { type: 'details', thing: thing.id })}>
                ${shape(thing.health)}<span class="hidden">${words.say(`health_${thing.health}`)}</span>
                <span class="who name">${nameWithin(thing, lab.things.get(thing.parent ?? ''))}</span>
                <span class="why dim name">${thing.because.map((reason) => words.reason(reason)).join(', ')}${placeOf(lab, thing)}</span>
              </button></li>`,
            )}</ul>
            ${
              found.length > this.most
                ? html`<button class="more" @click=${() => {
                    this.all = !this.all;
                  }}>${this.all ? words.say('less') : words.count('more', found.length - this.most)}</button>`
                : nothing
            }`
      }
      ${findings.map((finding) => this.#finding(finding))}
    `;
  }

  #finding({ severity, title, message, remedy, commands = [] }: Finding): TemplateResult {
    return html`<details>
      <summary class="row">${shape(severity === 'problem' ? 'problem' : 'warning')}<span class="who name">${title}</span></summary>
      <p>${message}</p>
      ${remedy === undefined ? nothing : html`<p>${remedy}</p>`}
      ${commands.map((command) => html`<code>${command}</code>`)}
    </details>`;
  }
}

const placeOf = (lab: LabView, thing: Thing): string => {
  const place = pathOf(lab, thing).at(-1)?.name;
  return place === undefined ? '' : ` · ${place}`;
};

define('labkeeper-attention', LabkeeperAttention);
