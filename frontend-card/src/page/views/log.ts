import { css, html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { refusal } from '../bits.ts';
import { nameOf } from '../context.ts';
import { Part, repeat } from '../part.ts';
import { hashOf } from '../route.ts';
import { pageStyle } from '../style.ts';

interface Line {
  readonly seq: number;
  readonly text: string;
}

/** As many as the app keeps. */
const MOST = 2_000;
const LEVELS = { all: '', warnings: 'WARN ERROR', errors: 'ERROR' } as const;
type Level = keyof typeof LEVELS;

/** What Labkeeper logs, as it does; of a container, the end of what it wrote: `#log/<id>`. */
export class LabkeeperLog extends Part {
  static override properties = {
    ...Part.properties,
    lines: { state: true },
    cut: { state: true },
    level: { state: true },
    filter: { state: true },
    follow: { state: true },
    problem: { state: true },
  };
  static override styles = [
    tokens,
    shapeStyle,
    pageStyle,
    css`
      .lines {
        block-size: calc(100dvh - 250px);
        min-block-size: 320px;
        overflow: auto;
        padding: 10px 12px;
        border: 1px solid var(--lk-line);
        border-radius: var(--lk-radius);
        background: var(--lk-card);
        font:
          12.5px/19px ui-monospace,
          'SF Mono',
          Consolas,
          monospace;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .WARN {
        color: light-dark(#8f5200, #ffb74d);
      }
      .ERROR {
        color: var(--lk-problem);
      }
      .tools {
        margin-block-end: 12px;
      }
      .tools label {
        inline-size: 220px;
        max-inline-size: 100%;
      }
      .tools label.tick {
        display: flex;
        align-items: center;
        gap: 8px;
        inline-size: auto;
      }
    `,
  ];

  declare lines: readonly Line[];
  declare cut: boolean;
  declare level: Level;
  declare filter: string;
  declare follow: boolean;
  declare problem: string | undefined;
  #of: string | undefined;
  #end: (() => void) | undefined;

  constructor() {
    super();
    Object.assign(this, { lines: [], cut: false, level: 'all', filter: '', follow: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    this.#of = undefined;
  }

  protected override willUpdate(): void {
    const of = this.rest[0] ?? '';
    if (of === this.#of) return;
    this.#end?.();
    this.#of = of;
    Object.assign(this, { lines: [], cut: false, filter: '', problem: undefined });
    this.#end = of === '' ? repeat(2_000, () => this.#readOwn()) : repeat(5_000, () => this.#readOf(of));
  }

  protected override updated(): void {
    const box = this.renderRoot.querySelector('.lines');
    if (this.follow && box !== null) box.scrollTop = box.scrollHeight;
  }

  async #readOwn(): Promise<void> {
    await this.#try(async () => {
      const after = this.lines.at(-1)?.seq ?? 0;
      const { lines } = await this.ctx.api.get<{ lines: readonly Line[] }>(`api/app/log?after=${after}`);
      if (lines.length > 0) this.lines = [...this.lines, ...lines].slice(-MOST);
    });
  }

  async #readOf(id: string): Promise<void> {
    await this.#try(async () => {
      const { text, headers } = await this.ctx.api.text(`api/log?id=${encodeURIComponent(id)}`);
      const lines = text.split('\n').filter((line) => line !== '');
      if (lines.join('\n') === this.lines.map((line) => line.text).join('\n')) return;
      this.lines = lines.map((line, seq) => ({ seq, text: line }));
      this.cut = headers.get('x-log-cut') === '1';
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  protected override render(): TemplateResult {
    const { ctx, lines, cut, problem, filter } = this;
    const { texts } = ctx;
    const of = this.rest[0] ?? '';
    const own = of === '';
    const wanted = LEVELS[own ? this.level : 'all'];
    const shown = lines.filter(({ text }) => {
      if (wanted !== '' && !wanted.split(' ').includes(levelOf(text))) return false;
      return text.toLowerCase().includes(filter.trim().toLowerCase());
    });
    const title = own ? texts.say('log_title') : texts.say('log_of', { name: nameOf(ctx, of) });
    return html`${own ? nothing : html`<p class="small"><a href=${hashOf('log')}>${texts.say('own_log')}</a></p>`}
      <h1>${title}</h1><p class="about">${texts.say(own ? 'log_about' : 'log_container')} ${cut ? texts.say('log_cut') : nothing}</p>
      ${this.#tools(own)}
      ${refusal(problem)}
      <div class="lines" role="log" aria-live="off" tabindex="0" aria-label=${title}>${
        shown.length === 0
          ? html`<span class="dim">${texts.say('log_empty')}</span>`
          : shown.map(({ text }) => html`<div class=${own ? levelOf(text) : ''}>${text}</div>`)
      }</div>`;
  }

  #tools(own: boolean): TemplateResult {
    const { texts } = this.ctx;
    return html`<div class="row tools">
      ${
        own
          ? html`<label><span class="hidden">${texts.say('level')}</span><select @change=${({
              target,
            }: Event) => {
              this.level = (target as HTMLSelectElement).value as Level;
            }}>${(Object.keys(LEVELS) as Level[]).map((level) => html`<option value=${level}>${texts.of('log', level)}</option>`)}</select></label>`
          : nothing
      }
      <label><span class="hidden">${texts.say('filter')}</span><input type="search" placeholder=${texts.say('filter')} .value=${this.filter}
        @input=${({ target }: Event) => {
          this.filter = (target as HTMLInputElement).value;
        }}></label>
      <label class="tick"><input type="checkbox" .checked=${this.follow} @change=${({ target }: Event) => {
        this.follow = (target as HTMLInputElement).checked;
      }}>${texts.say('follow')}</label>
    </div>`;
  }
}

/** Of a line `21:04:05 WARN  docker/nas: …`. */
const levelOf = (text: string): string => /^\S+ (WARN|ERROR)\b/.exec(text)?.[1] ?? '';

define('labkeeper-page-log', LabkeeperLog);
