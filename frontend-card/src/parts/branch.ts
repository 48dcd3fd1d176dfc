import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { isPart } from '../lab/kinds.ts';
import type { Branch } from '../lab/thing.ts';
import { isBox, isTrouble, nameWithin } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import { branchStyle } from './branch-style.ts';
import { chip, chipStyle, groupChip } from './chip.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { intend } from './intent.ts';
import { gaugesOf, meter, meterStyle } from './meter.ts';
import { shape, shapeStyle } from './shape.ts';
import { subtitle } from './subtitle.ts';
import { tokens } from './tokens.ts';

/** Kinds of which one alone says little: many of them are one chip, until somebody opens it. */
const GATHERED = ['disk', 'client', 'network', 'wlan'];

/** What people folded or unfolded, for as long as the page is open. */
const folds = new Map<string, boolean>();

/** A thing with all that it contains, drawn as boxes in boxes. Draws again only when something in its branch changed. */
export class LabkeeperBranch extends LitElement {
  static override properties = {
    branch: { attribute: false },
    parent: { attribute: false },
    words: { attribute: false },
    depth: { type: Number },
    most: { type: Number },
  };
  static override styles = [tokens, shapeStyle, meterStyle, chipStyle, branchStyle];

  declare branch: Branch;
  declare parent: Branch | undefined;
  declare words: Words;
  declare depth: number;
  /** More things than this in a branch, and it begins folded. */
  declare most: number;
  readonly #opened = new Set<string>();

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
    const name = nameWithin(thing, this.parent?.thing);
    const gauges = gaugesOf(thing, words);
    return html`
      <section class="box depth-${Math.min(depth, 3)} ${thing.kind}" aria-label="${words.kind(thing.kind)} ${name}">
        <header>
          <button class="head" @click=${() => intend(this, { type: 'details', thing: thing.id })}>
            ${depth < 3 ? html`<span class="mark">${icon(thing.kind)}</span>` : nothing}
            <span class="titles">
              <span class="title">${shape(thing.health)}<span class="name">${name}</span><span class="hidden">, ${words.health(thing)}</span></span>
              <span class="sub dim name">${subtitle(thing, words)}</span>
            </span>
          </button>
          ${gauges.length > 0 ? html`<span class="gauges">${gauges.map(meter)}</span>` : nothing}
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
    const toggle = (): void => {
      folds.set(thing.id, !folded);
      this.requestUpdate();
    };
    return html`<button class="fold ${folded ? 'folded' : ''}" aria-expanded=${!folded} aria-label=${label}
      @click=${toggle}>${icon('chevron')}</button>`;
  }

  #summary(): TemplateResult {
    return html`<p class="summary dim">${this.words.count('things', this.branch.size)}</p>`;
  }

  #inside(all: readonly Branch[]): TemplateResult {
    // The engine in a machine says no more than that it is there: what it runs stands in the machine itself.
    const children = all.flatMap((child) =>
      child.thing.kind === 'host' && this.branch.thing.kind === 'guest'
        ? [{ ...child, children: [] }, ...child.children]
        : [child],
    );
    const isEngine = ({ thing }: Branch): boolean =>
      thing.kind === 'host' && this.branch.thing.kind === 'guest';
    const boxes = children.filter((child) => isBox(child) && !isEngine(child));
    const rest = children.filter((child) => !boxes.includes(child));
    const parts = rest.filter(({ thing }) => isPart(thing.kind) || GATHERED.includes(thing.kind));
    const leaves = rest.filter((child) => !parts.includes(child));
    const [small, wide] = [boxes.filter((box) => box.size <= 3), boxes.filter((box) => box.size > 3)];
    return html`
      ${parts.length > 0 ? html`<div class="chips">${this.#gather(parts)}</div>` : nothing}
      ${leaves.length > 0 ? html`<div class="chips">${leaves.map((leaf) => this.#leaf(leaf))}</div>` : nothing}
      ${small.length > 0 ? html`<div class="boxes">${small.map((box) => this.#box(box))}</div>` : nothing}
      ${wide.map((box) => this.#box(box))}
    `;
  }

  #box(child: Branch): TemplateResult {
    return html`<labkeeper-branch .branch=${child} .parent=${this.branch} .words=${this.words}
      .depth=${this.depth + 1} .most=${this.most}></labkeeper-branch>`;
  }

  #leaf(leaf: Branch): TemplateResult {
    const own = chip(leaf.thing, this.words, this, this.branch.thing);
    if (leaf.children.length === 0) return own;
    const inner = leaf.children.map(({ thing }) => chip(thing, this.words, this, leaf.thing));
    return html`<span class="pair">${own}${inner}</span>`;
  }

  #gather(parts: readonly Branch[]): readonly TemplateResult[] {
    const { words } = this;
    const one = (thing: Branch['thing']): TemplateResult => chip(thing, words, this, this.branch.thing);
    return [...Map.groupBy(parts, ({ thing }) => thing.kind)].flatMap(([kind, same]) => {
      const things = same.map(({ thing }) => thing);
      if (!GATHERED.includes(kind) || things.length < 3 || this.#opened.has(kind)) return things.map(one);
      const bad = things.filter(({ health }) => isTrouble(health));
      const well = things.filter((thing) => !bad.includes(thing));
      const open = (): void => {
        this.#opened.add(kind);
        this.requestUpdate();
      };
      return [...bad.map(one), ...(well.length > 0 ? [groupChip(kind, well, words, open)] : [])];
    });
  }
}

define('labkeeper-branch', LabkeeperBranch);
