import { css, html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { tokens } from '../../parts/tokens.ts';
import '../act/act.ts';
import type { Order } from '../act/act.ts';
import { fieldsOf } from '../act/form-model.ts';
import { targetField, wholeLab } from '../act/targets.ts';
import { may, nameOf } from '../context.ts';
import { Part } from '../part.ts';
import { hashOf } from '../route.ts';
import { pageStyle } from '../style.ts';
import type { Action } from '../wire.ts';

/** Those have parts of the page of their own. */
const ELSEWHERE = ['cancel_job', 'bring_back', 'deploy_recipe'];

/** Everything that can be done, and the form of each: `#do/<action>/<target>`. */
export class LabkeeperActions extends Part {
  static override properties = { ...Part.properties, search: { state: true } };
  static override styles = [
    tokens,
    pageStyle,
    css`
      .all {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
        gap: 10px;
      }
      .all a {
        display: grid;
        align-content: start;
        gap: 4px;
        padding: 12px 14px;
        border: 1px solid var(--lk-line);
        border-radius: var(--lk-radius);
        background: var(--lk-card);
        color: inherit;
        text-decoration: none;
      }
      .all a:hover {
        border-color: var(--lk-dim);
      }
      .search {
        max-inline-size: 320px;
        margin-block-end: 12px;
      }
    `,
  ];

  declare search: string;

  constructor() {
    super();
    this.search = '';
  }

  protected override render(): TemplateResult {
    const [id = '', target = ''] = this.rest;
    const action = this.ctx.actions.find((one) => one.id === id);
    return action === undefined ? this.#catalogue(target) : this.#one(action, target);
  }

  #catalogue(target: string): TemplateResult {
    const { ctx, search } = this;
    const { texts, me, actions, feed } = ctx;
    const kind = feed.view.things.get(target)?.kind;
    const shown = actions.filter((action) => {
      const { id, risk, kinds } = action;
      if (ELSEWHERE.includes(id) || !may(me, risk) || (kind !== undefined && !kinds.includes(kind)))
        return false;
      const { title, description } = texts.declared(action);
      return `${id} ${title} ${description}`.toLowerCase().includes(search.trim().toLowerCase());
    });
    return html`<h1>${kind === undefined ? texts.say('do_title') : nameOf(ctx, target)}</h1>
      <p class="about">${texts.say(may(me, 'operate') ? 'do_about' : 'do_none')}</p>
      <label class="search"><span class="hidden">${texts.say('search')}</span>
        <input type="search" placeholder=${texts.say('search')} .value=${search} @input=${({
          target,
        }: Event) => {
          this.search = (target as HTMLInputElement).value;
        }}></label>
      <div class="all">${shown.map((action) => {
        const { title, description } = texts.declared(action);
        return html`<a href=${hashOf('do', action.id, ...(target === '' ? [] : [target]))}>
          <span class="row"><b class="grow">${title}</b>${this.#risk(action)}</span>
          <span class="dim small">${description}</span></a>`;
      })}</div>
      ${shown.length === 0 ? html`<p class="dim">${texts.say('nothing')}</p>` : nothing}`;
  }

  #risk({ risk }: Action): TemplateResult {
    return html`<span class="tag ${risk}">${this.ctx.texts.of('risk', risk)}</span>`;
  }

  #one(action: Action, given: string): TemplateResult {
    const { ctx } = this;
    const { texts } = ctx;
    const { title, description } = texts.declared(action);
    const whole = action.kinds.length === 1 && action.kinds[0] === 'app';
    const target = whole ? wholeLab(ctx) : given === '' ? undefined : given;
    const order: Order = {
      ...{ action: action.id, risk: action.risk, target },
      fields: fieldsOf(action.input, texts),
    };
    return html`<p class="small"><a href=${hashOf('do')}>${texts.say('do_title')}</a></p>
      <h1>${title} ${this.#risk(action)}</h1><p class="about">${description}</p>
      <section class="card stack">
        ${
          whole
            ? html`<p>${texts.say('whole_lab')}</p>`
            : targetField(ctx, action.kinds, target, (id) => {
                location.hash = hashOf('do', action.id, ...(id === undefined ? [] : [id]));
              })
        }
        <labkeeper-page-act .ctx=${ctx} .order=${order}></labkeeper-page-act>
      </section>`;
  }
}

define('labkeeper-page-actions', LabkeeperActions);
