import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { type Deed, deedsFor } from '../lab/actions.ts';
import { type Doer, isOver, type Job, type Plan } from '../lab/doer.ts';
import type { Thing } from '../lab/thing.ts';
import type { Words } from '../lab/words/words.ts';
import { deedsStyle } from './deeds-style.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** Milliseconds between two looks at a job. */
const FOLLOW = 700;

/** What was chosen, and how far it has come. */
interface Chosen {
  readonly deed: Deed;
  readonly requestId: string;
  readonly plan?: Plan;
  /** In words of whoever refused. */
  readonly refusal?: string;
  readonly job?: Job;
  readonly busy?: boolean;
  readonly done?: boolean;
}

/** What can be done to a thing: buttons, then what would happen, a confirmation by its risk, and how it goes. */
export class LabkeeperDeeds extends LitElement {
  static override properties = {
    thing: { attribute: false },
    words: { attribute: false },
    doer: { attribute: false },
    only: { attribute: false },
    chosen: { state: true },
    typed: { state: true },
  };
  static override styles = [tokens, shapeStyle, deedsStyle];

  declare thing: Thing;
  declare words: Words;
  declare doer: Doer | undefined;
  /** The one thing that is offered; left out: all that make sense. */
  declare only: Deed | undefined;
  declare chosen: Chosen | undefined;
  declare typed: string;

  constructor() {
    super();
    this.typed = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('thing');
    if (before !== undefined && before.id !== this.thing.id) this.chosen = undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { doer, words, thing } = this;
    if (doer === undefined) return nothing;
    const deeds = this.only === undefined ? deedsFor(thing, doer) : [this.only];
    if (deeds.length === 0 && this.chosen === undefined) return nothing;
    return html`
      ${this.only === undefined ? html`<h3>${words.say('actions')}</h3>` : nothing}
      <div class="deeds">${deeds.map(
        (deed) => html`<button class="deed ${deed.risk} ${deed.key === this.chosen?.deed.key ? 'chosen' : ''}"
          aria-expanded=${deed.atOnce ? nothing : deed.key === this.chosen?.deed.key}
          @click=${() => this.#choose(deed)}>${icon(deed.icon)}${words.deed(deed)}</button>`,
      )}</div>
      <div aria-live="polite">${this.chosen === undefined ? nothing : this.#sheet(this.chosen)}</div>
    `;
  }

  async #choose(deed: Deed): Promise<void> {
    if (this.chosen?.deed.key === deed.key && this.chosen.job === undefined) {
      this.chosen = undefined;
      return;
    }
    const { doer, thing } = this;
    const requestId = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) =>
      part.toString(36),
    ).join('-');
    const chosen: Chosen = { deed, requestId };
    this.typed = '';
    this.chosen = chosen;
    if (deed.atOnce) return this.#run();
    if (doer?.plan === undefined || !doer.has(deed.action)) return;
    try {
      this.#go(chosen, { plan: await doer.plan(deed, thing, requestId) });
    } catch (refused) {
      this.#go(chosen, { refusal: textOf(refused) });
    }
  }

  /** Goes on with what was chosen, unless something else was meanwhile. */
  #go(chosen: Chosen, change: Partial<Chosen>): void {
    if (this.chosen?.requestId === chosen.requestId) this.chosen = { ...this.chosen, ...change };
  }

  #sheet(chosen: Chosen): TemplateResult {
    const { words, thing } = this;
    const { deed, plan, refusal, job, busy, done } = chosen;
    if (job !== undefined || done || busy) return this.#progress(chosen);
    const failed = plan?.checks?.some(({ ok }) => !ok) === true;
    const waiting = plan === undefined && refusal === undefined && this.#plans(deed);
    return html`<section class="sheet" aria-label=${words.say('plan')}>
      <p>${words.means(deed.key, thing.name)}</p>
      ${waiting ? html`<p class="dim">${words.say('planning')}</p>` : nothing}
      ${refusal === undefined ? nothing : html`<p class="refusal">${shape('problem')}<span>${refusal}</span></p>`}
      ${plan === undefined ? nothing : this.#plan(plan)}
      ${refusal !== undefined || failed || waiting ? nothing : this.#confirm(deed)}
    </section>`;
  }

  #plans(deed: Deed): boolean {
    return this.doer?.plan !== undefined && this.doer.has(deed.action);
  }

  #plan({ steps, checks = [], warnings = [] }: Plan): TemplateResult {
    return html`
      <ol>${steps.map(
        ({ name, calls = [] }) => html`<li>${name}${calls.map((call) => html`<code>${call}</code>`)}</li>`,
      )}</ol>
      ${
        checks.length === 0
          ? nothing
          : html`<ul class="checks">${checks.map(
              ({ ok, message, hint }) => html`<li>${shape(ok ? 'ok' : 'problem')}
          <span class="hidden">${this.words.say(ok ? 'check_ok' : 'check_failed')}</span>
          <span>${message}${hint === undefined || ok ? nothing : html`<br><span class="dim">${hint}</span>`}</span></li>`,
            )}</ul>`
      }
      ${warnings.map((warning) => html`<p class="refusal">${shape('warning')}<span>${warning}</span></p>`)}
    `;
  }

  #confirm(deed: Deed): TemplateResult {
    const { words, thing } = this;
    const label = words.deed(deed);
    const typing = deed.risk === 'destroy';
    return html`
      ${
        typing
          ? html`<label>${words.say('type_name', { name: thing.name })}
        <input .value=${this.typed} autocomplete="off" spellcheck="false" @input=${(event: InputEvent) => {
          this.typed = (event.target as HTMLInputElement).value;
        }}></label>`
          : nothing
      }
      <div class="confirm">
        <button class="plain" @click=${() => {
          this.chosen = undefined;
        }}>${words.say('cancel')}</button>
        <button class="do ${deed.risk}" aria-disabled=${typing && this.typed !== thing.name}
          @click=${() => (typing && this.typed !== thing.name ? undefined : this.#run())}>${label}</button>
      </div>`;
  }

  #progress({ deed, job, refusal, done }: Chosen): TemplateResult {
    const { words } = this;
    const label = words.deed(deed);
    const failed =
      refusal !== undefined || (job !== undefined && ['failed', 'cancelled', 'unknown'].includes(job.state));
    const text = refusal ?? [job?.error?.message, job?.error?.hint].filter(Boolean).join(' ');
    const state = failed ? 'problem' : done || (job && isOver(job)) ? 'ok' : 'unknown';
    return html`<section class="sheet" aria-label=${label}>
      <p class="job">${shape(state)}<b>${label}</b>
        <span class="dim">${job === undefined ? (done ? words.say('sent') : words.say('job_queued')) : words.say(`job_${job.state}`)}</span></p>
      ${job?.step && !isOver(job) ? html`<p class="dim">${job.step}</p>` : nothing}
      ${job === undefined || isOver(job) ? nothing : html`<progress max="1" .value=${job.progress ?? 0} aria-label=${label}></progress>`}
      ${text === '' ? nothing : html`<p class="refusal"><span>${text}</span></p>`}
    </section>`;
  }

  async #run(): Promise<void> {
    const { chosen, doer, thing } = this;
    if (chosen === undefined || doer === undefined) return;
    const { deed, requestId } = chosen;
    this.#go(chosen, { busy: true });
    const confirm = deed.risk === 'destroy' ? this.typed : deed.risk === 'disrupt' ? true : undefined;
    try {
      const job = await doer.run(deed, thing, {
        ...(confirm !== undefined && { confirm }),
        // Only what was planned is bound to its plan.
        ...(chosen.plan !== undefined && { requestId }),
      });
      this.#go(chosen, { busy: false, done: true, ...(job !== undefined && { job }) });
      if (job !== undefined) await this.#follow(chosen, job);
    } catch (refused) {
      this.#go(chosen, { busy: false, done: true, refusal: textOf(refused) });
    }
  }

  async #follow(chosen: Chosen, first: Job): Promise<void> {
    let job = first;
    while (!isOver(job) && this.isConnected && this.chosen?.requestId === chosen.requestId) {
      await new Promise((resolve) => setTimeout(resolve, FOLLOW));
      job = (await this.doer?.job?.(job.id, this.thing)) ?? job;
      this.#go(chosen, { job });
    }
  }
}

const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

define('labkeeper-deeds', LabkeeperDeeds);
