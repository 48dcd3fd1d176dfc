import { css, html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shape, shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { ago, commands, refusal } from '../bits.ts';
import { isAdministrator, may } from '../context.ts';
import { Part, repeat } from '../part.ts';
import { pageStyle } from '../style.ts';
import type { Broker, SystemView, Trouble } from '../wire.ts';
import './tokens-list.ts';

interface Deleted {
  readonly id: string;
  readonly name: string;
  readonly at: string;
}

const LOOK_MS = 5_000;
const STAGE = { ok: 'ok', failed: 'problem', open: 'unknown' } as const;
const STATE = { reachable: 'ok', lost: 'problem', starting: 'unknown' } as const;

/** How far each system is and what to do where it stops; devices to bring back; tokens. */
export class LabkeeperSetup extends Part {
  static override properties = {
    ...Part.properties,
    systems: { state: true },
    broker: { state: true },
    deleted: { state: true },
    tests: { state: true },
    problem: { state: true },
  };
  static override styles = [
    tokens,
    shapeStyle,
    pageStyle,
    css`
      .stages {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        list-style: none;
        margin: 0;
        padding: 0;
      }
      .trouble {
        display: grid;
        gap: 6px;
        padding-inline-start: 12px;
        border-inline-start: 3px solid var(--lk-problem);
      }
    `,
  ];

  declare systems: readonly SystemView[] | undefined;
  declare broker: Broker | null;
  declare deleted: readonly Deleted[];
  /** What a test of a connection came to, by owner. */
  declare tests: Readonly<Record<string, string>>;
  declare problem: string | undefined;
  #endLooking: (() => void) | undefined;

  constructor() {
    super();
    Object.assign(this, { broker: null, deleted: [], tests: {} });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endLooking = repeat(LOOK_MS, () => this.#look());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endLooking?.();
  }

  async #look(): Promise<void> {
    type Answer = { systems: readonly SystemView[]; broker: Broker | null };
    try {
      const [{ systems, broker }, { deleted }] = await Promise.all([
        this.ctx.api.get<Answer>('api/systems'),
        this.ctx.api.get<{ deleted: readonly Deleted[] }>('api/deleted'),
      ]);
      Object.assign(this, { systems, broker, deleted, problem: undefined });
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  protected override render(): TemplateResult {
    const { ctx, systems, broker, problem } = this;
    const { texts } = ctx;
    return html`<h1>${texts.say('setup_title')}</h1><p class="about">${texts.say('setup_about')}</p>
      ${refusal(problem)}
      ${
        broker === null
          ? nothing
          : html`<section class="card stack" style="gap:4px"><div class="row"><h2 class="grow">${texts.say('broker')} <span class="dim small">${broker.where}</span></h2>
            <span class="state">${shape(broker.connected ? 'ok' : 'problem')}${texts.say(broker.connected ? 'broker_connected' : 'broker_lost')}</span></div>
            ${broker.trouble === null ? nothing : html`<p class="text">${broker.trouble}</p>`}</section>`
      }
      ${systems?.length === 0 ? html`<section class="card"><p class="text">${texts.say('welcome_systems')}</p></section>` : nothing}
      ${(systems ?? []).map((system) => this.#system(system))}
      ${this.#deleted()}
      ${ctx.me.owner ? html`<labkeeper-page-tokens .ctx=${ctx}></labkeeper-page-tokens>` : nothing}`;
  }

  #system(system: SystemView): TemplateResult {
    const { ctx, tests } = this;
    const { texts } = ctx;
    const {
      owner,
      title,
      state,
      checks,
      calls_per_minute: calls,
      p95_ms: latency,
      errors,
      last_error: last,
    } = system;
    const numbers = [
      ...(calls === null
        ? []
        : [texts.say('calls', { n: calls < 10 ? calls.toFixed(1) : Math.round(calls) })]),
      ...(latency === null ? [] : [texts.say('latency', { n: Math.round(latency) })]),
      ...(errors === 0 ? [] : [texts.say('errors', { n: errors })]),
    ];
    return html`<section class="card stack">
      <div class="row"><h2 class="grow">${title} <span class="dim small">${owner}</span></h2>
        <span class="state">${shape(STATE[state])}${texts.of('system', state)}</span>
        ${
          isAdministrator(ctx.me)
            ? html`<button class="plain" ?disabled=${tests[owner] === texts.say('testing')} @click=${() => this.#test(owner)}>${texts.say('test')}<span class="hidden"> ${title}</span></button>`
            : nothing
        }</div>
      <ol class="stages">${checks.map(
        ({
          stage,
          state,
        }) => html`<li class="state">${shape(STAGE[state])}<span>${texts.of('stage', stage)}</span>
          <span class="hidden">${texts.of('stagestate', state)}</span></li>`,
      )}</ol>
      ${checks.flatMap(({ trouble = [] }) => trouble.map((one) => this.#trouble(one)))}
      ${tests[owner] === undefined ? nothing : html`<p class="text" role="status">${tests[owner]}</p>`}
      ${numbers.length === 0 ? nothing : html`<p class="dim small">${numbers.join(' · ')}</p>`}
      ${last === null || state === 'lost' ? nothing : html`<p class="dim small text">${texts.say('last_error', { text: last })}</p>`}
    </section>`;
  }

  #trouble({ message, hint, commands: lines = [] }: Trouble): TemplateResult {
    return html`<div class="trouble"><p class="text">${message}</p>
      ${hint === undefined ? nothing : html`<p class="text dim">${hint}</p>`}${commands(lines, this.ctx.texts)}</div>`;
  }

  async #test(owner: string): Promise<void> {
    const { api, texts } = this.ctx;
    const tell = (text: string): void => {
      this.tests = { ...this.tests, [owner]: text };
    };
    tell(texts.say('testing'));
    try {
      type Answer = { answers: boolean | null; error: Trouble | null };
      const { answers, error } = await api.post<Answer>('api/systems/ask', { owner });
      if (error !== null) tell([error.message, error.hint].filter(Boolean).join('. '));
      else tell(texts.say(answers === null ? 'test_none' : 'test_ok'));
    } catch (thrown) {
      tell(messageOf(thrown));
    }
    await this.#look();
  }

  #deleted(): TemplateResult | typeof nothing {
    const { ctx, deleted } = this;
    const { texts, me } = ctx;
    if (deleted.length === 0) return nothing;
    return html`<section class="card stack"><h2>${texts.say('deleted')}</h2><p class="text dim">${texts.say('deleted_about')}</p>
      <ul class="list stack">${deleted.map(
        ({
          id,
          name,
          at,
        }) => html`<li class="row"><span class="grow">${name} <span class="dim small">${id}</span></span>
          <span class="dim small">${ago(at, ctx)}</span>
          ${may(me, 'operate') ? html`<button class="plain" @click=${() => this.#bringBack(id)}>${texts.say('bring_back')}<span class="hidden"> ${name}</span></button>` : nothing}</li>`,
      )}</ul></section>`;
  }

  async #bringBack(target: string): Promise<void> {
    try {
      await this.ctx.api.post('api/actions/bring_back', { target, input: {}, wait_s: 5 });
      await this.#look();
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }
}

define('labkeeper-page-setup', LabkeeperSetup);
