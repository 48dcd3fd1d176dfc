import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { HassAsker } from '../hass/hass-asker.ts';
import { HassDoer } from '../hass/hass-doer.ts';
import { type LabStore, storeOf } from '../hass/lab-store.ts';
import type { Hass } from '../hass/types.ts';
import { writingOf } from '../hass/writing.ts';
import type { Doer } from '../lab/doer.ts';
import { EMPTY, type Intent, type LabView } from '../lab/thing.ts';
import { Words } from '../lab/words/words.ts';
import '../parts/details.ts';
import { INTENT } from '../parts/intent.ts';
import { tokens } from '../parts/tokens.ts';
import { type CardConfig, checked } from './config.ts';

const askers = new WeakMap<LabStore, HassAsker>();

/** What every card of ours is: it takes `hass`, follows the lab, and shows details of what is clicked. */
export abstract class CardFrame extends LitElement {
  static override properties = {
    config: { state: true },
    lab: { state: true },
    words: { state: true },
    open: { state: true },
  };
  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        block-size: 100%;
      }
      ha-card {
        display: block;
        padding: 16px;
        block-size: 100%;
        overflow: hidden auto;
        color: var(--lk-text);
      }
      .all {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
      }
      h2 {
        margin: 0;
        font-size: var(--ha-card-header-font-size, 20px);
        line-height: 28px;
        font-weight: 400;
        color: var(--ha-card-header-color, var(--lk-text));
      }
      .empty {
        color: var(--lk-dim);
        margin: 0;
      }
    `,
  ];

  declare config: CardConfig;
  declare lab: LabView;
  declare words: Words | undefined;
  /** Id of the thing whose details are shown. */
  declare open: string | undefined;
  protected readonly doer: Doer = new HassDoer(() => this.#hass as Hass);
  protected asker: HassAsker | undefined;
  #hass: Hass | undefined;
  #store: LabStore | undefined;
  #end: (() => void) | undefined;

  constructor() {
    super();
    this.lab = EMPTY;
    this.addEventListener(INTENT, this.#heed as EventListener);
  }

  setConfig(config: unknown): void {
    this.config = checked(config);
  }

  set hass(hass: Hass) {
    this.#hass = hass;
    // A theme may be dark where the machine is light; colours of ours go by it.
    const dark = hass.themes?.darkMode;
    this.toggleAttribute('dark', dark === true);
    this.toggleAttribute('light', dark === false);
    const writing = writingOf(hass, this.words?.writing);
    if (writing !== this.words?.writing) this.words = new Words(writing);
    const store = storeOf(hass);
    if (store !== this.#store) {
      this.#end?.();
      this.#end = undefined;
      this.#store = store;
      // Graphs of all cards of a page are one subscription.
      this.asker =
        askers.get(store) ??
        new HassAsker(
          () => store.hass as Hass,
          () => store.apps,
        );
      askers.set(store, this.asker);
    }
    store.update(hass);
    if (this.isConnected) this.#listen();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    this.#end = undefined;
  }

  #listen(): void {
    this.#end ??= this.#store?.listen((view) => {
      this.lab = view;
      this.requestUpdate();
    });
  }

  /** What the card shows of a lab that is there. */
  protected abstract content(words: Words): TemplateResult;

  /** What stands above it. */
  protected heading(words: Words): string | undefined {
    return this.config.title ?? words.say('title');
  }

  protected override render(): TemplateResult | typeof nothing {
    const { words, lab } = this;
    if (words === undefined || this.config === undefined) return nothing;
    const heading = this.heading(words);
    const ready = this.#store?.ready === true;
    return html`<ha-card>
      <div class="all">
        ${heading === undefined || heading === '' ? nothing : html`<h2>${heading}</h2>`}
        ${
          lab.things.size > 0
            ? this.content(words)
            : html`<p class="empty">${ready ? `${words.say('empty')}. ${words.say('empty_hint')}` : words.say('loading')}</p>`
        }
      </div>
      <labkeeper-details .lab=${lab} .words=${words} .thing=${this.open} .doer=${this.doer} .asker=${this.asker}></labkeeper-details>
    </ha-card>`;
  }

  #heed = ({ detail }: CustomEvent<Intent>): void => {
    if (detail.type === 'details') this.open = detail.thing;
    if (detail.type === 'close') this.open = undefined;
    if (detail.type === 'entity') {
      this.open = undefined;
      const more = { detail: { entityId: detail.entity }, bubbles: true, composed: true };
      this.dispatchEvent(new CustomEvent('hass-more-info', more));
    }
  };
}
