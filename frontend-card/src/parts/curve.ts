import { html, nothing, svg, type TemplateResult } from 'lit';
import type { BreakEven } from '../lab/break-even.ts';
import { numberText } from '../lab/format.ts';
import type { Words } from '../lab/words/words.ts';

const WIDTH = 360;
const HEIGHT = 130;
const BOTTOM = 20;

/** What owning and what renting costs over hours of work, with the place where they meet. */
export function curve({ hours, now, until, own, rent, currency }: BreakEven, words: Words): TemplateResult {
  const top = Math.max(own(until), rent(until)) * 1.08;
  const x = (at: number): number => (at / until) * WIDTH;
  const y = (cost: number): number => (1 - cost / top) * (HEIGHT - BOTTOM);
  const line = (cost: (at: number) => number): string => `M0 ${y(cost(0))}L${WIDTH} ${y(cost(until))}`;
  const money = (value: number): string => `${currency}${numberText(value, words.writing, 0)}`;
  const label = words.say('curve', {
    hours: hours === undefined ? '–' : numberText(hours, words.writing, 0),
    cost: hours === undefined ? '–' : money(own(hours)),
  });
  return html`<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
      ${svg`<line class="grid" x1="0" x2=${WIDTH} y1=${HEIGHT - BOTTOM} y2=${HEIGHT - BOTTOM}/>
        <path class="own" d=${line(own)} fill="none" stroke-width="2"/>
        <path class="rent" d=${line(rent)} fill="none" stroke-width="2"/>
        <line class="now" x1=${x(now)} x2=${x(now)} y1="0" y2=${HEIGHT - BOTTOM}/>
        <text x=${Math.min(x(now) + 4, WIDTH - 60)} y="12">${words.say('now')}</text>
        ${
          hours === undefined
            ? nothing
            : svg`<circle cx=${x(hours)} cy=${y(own(hours))} r="4" fill="currentColor"/>
              <text x=${x(hours) + 8} y=${y(own(hours)) + 16}>${numberText(hours, words.writing, 0)} h · ${money(own(hours))}</text>`
        }`}
    </svg>
    <span class="legend small"><span><i class="o0"></i>${words.say('own')}</span><span><i class="o1"></i>${words.say('rent')}</span></span>`;
}
