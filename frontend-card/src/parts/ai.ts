import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Asker } from '../lab/asker.ts';
import { breakEven } from '../lab/break-even.ts';
import type { ApiResource } from '../lab/from-api.ts';
import { type Card, cardsOf } from '../lab/gpu.ts';
import { EMPTY, type LabView, num, type Thing } from '../lab/thing.ts';
import { nameWithin, ofKinds } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import { curve } from './curve.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { intend } from './intent.ts';
import { listStyle } from './list-style.ts';
import { gaugesOf, meter, meterStyle } from './meter.ts';
import { Polled } from './polled.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** The graphics cards: who has their memory, what fits in it, whether they were worth it; and the voice. */
export class LabkeeperAi extends LitElement {
  static override properties = {
    lab: { attribute: false },
    words: { attribute: false },
    asker: { attribute: false },
    only: { attribute: false },
    text: { state: true },
    spoken: { state: true },
  };
  static override styles = [
    tokens,
    shapeStyle,
    meterStyle,
    listStyle,
    css`
    .owners { display: flex; block-size: 14px; border-radius: 7px; overflow: hidden; background: var(--lk-softer); gap: 1px; }
    .owners span { min-inline-size: 2px; }
    .o0 { background: light-dark(#0277bd, #4fc3f7); }
    .o1 { background: light-dark(#8e5bb5, #ce9ff0); }
    .o2 { background: light-dark(#00796b, #66c2b5); }
    .o3 { background: light-dark(#a1662f, #d9a273); }
    .legend { display: flex; flex-wrap: wrap; gap: 4px 14px; }
    .legend i { display: inline-block; inline-size: 10px; block-size: 10px; border-radius: 3px; margin-inline-end: 6px; }
    .fits { display: grid; gap: 4px; }
    .fit { display: grid; grid-template-columns: 12px 1fr auto; gap: 0 8px; align-items: center; }
    .fit .note { grid-column: 2; }
    .say { display: flex; gap: 8px; }
    .say input { flex: 1; min-inline-size: 0; font: inherit; color: inherit; padding: 8px 12px; border-radius: 18px; border: 1px solid var(--lk-dim); background: var(--lk-card); }
    .say button { padding: 0 16px; min-block-size: 36px; border-radius: 18px; background: var(--lk-strong); color: var(--lk-on-strong); font-weight: 500; }
    svg.curve { inline-size: 100%; max-inline-size: 520px; block-size: auto; direction: ltr; }
    .curve text { fill: var(--lk-dim); font-size: 11px; }
    .curve .own { stroke: light-dark(#0277bd, #4fc3f7); }
    .curve .rent { stroke: light-dark(#8e5bb5, #ce9ff0); }
    .curve .grid { stroke: var(--lk-line); }
    .curve .now { stroke: var(--lk-dim); stroke-dasharray: 3 3; }
  `,
  ];

  declare lab: LabView;
  declare words: Words;
  declare asker: Asker | undefined;
  /** Id of the one card to show; left out: all. */
  declare only: string | undefined;
  declare text: string;
  declare spoken: string;
  readonly #cards = new Polled<readonly ApiResource[]>(
    this,
    () => this.asker?.readings?.('gpu'),
    () => 30,
  );

  constructor() {
    super();
    this.lab = EMPTY;
    this.text = '';
    this.spoken = '';
  }

  protected override render(): TemplateResult {
    const { lab, words, only } = this;
    const gpus = ofKinds(lab, 'gpu').filter(({ id }) => only === undefined || id === only);
    const voices = only === undefined ? ofKinds(lab, 'speech') : [];
    const told = new Map(cardsOf(this.#cards.value ?? []).map((card) => [card.id, card]));
    return html`
      ${gpus.length === 0 ? html`<section><h3>${words.kind('gpu')}</h3><p class="dim">${words.say('no_gpu')}</p></section>` : gpus.map((gpu) => this.#gpu(gpu, told.get(gpu.resource ?? '')))}
      ${voices.map((voice) => this.#voice(voice))}
    `;
  }

  #gpu(gpu: Thing, card: Card | undefined): TemplateResult {
    const { words, lab } = this;
    const facts = ['temperature', 'power', 'fan']
      .map((key) => gpu.readings[key])
      .filter((one) => one !== undefined);
    const place = lab.things.get(gpu.parent ?? '')?.name;
    return html`<section><h3>${words.kind('gpu')}</h3>
      <div class="tile">
        <button class="top" @click=${() => intend(this, { type: 'details', thing: gpu.id })}>${shape(gpu.health)}<span class="hidden">${words.health(gpu)}</span>${icon('gpu')}
          <span class="name">${gpu.name}</span><span class="dim small end">${[place, ...facts.map((one) => words.value(one))].filter(Boolean).join(' · ')}</span></button>
        <span class="gauges">${gaugesOf(gpu, words).map(meter)}</span>
        ${card === undefined ? nothing : this.#owners(card)}
      </div>
      ${card === undefined || card.workloads.length === 0 ? nothing : this.#fits(card)}
      ${this.#worth(gpu, card)}
    </section>`;
  }

  #owners({ owners, total }: Card): TemplateResult | typeof nothing {
    const { words } = this;
    if (owners.length === 0 || total === undefined) return nothing;
    const size = (value: number): string => words.value({ key: 'vram_used', value, unit: 'GiB' });
    return html`<span class="owners" aria-hidden="true">${owners.map(
      ({ vram }, index) =>
        html`<span class="o${index % 4}" style="inline-size:${(vram / total) * 100}%"></span>`,
    )}</span>
      <span class="legend small">${owners.map(
        ({ name, vram }, index) =>
          html`<span class="name"><i class="o${index % 4}"></i>${name} <span class="num dim">${size(vram)}</span></span>`,
      )}</span>`;
  }

  #fits({ workloads }: Card): TemplateResult {
    const { words } = this;
    return html`<div class="tile"><span class="small dim">${words.say('fits')}</span><div class="fits">${workloads.map(
      ({ title, vram, fitsCard, fitsNow, stop }) => html`<div class="fit">
        ${shape(fitsNow ? 'ok' : fitsCard ? 'warning' : fitsCard === false ? 'off' : 'unknown')}<span class="name">${title}</span>
        <span class="end num dim small">${words.value({ key: 'vram_used', value: vram, unit: 'GiB' })}</span>
        <span class="note dim small">${fitsNow ? words.say('fits_now') : fitsCard === false ? words.say('fits_not') : stop ? words.say('fits_after', { what: stop }) : words.say('fits_card')}</span></div>`,
    )}</div></div>`;
  }

  #worth(gpu: Thing, card: Card | undefined): TemplateResult | typeof nothing {
    const { words } = this;
    const left = num(gpu, 'break_even_hours');
    const plan = card === undefined ? undefined : breakEven(card);
    if (left === undefined && plan === undefined) return nothing;
    return html`<div class="tile"><span class="top"><span class="name">${words.say('worth')}</span>
        <span class="end num">${left === undefined ? '' : left <= 0 ? words.say('worth_it') : words.say('worth_in', { hours: words.value({ key: 'break_even_hours', value: left, unit: 'h' }) })}</span></span>
      ${plan === undefined ? nothing : curve(plan, words)}</div>`;
  }

  #voice(voice: Thing): TemplateResult {
    const { words, asker } = this;
    const facts = ['model', 'voice', 'queue', 'first_sound', 'memory']
      .map((key) => voice.readings[key])
      .filter((one) => one !== undefined && one.value !== null)
      .map((one) => one as NonNullable<typeof one>);
    return html`<section><h3>${words.kind('speech')}</h3><div class="tile">
      <button class="top" @click=${() => intend(this, { type: 'details', thing: voice.id })}>${shape(voice.health)}${icon('speech')}<span class="name">${nameWithin(voice, this.lab.things.get(voice.parent ?? ''))}</span>
        <span class="dim small end">${words.health(voice)}</span></button>
      <span class="legend small">${facts.map((one) => html`<span class="name"><span class="dim">${words.name(one)}</span> ${words.value(one)}</span>`)}</span>
      ${
        asker?.say === undefined
          ? nothing
          : html`<form class="say" @submit=${this.#say}><input aria-label=${words.say('say_what')} placeholder=${words.say('say_what')}
              maxlength="500" .value=${this.text} @input=${(event: InputEvent) => {
                this.text = (event.target as HTMLInputElement).value;
              }}><button>${words.say('say_it')}</button></form>
            <p class="small dim" role="status">${this.spoken}</p>`
      }
    </div></section>`;
  }

  #say = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.text.trim() === '') return;
    this.spoken = this.words.say('saying');
    try {
      await this.asker?.say?.(this.text);
      this.spoken = '';
    } catch (refused) {
      const { message } = (refused ?? {}) as { message?: unknown };
      this.spoken = typeof message === 'string' ? message : String(refused);
    }
  };
}

define('labkeeper-ai', LabkeeperAi);
