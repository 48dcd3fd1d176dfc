import { css, html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { ApiError, messageOf } from '../api.ts';
import { refusal } from '../bits.ts';
import { Part } from '../part.ts';
import { pageStyle } from '../style.ts';
import type { Job, Plan, Risk } from '../wire.ts';
import { fieldView } from './field.ts';
import { type Field, type Filled, inputOf } from './form-model.ts';
import './job-live.ts';
import { isSound, planView } from './plan-view.ts';

/** What is to be done, as far as the form does not ask for it. */
export interface Order {
  readonly action: string;
  readonly risk: Risk;
  /** Id of what it is done to; undefined: nothing is chosen. */
  readonly target: string | undefined;
  readonly fields: readonly Field[];
  /** Makes the action's input of what was filled in; left out: it is that. */
  readonly wrap?: (input: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** What is filled in at the beginning. */
  readonly filled?: Filled;
}

/** One order from its form to its end: filled in, planned, confirmed by its risk, carried out as planned, followed. */
export class LabkeeperAct extends Part {
  static override properties = {
    ...Part.properties,
    order: { attribute: false },
    filled: { state: true },
    faults: { state: true },
    plan: { state: true },
    job: { state: true },
    typed: { state: true },
    busy: { state: true },
    problem: { state: true },
  };
  static override styles = [
    tokens,
    shapeStyle,
    pageStyle,
    css`
      .field {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 4px;
      }
      .fields {
        display: grid;
        gap: 14px;
        max-inline-size: 640px;
      }
      details .fields {
        margin-block-start: 12px;
      }
      [aria-invalid='true'] {
        border-color: var(--lk-problem);
      }
      .steps {
        margin: 0;
        padding-inline-start: 22px;
        display: grid;
        gap: 6px;
      }
      .confirm {
        max-inline-size: 420px;
      }
    `,
  ];

  declare order: Order;
  declare filled: Filled;
  declare faults: Filled;
  declare plan: Plan | undefined;
  declare job: string | undefined;
  declare typed: string;
  declare busy: boolean;
  declare problem: string | undefined;
  #for = '';
  #requestId = '';

  constructor() {
    super();
    Object.assign(this, { filled: {}, faults: {}, typed: '', busy: false });
  }

  protected override willUpdate(): void {
    const { action, target, filled = {} } = this.order;
    const key = `${action} ${target}`;
    if (key === this.#for) return;
    // Another action has other fields; another target is planned anew.
    if (action !== this.#for.split(' ')[0]) this.filled = filled;
    this.#for = key;
    Object.assign(this, { faults: {}, plan: undefined, job: undefined, problem: undefined, typed: '' });
  }

  protected override render(): TemplateResult {
    const { ctx, job, plan } = this;
    if (job !== undefined) {
      return html`<div class="stack"><labkeeper-page-job .ctx=${ctx} .job=${job}></labkeeper-page-job>
        <p><button class="plain" @click=${this.#again}>${ctx.texts.say('job_again')}</button></p></div>`;
    }
    return plan === undefined ? this.#form() : this.#sheet(plan);
  }

  #form(): TemplateResult {
    const { ctx, order, busy, problem } = this;
    const needed = order.fields.filter((field) => field.needed);
    const rest = order.fields.filter((field) => !field.needed);
    return html`<form class="stack" @submit=${this.#plan}>
      ${needed.length === 0 ? nothing : html`<div class="fields">${needed.map((field) => this.#field(field))}</div>`}
      ${
        rest.length === 0
          ? nothing
          : rest.length < 4
            ? html`<div class="fields">${rest.map((field) => this.#field(field))}</div>`
            : html`<details><summary>${ctx.texts.say('optional')} <span class="dim">${rest.length}</span></summary>
              <div class="fields">${rest.map((field) => this.#field(field))}</div></details>`
      }
      ${refusal(problem)}
      <p><button class="do" ?disabled=${busy || order.target === undefined}>${ctx.texts.say(busy ? 'planning' : 'plan')}</button></p>
    </form>`;
  }

  #field(field: Field): TemplateResult {
    const { filled, faults, ctx } = this;
    const { key } = field;
    return fieldView(field, filled[key] ?? '', faults[key], ctx.texts, (text) => {
      this.filled = { ...this.filled, [key]: text };
      const { [key]: _, ...others } = this.faults;
      this.faults = others;
    });
  }

  #sheet(plan: Plan): TemplateResult {
    const { ctx, busy, problem, typed } = this;
    const { texts } = ctx;
    const { confirm } = plan;
    const ready = isSound(plan) && (typeof confirm !== 'string' || typed === confirm);
    return html`<form class="stack" @submit=${this.#run}>
      ${planView(plan, texts)}
      ${
        isSound(plan) && typeof confirm === 'string'
          ? html`<label class="confirm">${texts.say('type_confirm', { name: confirm })}
            <input autocomplete="off" spellcheck="false" .value=${typed} @input=${({ target }: Event) => {
              this.typed = (target as HTMLInputElement).value;
            }}></label>`
          : nothing
      }
      ${refusal(problem)}
      <p class="row">
        <button type="button" class="plain" @click=${this.#back}>${texts.say('back')}</button>
        ${
          isSound(plan)
            ? html`<button class="do ${plan.risk}" ?disabled=${busy || !ready}>${texts.say(confirm === true ? 'confirm_disrupt' : 'run')}</button>`
            : nothing
        }
      </p>
    </form>`;
  }

  #back = (): void => {
    Object.assign(this, { plan: undefined, problem: undefined, typed: '' });
  };

  #again = (): void => {
    Object.assign(this, { plan: undefined, job: undefined, problem: undefined, typed: '' });
  };

  get #input(): Readonly<Record<string, unknown>> {
    const { order, filled, ctx } = this;
    const { input } = inputOf(order.fields, filled, ctx.texts);
    return order.wrap?.(input) ?? input;
  }

  #plan = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { order, filled, ctx } = this;
    const { faults } = inputOf(order.fields, filled, ctx.texts);
    this.faults = faults;
    const [first] = Object.keys(faults);
    if (first !== undefined) {
      await this.updateComplete;
      const field = this.renderRoot.querySelector<HTMLElement>(`#field-${first}`);
      field?.closest('details')?.setAttribute('open', '');
      field?.focus();
      return;
    }
    this.#requestId = Array.from(crypto.getRandomValues(new Uint32Array(4)), (one) => one.toString(36)).join(
      '-',
    );
    await this.#try(async () => {
      const target = ctx.feed.view.things.get(order.target ?? '');
      const confirm = order.risk === 'disrupt' ? true : order.risk === 'destroy' ? target?.name : undefined;
      let plan = await this.#ask<{ plan: Plan }>({ dry_run: true, confirm });
      // Some want more repeated than the name of their target.
      if (typeof plan.plan.confirm === 'string' && plan.plan.confirm !== confirm) {
        plan = await this.#ask<{ plan: Plan }>({ dry_run: true, confirm: plan.plan.confirm });
      }
      this.plan = plan.plan;
    });
  };

  #run = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { confirm } = this.plan ?? {};
    await this.#try(async () => {
      const { job } = await this.#ask<{ job: Job }>({
        confirm: typeof confirm === 'string' ? this.typed : confirm,
      });
      this.job = job.id;
    });
  };

  #ask<T>(more: object): Promise<T> {
    const { action, target } = this.order;
    const asked = { target, input: this.#input, request_id: this.#requestId, ...more };
    return this.ctx.api.post<T>(`api/actions/${action}`, asked);
  }

  async #try(work: () => Promise<void>): Promise<void> {
    Object.assign(this, { busy: true, problem: undefined });
    try {
      await work();
    } catch (thrown) {
      const field = thrown instanceof ApiError ? thrown.path?.split('.')[0] : undefined;
      if (field !== undefined && this.order.fields.some(({ key }) => key === field)) {
        this.faults = { ...this.faults, [field]: messageOf(thrown) };
      }
      this.problem = messageOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}

define('labkeeper-page-act', LabkeeperAct);
