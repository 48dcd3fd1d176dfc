import { css, html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import type { Health } from '../lab/thing.ts';

/** One shape for each health, so that it is told without its colour. */
const SHAPES: Readonly<Record<Health, SVGTemplateResult>> = {
  ok: svg`<circle cx="6" cy="6" r="4" fill="currentColor"/>`,
  off: svg`<circle cx="6" cy="6" r="3.4" fill="none" stroke="currentColor" stroke-width="1.4"/>`,
  warning: svg`<path d="M6 .8 11.6 11H.4z" fill="currentColor"/>`,
  problem: svg`<path d="M6 0 12 6 6 12 0 6z" fill="currentColor"/>`,
  away: svg`<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M2.6 9.4 9.4 2.6" stroke="currentColor" stroke-width="1.6"/>`,
  unknown: svg`<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.4 2"/>`,
};

/** How something is, as a shape with a colour. What it means has to be said beside it. */
export const shape = (health: Health): TemplateResult =>
  html`<svg class="shape ${health}" viewBox="0 0 12 12" aria-hidden="true">${SHAPES[health]}</svg>`;

export const shapeStyle = css`
  .shape {
    flex: none;
    inline-size: 12px;
    block-size: 12px;
    color: var(--lk-dim);
  }
  .shape.ok {
    color: var(--lk-ok);
  }
  .shape.warning {
    color: var(--lk-warning);
  }
  .shape.problem {
    color: var(--lk-problem);
  }
`;
