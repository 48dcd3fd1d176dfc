import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Asker } from '../lab/asker.ts';
import { EMPTY, type LabView, type Thing } from '../lab/thing.ts';
import { nameWithin, ofKinds } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import { define } from './define.ts';
import './graph.ts';
import { icon } from './icons.ts';
import { intend } from './intent.ts';
import { GRAPHED, linesOf } from './lines.ts';
import { listStyle } from './list-style.ts';
import { gaugesOf, meter, meterStyle } from './meter.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** A container is too small for a tile of its own. */
const KINDS = Object.keys(GRAPHED).filter((kind) => kind !== 'container');

/** How busy everything is, each with what it was over the last hours. */
export class LabkeeperResources extends LitElement {
  static override properties = {
    lab: { attribute: false },
    words: { attribute: false },
    asker: { attribute: false },
    hours: { type: Number },
    kinds: { attribute: false },
  };
  static override styles = [tokens, shapeStyle, meterStyle, listStyle];

  declare lab: LabView;
  declare words: Words;
  declare asker: Asker | undefined;
  declare hours: number;
  /** Left out: all that have something to show. */
  declare kinds: readonly string[] | undefined;

  constructor() {
    super();
    this.lab = EMPTY;
    this.hours = 6;
  }

  protected override render(): TemplateResult {
    const { words, lab, kinds = KINDS } = this;
    const groups = Map.groupBy(
      ofKinds(lab, ...kinds).filter((thing) => linesOf(thing, words).length > 0),
      ({ kind }) => (kind === 'guest' || kind === 'host' ? kind : 'iron'),
    );
    return html`${(['iron', 'guest', 'host'] as const).map((group) => {
      const things = groups.get(group) ?? [];
      if (things.length === 0) return nothing;
      return html`<section><h3>${words.say(`group_${group}`)}</h3>
        <div class="tiles">${things.map((thing) => this.#tile(thing))}</div></section>`;
    })}`;
  }

  #tile(thing: Thing): TemplateResult {
    const { words, lab } = this;
    const name = nameWithin(thing, lab.things.get(thing.parent ?? ''));
    const lines = linesOf(thing, words);
    const gauges = gaugesOf(thing, words);
    const [first] = lines;
    const reading = thing.readings[GRAPHED[thing.kind] ?? ''];
    return html`<button class="tile" @click=${() => intend(this, { type: 'details', thing: thing.id })}>
      <span class="top">${shape(thing.health)}<span class="name">${name}</span><span class="hidden">, ${words.kind(thing.kind)}, ${words.health(thing)}</span>${icon(thing.kind)}</span>
      ${
        gauges.length > 0
          ? html`<span class="gauges">${gauges.slice(0, 2).map(meter)}</span>`
          : html`<span class="gauges"><span class="meter"><span class="meter-label dim">${first?.label}</span>
            <span class="meter-text num">${reading === undefined ? '' : words.value(reading)}</span></span></span>`
      }
      ${
        this.asker?.history === undefined
          ? nothing
          : html`<labkeeper-graph .lines=${lines} .words=${words} .history=${this.asker.history} .hours=${this.hours}
            .most=${first?.unit === '%' ? 100 : undefined}></labkeeper-graph>`
      }
    </button>`;
  }
}

define('labkeeper-resources', LabkeeperResources);
