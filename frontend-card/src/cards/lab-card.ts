import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { HassDoer } from '../hass/hass-doer.ts';
import { type LabStore, storeOf } from '../hass/lab-store.ts';
import type { Hass } from '../hass/types.ts';
import { EMPTY, type Intent, type LabView } from '../lab/thing.ts';
import { Words } from '../lab/words/words.ts';
import '../parts/attention.ts';
import { define } from '../parts/define.ts';
import '../parts/details.ts';
import { INTENT } from '../parts/intent.ts';
import { tokens } from '../parts/tokens.ts';
import '../parts/topology.ts';
import { type CardConfig, checked } from './config.ts';

/** `custom:labkeeper-card`: the lab, or one view of it. */
export class LabkeeperCard extends LitElement {
  static override properties = {
    config: { state: true },
    lab: { state: true },
    words: { state: true },
    open: { state: true },
  };
  static override styles = [
    tokens,
    css`
      ha-card {
        display: block;
        padding: 16px;
        block-size: 100%;
        overflow: hidden;
      }
      .all {
        display: grid;
        gap: 12px;
      }
      h1 {
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
  declare open: string | undefined;
  #hass: Hass | undefined;
  readonly #doer = new HassDoer(() => this.#hass as Hass);
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
    const writing = {
      language: hass.locale?.language ?? hass.language ?? 'en',
      now: Date.now(),
    };
    if (this.words?.writing.language !== writing.language) this.words = new Words(writing);
    const store = storeOf(hass);
    if (store !== this.#store) {
      this.#end?.();
      this.#end = undefined;
      this.#store = store;
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

  getCardSize(): number {
    return 12;
  }

  getGridOptions(): object {
    return { columns: 'full', min_columns: 6 };
  }

  static getStubConfig(): object {
    return { view: 'topology' };
  }

  protected override render(): TemplateResult | typeof nothing {
    const { words, lab } = this;
    if (words === undefined) return nothing;
    return html`<ha-card>
      <div class="all">
        <h1>${this.config.title ?? words.say('title')}</h1>
        ${
          lab.things.size === 0
            ? html`<p class="empty">${this.#store?.ready === true ? html`${words.say('empty')}. ${words.say('empty_hint')}` : words.say('loading')}</p>`
            : html`<labkeeper-attention .lab=${lab} .words=${words}></labkeeper-attention>
              <labkeeper-topology .lab=${lab} .words=${words}></labkeeper-topology>`
        }
      </div>
      <labkeeper-details .lab=${lab} .words=${words} .thing=${this.open} .doer=${this.#doer}></labkeeper-details>
    </ha-card>`;
  }

  #heed = ({ detail }: CustomEvent<Intent>): void => {
    if (detail.type === 'details') this.open = detail.thing;
    if (detail.type === 'close') this.open = undefined;
    if (detail.type === 'entity') {
      this.open = undefined;
      this.dispatchEvent(
        new CustomEvent('hass-more-info', {
          ...{ detail: { entityId: detail.entity }, bubbles: true, composed: true },
        }),
      );
    }
  };
}

define('labkeeper-card', LabkeeperCard);
