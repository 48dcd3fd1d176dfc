import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import { align } from '../lab/align.ts';
import type { HistorySource, Series } from '../lab/asker.ts';
import { quantityText } from '../lab/format.ts';
import type { Words } from '../lab/words/words.ts';
import { define } from './define.ts';
import { tokens } from './tokens.ts';

/** One line of a graph. */
export interface Line {
  readonly entity: string;
  readonly label: string;
  readonly unit: string | undefined;
}

/** Seconds that a graph shows at least. */
const SHORTEST = 600;

/** What was measured, as lines: small without axes, or large with them. Asks for nothing while it is out of sight. */
export class LabkeeperGraph extends LitElement {
  static override properties = {
    lines: { attribute: false },
    words: { attribute: false },
    history: { attribute: false },
    hours: { type: Number },
    large: { type: Boolean },
    most: { type: Number },
  };
  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        min-inline-size: 0;
        direction: ltr;
        --lk-line-1: light-dark(#0277bd, #4fc3f7);
        --lk-line-2: light-dark(#8e5bb5, #ce9ff0);
        --lk-line-3: light-dark(#2e7d4f, #66bb8a);
      }
      /* What of uPlot's own style our graphs use. */
      .u-wrap {
        position: relative;
        user-select: none;
      }
      .u-over,
      .u-under,
      .u-axis,
      .u-cursor-x,
      .u-cursor-pt,
      .u-select {
        position: absolute;
      }
      .u-under {
        overflow: hidden;
      }
      .u-cursor-x,
      .u-cursor-pt {
        inset-block-start: 0;
        left: 0;
        pointer-events: none;
      }
      .u-cursor-x {
        block-size: 100%;
        border-right: 1px solid var(--lk-dim);
      }
      .u-cursor-pt {
        border-radius: 50%;
      }
      .u-off {
        display: none;
      }
      canvas {
        display: block;
        inline-size: 100%;
        block-size: 100%;
      }
      .plot {
        block-size: 44px;
        overflow: hidden;
        border-radius: 6px;
      }
      :host([large]) .plot {
        block-size: 160px;
      }
    `,
  ];

  declare lines: readonly Line[];
  declare words: Words;
  declare history: HistorySource | undefined;
  declare hours: number;
  declare large: boolean;
  /** The most that there can be, as 100 %; left out: what there was. */
  declare most: number | undefined;
  #plot: uPlot | undefined;
  #end: (() => void) | undefined;
  #visible = false;
  #series: ReadonlyMap<string, Series> = new Map();
  #sight: IntersectionObserver | undefined;
  #size: ResizeObserver | undefined;

  constructor() {
    super();
    this.lines = [];
    this.hours = 6;
    this.large = false;
  }

  protected override render(): TemplateResult {
    return html`<div class="plot" role="img" aria-label=${this.#label()}></div>`;
  }

  #label(): string {
    return this.lines
      .map(({ entity, label, unit }) => {
        const values = (this.#series.get(entity)?.values ?? []).filter((value) => value !== null);
        if (values.length === 0) return label;
        const text = (value: number): string => quantityText(value, unit, this.words.writing);
        return `${label}: ${text(Math.min(...values))} – ${text(Math.max(...values))}`;
      })
      .join('; ');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight = new IntersectionObserver(([entry]) => {
      this.#visible = entry?.isIntersecting === true;
      this.#watch();
    });
    this.#sight.observe(this);
    this.#size = new ResizeObserver(() => {
      const width = this.clientWidth;
      if (width > 0) this.#plot?.setSize({ width, height: this.#height });
    });
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
    this.#size?.disconnect();
    this.#visible = false;
    this.#watch();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const keys = ['lines', 'hours', 'large', 'most', 'history'] as const;
    if (keys.some((key) => changed.has(key))) {
      this.#end?.();
      this.#end = undefined;
      this.#plot?.destroy();
      this.#plot = undefined;
      this.#watch();
    }
  }

  get #height(): number {
    return this.large ? 160 : 44;
  }

  #watch(): void {
    if (!this.#visible) {
      this.#end?.();
      this.#end = undefined;
      return;
    }
    const ids = this.lines.map(({ entity }) => entity);
    this.#end ??= this.history?.watch(ids, this.hours, (series) => {
      this.#series = series;
      this.#draw();
      this.requestUpdate();
    });
  }

  #draw(): void {
    const target = this.renderRoot.querySelector<HTMLElement>('.plot');
    const width = this.clientWidth;
    if (target === null || width === 0) return;
    const now = Date.now() / 1_000;
    const data = align(
      this.lines.map(({ entity }) => this.#series.get(entity)),
      this.#from(now),
      now,
      width,
    );
    if (this.#plot === undefined) this.#plot = new uPlot(this.#options(width), data, target);
    else this.#plot.setData(data);
  }

  /** The beginning: of what was asked for, or of what is known where that is younger. */
  #from(now: number): number {
    const firsts = this.lines.map(({ entity }) => this.#series.get(entity)?.times[0] ?? now);
    return Math.max(now - this.hours * 3_600, Math.min(...firsts, now - SHORTEST));
  }

  #time(seconds: number): string {
    const { language, timeZone } = this.words.writing;
    const form: Intl.DateTimeFormatOptions =
      this.hours > 48
        ? { day: 'numeric', month: 'short' }
        : { hour: '2-digit', minute: '2-digit', hour12: false };
    return new Date(seconds * 1_000).toLocaleString(language, { ...form, ...(timeZone && { timeZone }) });
  }

  #options(width: number): uPlot.Options {
    const style = getComputedStyle(this);
    const color = (name: string): string => resolved(this, style.getPropertyValue(name));
    const grid = color('--lk-line');
    const text = color('--lk-dim');
    const axis = {
      stroke: text,
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
      font: '11px system-ui',
    };
    const { writing } = this.words;
    const unit = this.lines[0]?.unit;
    return {
      ...{ width, height: this.#height, pxAlign: false, legend: { show: false } },
      padding: this.large ? [8, 8, 0, 0] : [3, 0, 1, 0],
      cursor: { show: this.large, y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: {
        x: { time: true },
        y: { range: (_, low, high) => [Math.min(0, low), this.most ?? Math.max(high * 1.1, 0.001)] },
      },
      axes: this.large
        ? [
            { ...axis, size: 26, values: (_, ticks) => ticks.map((tick) => this.#time(tick)) },
            {
              ...axis,
              size: 64,
              values: (_, ticks) => ticks.map((tick) => quantityText(tick, unit, writing)),
            },
          ]
        : [{ show: false }, { show: false }],
      series: [
        {},
        ...this.lines.map(({ label }, index) => {
          const stroke = color(`--lk-line-${(index % 3) + 1}`);
          return {
            ...{ label, stroke, width: 1.5, points: { show: false } },
            ...(index === 0 && { fill: `color-mix(in srgb, ${stroke} 14%, transparent)` }),
          };
        }),
      ],
    };
  }
}

/** A canvas knows neither variables nor `light-dark()`. */
function resolved(host: HTMLElement, value: string): string {
  const probe = document.createElement('i');
  probe.style.color = value;
  host.shadowRoot?.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

define('labkeeper-graph', LabkeeperGraph);
