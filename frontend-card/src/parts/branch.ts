import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { isPart } from '../lab/kinds.ts';
import { type Branch, num, type Thing } from '../lab/thing.ts';
import { isBox, isTrouble } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import { chip, chipStyle, groupChip } from './chip.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { intend } from './intent.ts';
import { gaugesOf, meter, meterStyle } from './meter.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** Kinds of which one alone says little: many of them are one chip, until somebody opens it. */
const GATHERED = ['disk', 'client', 'network', 'wlan'];

/** What people folded or unfolded, for as long as the page is open. */
const folds = new Map<string, boolean>();

/** A thing with all that it contains, drawn as boxes in boxes. Draws again only when something in its branch changed. */
export class LabkeeperBranch extends LitElement {
  static override properties = {
    branch: { attribute: false },
    words: { attribute: false },
    depth: { type: Number },
    most: { type: Number },
  };
  static override styles = [tokens, shapeStyle, meterStyle, chipStyle, styles()];

  declare branch: Branch;
  declare words: Words;
  declare depth: number;
  /** More things than this in a branch, and it begins folded. */
  declare most: number;
  #opened = new Set<string>();

  constructor() {
    super();
    this.depth = 0;
    this.most = 40;
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    return changed.size === 0 || changed.has('branch') || changed.has('words') || changed.has('most');
  }

  protected override render(): TemplateResult {
    const { branch, words, depth } = this;
    const { thing, children } = branch;
    const folded = children.length > 0 && this.#folded();
    return html`
      <section class="box depth-${Math.min(depth, 3)} ${thing.kind}" aria-label=${`${words.kind(thing.kind)} ${thing.name}`}>
        <header>
          <button class="head" @click=${() => intend(this, { type: 'details', thing: thing.id })}
            aria-label=${`${thing.name}, ${words.kind(thing.kind)}, ${words.health(thing)}`}>
            <span class="mark">${icon(thing.kind)}</span>
            <span class="titles">
              <span class="title">${shape(thing.health)}<span class="name">${thing.name}</span></span>
              <span class="sub dim name">${subtitle(thing, words)}</span>
            </span>
          </button>
          <span class="gauges">${gaugesOf(thing, words).map(meter)}</span>
          ${children.length > 0 ? this.#chevron(folded) : nothing}
        </header>
        ${children.length === 0 ? nothing : folded ? this.#summary() : this.#inside(children)}
      </section>
    `;
  }

  #folded(): boolean {
    const { thing, size, worst } = this.branch;
    return folds.get(thing.id) ?? (size > this.most && this.depth > 0 && !isTrouble(worst));
  }

  #chevron(folded: boolean): TemplateResult {
    const { thing } = this.branch;
    const label = this.words.say(folded ? 'unfold' : 'fold', { name: thing.name });
    return html`<button class="fold ${folded ? 'folded' : ''}" aria-expanded=${!folded} aria-label=${label}
      @click=${() => this.#set(thing.id, !folded)}>${icon('chevron')}</button>`;
  }

  #set(id: string, folded: boolean): void {
    folds.set(id, folded);
    this.requestUpdate();
  }

  #summary(): TemplateResult {
    const { size } = this.branch;
    return html`<p class="summary dim">${this.words.count('things', size)}</p>`;
  }

  #inside(children: readonly Branch[]): TemplateResult {
    const boxes = children.filter((child) => isBox(child));
    const rest = children.filter((child) => !isBox(child));
    const parts = rest.filter(({ thing }) => isPart(thing.kind) || GATHERED.includes(thing.kind));
    const leaves = rest.filter((child) => !parts.includes(child));
    return html`
      ${parts.length > 0 ? html`<div class="chips">${this.#gather(parts)}</div>` : nothing}
      ${leaves.length > 0 ? html`<div class="chips">${leaves.map(({ thing }) => chip(thing, this.words, this))}</div>` : nothing}
      ${
        boxes.length > 0
          ? html`<div class="boxes">${boxes.map(
              (
                child,
              ) => html`<labkeeper-branch class=${child.size > 3 ? 'wide' : ''} .branch=${child} .words=${this.words}
                .depth=${this.depth + 1} .most=${this.most}></labkeeper-branch>`,
            )}</div>`
          : nothing
      }
    `;
  }

  #gather(parts: readonly Branch[]): readonly TemplateResult[] {
    const { words } = this;
    const shown: TemplateResult[] = [];
    for (const [kind, same] of Map.groupBy(parts, ({ thing }) => thing.kind)) {
      const things = same.map(({ thing }) => thing);
      const open = this.#opened.has(kind);
      const gather = GATHERED.includes(kind) && things.length > 2;
      if (!gather || open) shown.push(...things.map((thing) => chip(thing, words, this)));
      else {
        const bad = things.filter(({ health }) => isTrouble(health));
        const well = things.filter((thing) => !bad.includes(thing));
        shown.push(...bad.map((thing) => chip(thing, words, this)));
        if (well.length > 0)
          shown.push(
            groupChip(kind, well, words, () => {
              this.#opened.add(kind);
              this.requestUpdate();
            }),
          );
      }
    }
    return shown;
  }
}

function subtitle(thing: Thing, words: Words): string {
  const parts: string[] = [];
  const add = (text: string | undefined): void => {
    if (text !== undefined && text !== '') parts.push(text);
  };
  add(thing.kind === 'guest' ? thing.model : words.kind(thing.kind));
  if (thing.health === 'problem' || thing.health === 'warning' || thing.health === 'away') {
    add(thing.because.map((reason) => words.reason(reason)).join(', '));
    return parts.join(' · ');
  }
  if (thing.health === 'off' || thing.health === 'unknown') add(words.health(thing));
  const watts = num(thing, 'watts');
  if (watts !== undefined) add(words.value({ key: 'watts', value: watts, unit: 'W' }));
  const running = num(thing, 'guests_running') ?? num(thing, 'running');
  const total = num(thing, 'guests') ?? num(thing, 'total');
  if (running !== undefined && total !== undefined) add(words.say('running_of', { running, total }));
  const ip = thing.readings.ip?.value;
  if (typeof ip === 'string') add(ip);
  return parts.join(' · ');
}

function styles() {
  return css`
    :host {
      display: block;
      min-inline-size: 0;
    }
    .box {
      display: flex;
      flex-direction: column;
      gap: var(--lk-gap);
      min-inline-size: 0;
    }
    .depth-0 {
      padding: 12px;
      border: 1px solid var(--lk-line);
      border-radius: var(--lk-radius);
    }
    .depth-1,
    .depth-2,
    .depth-3 {
      padding: 10px;
      border-radius: var(--lk-inner);
      background: var(--lk-soft);
      block-size: 100%;
    }
    header {
      display: flex;
      align-items: center;
      gap: 12px;
      min-inline-size: 0;
    }
    .head {
      display: flex;
      align-items: center;
      gap: 10px;
      min-inline-size: 0;
      flex: 1 1 auto;
    }
    .mark {
      display: grid;
      place-items: center;
      inline-size: 32px;
      block-size: 32px;
      flex: none;
      border-radius: 50%;
      background: var(--lk-softer);
      color: var(--lk-dim);
    }
    .icon {
      inline-size: 18px;
      block-size: 18px;
    }
    .titles {
      display: flex;
      flex-direction: column;
      min-inline-size: 0;
    }
    .title {
      display: flex;
      align-items: center;
      gap: 6px;
      font-weight: 500;
      min-inline-size: 0;
    }
    .sub {
      font-size: 12px;
      line-height: 16px;
    }
    .gauges {
      display: flex;
      gap: 16px;
      flex: none;
    }
    .fold {
      padding: 4px;
      color: var(--lk-dim);
    }
    .fold .icon {
      display: block;
      transform: rotate(90deg);
      transition: transform 0.2s;
    }
    .fold.folded .icon {
      transform: rotate(0deg);
    }
    .summary {
      margin: 0;
      font-size: 12px;
    }
    .boxes {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr));
      gap: var(--lk-gap);
    }
    .wide {
      grid-column: 1 / -1;
    }
    .chips {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    @container lab (inline-size < 420px) {
      .gauges {
        display: none;
      }
    }
  `;
}

define('labkeeper-branch', LabkeeperBranch);
