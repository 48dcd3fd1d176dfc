import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Asker } from '../lab/asker.ts';
import type { Doer } from '../lab/doer.ts';
import { EMPTY, type LabView, type Reading, type Thing } from '../lab/thing.ts';
import { nameWithin, pathOf } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import { chip, chipStyle } from './chip.ts';
import './deeds.ts';
import { define } from './define.ts';
import './graph.ts';
import { icon } from './icons.ts';
import { intend } from './intent.ts';
import { linesOf } from './lines.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** Everything about one thing, in a dialog over the page; on a phone, from below. */
export class LabkeeperDetails extends LitElement {
  static override properties = {
    lab: { attribute: false },
    words: { attribute: false },
    thing: { attribute: false },
    doer: { attribute: false },
    asker: { attribute: false },
  };
  static override styles = [tokens, shapeStyle, chipStyle, styles()];

  declare lab: LabView;
  declare words: Words;
  /** Id of the thing that is shown; undefined: closed. */
  declare thing: string | undefined;
  /** Left out: one can only look. */
  declare doer: Doer | undefined;
  /** Left out: there are no graphs. */
  declare asker: Asker | undefined;

  constructor() {
    super();
    this.lab = EMPTY;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('thing')) return;
    const dialog = this.renderRoot.querySelector('dialog');
    if (dialog === null) return;
    if (this.thing !== undefined && !dialog.open) dialog.showModal();
    if (this.thing === undefined && dialog.open) dialog.close();
  }

  protected override render(): TemplateResult | typeof nothing {
    const thing = this.lab.things.get(this.thing ?? '');
    return html`<dialog aria-labelledby="title" @close=${this.#close} @click=${this.#outside}>
      ${thing === undefined ? nothing : this.#content(thing)}
    </dialog>`;
  }

  #close = (): void => {
    if (this.thing !== undefined) intend(this, { type: 'close' });
  };

  #outside = (event: Event): void => {
    if (event.target === event.currentTarget) this.#close();
  };

  #content(thing: Thing): TemplateResult {
    const { words, lab } = this;
    const path = pathOf(lab, thing);
    const children = lab.branches.get(thing.id)?.children ?? [];
    const readings = Object.values(thing.readings).filter(isWorthARow);
    return html`<div class="sheet">
      <header>
        <span class="mark">${icon(thing.kind)}</span>
        <div class="titles">
          <h2 id="title" class="name">${nameWithin(thing, path.at(-1))}</h2>
          <p class="dim">${[words.kind(thing.kind), thing.model, ...path.map(({ name }) => name).reverse()].filter(Boolean).join(' · ')}</p>
        </div>
        <button class="close" aria-label=${words.say('close')} @click=${this.#close}>${icon('close')}</button>
      </header>
      <p class="state">${shape(thing.health)} ${words.health(thing)}${thing.because.length > 0 ? ` – ${thing.because.map((reason) => words.reason(reason)).join(', ')}` : ''}</p>
      ${this.#graph(thing)}
      <labkeeper-deeds .thing=${thing} .words=${words} .doer=${this.doer}></labkeeper-deeds>
      <slot></slot>
      ${readings.length > 0 ? html`<h3>${words.say('readings')}</h3><dl>${readings.map((reading) => this.#row(reading))}</dl>` : nothing}
      ${children.length > 0 ? html`<h3>${words.say('contains')}</h3><div class="chips">${children.map((child) => chip(child.thing, words, this, thing))}</div>` : nothing}
      ${this.#links(thing)}
    </div>`;
  }

  #graph(thing: Thing): TemplateResult | typeof nothing {
    const lines = linesOf(thing, this.words);
    if (lines.length === 0 || this.asker?.history === undefined) return nothing;
    return html`<labkeeper-graph large .lines=${lines} .words=${this.words} .history=${this.asker.history} .hours=${24}
      .most=${lines[0]?.unit === '%' ? 100 : undefined}></labkeeper-graph>`;
  }

  #row(reading: Reading): TemplateResult {
    const { words } = this;
    const { entity } = reading;
    const text = words.value(reading);
    return html`<div class="reading"><dt class="dim">${words.name(reading)}</dt>
      <dd>${
        entity === undefined
          ? html`<span class="num">${text}</span>`
          : html`<button class="num" @click=${() => intend(this, { type: 'entity', entity })}>${text}</button>`
      }</dd></div>`;
  }

  #links(thing: Thing): TemplateResult | typeof nothing {
    const { lab, words } = this;
    const linked = thing.links.flatMap(({ to }) => lab.things.get(to) ?? []);
    if (linked.length === 0) return nothing;
    return html`<h3>${words.say('links')}</h3>
      <div class="chips">${linked.map((thing) => chip(thing, words, this))}</div>`;
  }
}

/** Buttons, events and pictures have no value to read. */
const isWorthARow = ({ entity }: Reading): boolean =>
  entity === undefined || !/^(button|event|image)\./.test(entity);

function styles() {
  return css`
    dialog {
      border: none;
      padding: 0;
      inline-size: min(560px, 100vw - 32px);
      max-block-size: min(80dvh, 800px);
      border-radius: max(var(--lk-radius), 16px);
      background: var(--lk-card);
      color: var(--lk-text);
      box-shadow: 0 8px 40px rgb(0 0 0 / 0.3);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 0.45);
    }
    .sheet {
      padding: 20px;
      display: grid;
      gap: 12px;
    }
    header {
      display: flex;
      gap: 12px;
      align-items: center;
    }
    .mark {
      display: grid;
      place-items: center;
      inline-size: 40px;
      block-size: 40px;
      border-radius: 50%;
      background: var(--lk-softer);
      color: var(--lk-dim);
      flex: none;
    }
    .icon {
      inline-size: 20px;
      block-size: 20px;
      display: block;
    }
    .titles {
      flex: 1;
      min-inline-size: 0;
    }
    h2 {
      margin: 0;
      font-size: 18px;
      line-height: 24px;
      font-weight: 500;
    }
    h3 {
      margin: 8px 0 0;
      font-size: 12px;
      line-height: 16px;
      font-weight: 500;
      color: var(--lk-dim);
    }
    p {
      margin: 0;
    }
    .titles p {
      font-size: 12px;
      line-height: 16px;
    }
    .close {
      padding: 8px;
      border-radius: 50%;
    }
    .close:hover {
      background: var(--lk-softer);
    }
    .state {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    dl {
      margin: 0;
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(220px, 1fr));
      column-gap: 24px;
    }
    .reading {
      display: flex;
      justify-content: space-between;
      gap: 12px;
      padding: 4px 0;
      border-block-end: 1px solid var(--lk-line);
    }
    dd {
      margin: 0;
      min-inline-size: 0;
      text-align: end;
      overflow-wrap: anywhere;
    }
    dd .num {
      white-space: normal;
    }
    dd button:hover {
      color: var(--lk-accent);
    }
    .chips {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    @media (max-width: 600px) {
      dialog {
        inline-size: 100vw;
        max-inline-size: 100vw;
        max-block-size: 85dvh;
        margin-block-end: 0;
        border-end-start-radius: 0;
        border-end-end-radius: 0;
      }
    }
  `;
}

define('labkeeper-details', LabkeeperDetails);
