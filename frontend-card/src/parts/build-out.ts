import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Risk } from '../lab/actions.ts';
import type { Asker, BuildOut, BuildOutAction, BuildOutItem } from '../lab/asker.ts';
import type { Doer } from '../lab/doer.ts';
import { EMPTY, type LabView } from '../lab/thing.ts';
import type { Words } from '../lab/words/words.ts';
import { define } from './define.ts';
import './deeds.ts';
import { listStyle } from './list-style.ts';
import { meter, meterStyle } from './meter.ts';
import { Polled } from './polled.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** What the lab is to become, phase by phase: what is there, what comes next, and doing it. */
export class LabkeeperBuildOut extends LitElement {
  static override properties = {
    lab: { attribute: false },
    words: { attribute: false },
    asker: { attribute: false },
    doer: { attribute: false },
  };
  static override styles = [
    tokens,
    shapeStyle,
    meterStyle,
    listStyle,
    css`
    details { border-radius: var(--lk-inner); background: var(--lk-soft); }
    summary { display: grid; padding: 12px; cursor: pointer; list-style: none; border-radius: var(--lk-inner); }
    ul { list-style: none; margin: 0; padding: 0 12px 12px; display: grid; gap: 10px; }
    li { display: grid; grid-template-columns: 12px 1fr; gap: 2px 10px; align-items: center; }
    li > :not(.shape, b) { grid-column: 2; }
    section.next { padding-inline-start: 16px; box-shadow: inset 3px 0 0 var(--lk-accent); }
    b { font-weight: 500; }
  `,
  ];

  declare lab: LabView;
  declare words: Words;
  declare asker: Asker | undefined;
  declare doer: Doer | undefined;
  readonly #plan = new Polled<BuildOut>(
    this,
    () => this.asker?.buildOut?.(),
    () => 60,
  );

  constructor() {
    super();
    this.lab = EMPTY;
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const { value: plan, refusal } = this.#plan;
    if (plan === undefined) {
      return html`<p class="dim">${refusal ?? words.say(this.asker?.buildOut === undefined ? 'needs_integration' : 'loading')}</p>`;
    }
    const next = plan.phases.flatMap(({ items }) => items).find(({ id }) => id === plan.next?.id);
    return html`
      ${meter({
        label: words.say('built'),
        text:
          plan.percent === null
            ? words.say('unknown')
            : words.value({ key: 'build_out', value: plan.percent, unit: '%' }),
        percent: plan.percent ?? undefined,
        good: true,
      })}
      ${next === undefined ? nothing : html`<section class="tile next"><span class="small dim">${words.say('next')}</span>${this.#item(next, true)}</section>`}
      ${plan.phases.map(
        ({
          id,
          title,
          percent,
          items,
        }) => html`<details ?open=${items.some((item) => item.id === next?.id)} name=${id}>
          <summary>${meter({
            label: title,
            text:
              percent === null
                ? words.say('unknown')
                : words.value({ key: 'build_out', value: percent, unit: '%' }),
            percent: percent ?? undefined,
            good: true,
          })}</summary>
          <ul>${items.map(
            (
              item,
            ) => html`<li>${shape(item.state === 'done' ? 'ok' : item.state === 'open' ? 'off' : 'unknown')}<b>${item.title}</b>
            <span class="hidden">${words.say(`item_${item.state}`)}</span>
            <span class="small dim">${item.state === 'done' ? item.because.join('; ') : item.todo}</span></li>`,
          )}</ul>
        </details>`,
      )}
    `;
  }

  #item(item: BuildOutItem, deeds: boolean): TemplateResult {
    const thing = [...this.lab.things.values()].find(
      ({ resource }) => resource !== undefined && resource === item.action?.target,
    );
    return html`<b>${item.title}</b><span>${item.todo}</span>
      ${
        deeds && thing !== undefined && item.action !== null && this.doer?.has(item.action.id) === true
          ? html`<labkeeper-deeds .thing=${thing} .words=${this.words} .doer=${this.doer} .only=${{
              ...{
                key: item.action.id,
                action: item.action.id,
                input: item.action.input,
                title: item.action.title,
              },
              ...{ risk: riskOf(item.action), icon: 'check', kinds: [thing.kind] },
            }}></labkeeper-deeds>`
          : nothing
      }`;
  }
}

/** What only looks asks for no more than what is done gently. */
const riskOf = ({ risk = 'provision' }: BuildOutAction): Risk => (risk === 'observe' ? 'operate' : risk);

define('labkeeper-build-out', LabkeeperBuildOut);
