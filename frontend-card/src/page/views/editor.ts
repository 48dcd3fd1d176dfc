import { css, html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shape, shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { refusal } from '../bits.ts';
import { may } from '../context.ts';
import { Part } from '../part.ts';
import { pageStyle } from '../style.ts';
import type { Fault, OwnFile } from '../wire.ts';

/** So long nobody typed. */
const PAUSE_MS = 300;

/** One file as text, checked while somebody types, by what reads it. */
export class LabkeeperEditor extends Part {
  static override properties = {
    ...Part.properties,
    path: { attribute: false },
    counts: { attribute: false },
    text: { state: true },
    etag: { state: true },
    faults: { state: true },
    said: { state: true },
    problem: { state: true },
    sure: { state: true },
  };
  static override styles = [
    tokens,
    shapeStyle,
    pageStyle,
    css`
      .paper {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        border: 1px solid light-dark(#8b929b, #6b737d);
        border-radius: var(--lk-radius);
        background: var(--lk-card);
        overflow: hidden;
        block-size: max(320px, calc(100dvh - 380px));
      }
      .numbers {
        padding: 10px 8px 10px 12px;
        color: var(--lk-dim);
        text-align: end;
        overflow: hidden;
        user-select: none;
        background: var(--lk-soft);
      }
      .numbers .bad {
        color: var(--lk-problem);
        font-weight: 700;
      }
      .numbers,
      textarea {
        font:
          13px/20px ui-monospace,
          'SF Mono',
          Consolas,
          monospace;
        white-space: pre;
        tab-size: 2;
      }
      textarea {
        resize: none;
        border: 0;
        border-radius: 0;
        padding: 10px 12px;
        background: none;
        overflow: auto;
        block-size: 100%;
      }
      textarea:focus-visible {
        outline: none;
      }
      .paper:focus-within {
        outline: 2px solid var(--lk-accent);
      }
      .faults button {
        color: var(--lk-accent);
        text-decoration: underline;
      }
    `,
  ];

  declare path: string;
  declare counts: OwnFile['counts'];
  declare text: string | undefined;
  /** Of what is written; null: nothing is yet. */
  declare etag: string | null;
  declare faults: readonly Fault[];
  declare said: string;
  declare problem: string | undefined;
  declare sure: boolean;
  #of = '';
  #saved = '';
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    Object.assign(this, { etag: null, faults: [], said: '', sure: false });
  }

  protected override willUpdate(): void {
    if (this.path === this.#of) return;
    this.#of = this.path;
    void this.#read();
  }

  async #read(): Promise<void> {
    Object.assign(this, { text: undefined, said: '', problem: undefined, sure: false });
    await this.#try(async () => {
      type Answer = { text: string; etag: string | null };
      const { text, etag } = await this.ctx.api.get<Answer>(
        `api/files/text?path=${encodeURIComponent(this.path)}`,
      );
      this.#saved = etag === null ? '' : text;
      Object.assign(this, { text, etag });
      await this.#check();
    });
  }

  async #check(): Promise<void> {
    const { text = '', path } = this;
    // Nothing is no fault as long as nobody wrote it.
    if (text === '') {
      this.faults = [];
      return;
    }
    const { faults } = await this.ctx.api.post<{ faults: readonly Fault[] }>('api/files/check', {
      path,
      text,
    });
    if (this.text === text) this.faults = faults;
  }

  protected override render(): TemplateResult {
    const { ctx, text, problem } = this;
    if (text === undefined)
      return html`${problem === undefined ? html`<p class="dim">${ctx.texts.say('loading')}</p>` : refusal(problem)}`;
    return html`<div class="stack">${this.#paper(text)}${this.#verdict(text)}${refusal(problem)}${this.#tools(text)}</div>`;
  }

  #paper(text: string): TemplateResult {
    const { texts, me } = this.ctx;
    const bad = new Set(this.faults.map(({ line }) => line));
    const numbers = text.split('\n').map((_, index) => index + 1);
    return html`<div class="paper">
      <div class="numbers" aria-hidden="true">${numbers.map((n) => html`<div class=${bad.has(n) ? 'bad' : ''}>${n}</div>`)}</div>
      <textarea spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" aria-label=${texts.say('editor', { file: this.path })}
        aria-describedby="verdict" ?readonly=${!may(me, 'provision')} .value=${text} @input=${this.#typed} @scroll=${this.#scrolled}
        @keydown=${this.#key}></textarea></div>`;
  }

  #verdict(text: string): TemplateResult {
    const { texts } = this.ctx;
    const { faults } = this;
    if (text === '') return html`<div id="verdict"></div>`;
    const head =
      faults.length === 0
        ? texts.say('sound')
        : texts.say(faults.length === 1 ? 'fault_one' : 'fault_many', { n: faults.length });
    return html`<div id="verdict" role="status" class="stack" style="gap:6px">
      <p class="state">${shape(faults.length === 0 ? 'ok' : 'problem')}${head}</p>
      ${
        faults.length === 0
          ? nothing
          : html`<ul class="list stack faults small" style="gap:4px">${faults.map(
              ({ line, path, message }) =>
                html`<li class="text">${line === undefined ? nothing : html`<button @click=${() => this.#goTo(line)}>${texts.say('in_line', { n: line })}</button> `}${path === undefined ? nothing : html`<code>${path}</code> `}${message}</li>`,
            )}</ul>`
      }</div>`;
  }

  #tools(text: string): TemplateResult | typeof nothing {
    const { texts, me } = this.ctx;
    const { faults, etag, said, sure } = this;
    if (!may(me, 'provision')) return html`<p class="dim">${texts.say('may_not_write')}</p>`;
    const changed = text !== this.#saved;
    return html`<div class="row">
      <button class="do" ?disabled=${!changed || faults.length > 0 || text === ''} @click=${this.#save}>${texts.say('save')}</button>
      ${etag === null ? nothing : html`<button class="plain" @click=${this.#remove}>${texts.say(sure ? 'remove_sure' : 'remove')}</button>`}
      <span class="dim" role="status">${said !== '' ? said : changed && etag !== null ? texts.say('unsaved') : nothing}</span></div>`;
  }

  #typed = ({ target }: Event): void => {
    Object.assign(this, {
      text: (target as HTMLTextAreaElement).value,
      said: '',
      problem: undefined,
      sure: false,
    });
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.#try(() => this.#check()), PAUSE_MS);
  };

  #scrolled = ({ target }: Event): void => {
    const numbers = this.renderRoot.querySelector('.numbers');
    if (numbers !== null) numbers.scrollTop = (target as HTMLElement).scrollTop;
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (this.faults.length === 0 && this.text !== this.#saved) void this.#save();
  };

  #goTo(line: number): void {
    const area = this.renderRoot.querySelector('textarea');
    if (area === null) return;
    const lines = area.value.split('\n');
    const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }

  #save = (): Promise<void> =>
    this.#try(async () => {
      const { ctx, path, text = '', etag } = this;
      this.said = ctx.texts.say('saving');
      const written = await ctx.api.put<{ etag: string }>('api/files/text', { path, text, etag });
      this.#saved = text;
      this.etag = written.etag;
      this.said = ctx.texts.say(this.counts === 'at once' ? 'saved_now' : 'saved_later');
    });

  #remove = async (): Promise<void> => {
    if (!this.sure) {
      this.sure = true;
      return;
    }
    await this.#try(async () => {
      const { path, etag } = this;
      await this.ctx.api.delete(
        `api/files/text?path=${encodeURIComponent(path)}&etag=${encodeURIComponent(etag ?? '')}`,
      );
      await this.#read();
    });
  };

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      Object.assign(this, { problem: messageOf(thrown), said: '' });
    }
  }
}

define('labkeeper-page-editor', LabkeeperEditor);
