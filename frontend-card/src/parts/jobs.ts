import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Asker, AuditEntry } from '../lab/asker.ts';
import { isOver, type Job } from '../lab/doer.ts';
import { agoText } from '../lab/format.ts';
import { EMPTY, type Health, type LabView } from '../lab/thing.ts';
import type { Words } from '../lab/words/words.ts';
import { define } from './define.ts';
import { listStyle } from './list-style.ts';
import { Polled } from './polled.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

const HEALTH: Readonly<Record<Job['state'], Health>> = {
  ...{ queued: 'off', running: 'unknown', succeeded: 'ok', failed: 'problem', cancelled: 'off' },
  unknown: 'warning',
};

/** What is being done, what was done, and who asked for it. */
export class LabkeeperJobs extends LitElement {
  static override properties = {
    lab: { attribute: false },
    words: { attribute: false },
    asker: { attribute: false },
  };
  static override styles = [
    tokens,
    shapeStyle,
    listStyle,
    css`
    .job { display: grid; grid-template-columns: 12px 1fr auto; gap: 2px 10px; align-items: center; padding: 8px 12px; }
    .job > .more { grid-column: 2 / -1; overflow-wrap: anywhere; }
    progress { grid-column: 2 / -1; }
  `,
  ];

  declare lab: LabView;
  declare words: Words;
  declare asker: Asker | undefined;
  readonly #jobs = new Polled<readonly Job[]>(
    this,
    () => this.asker?.jobs?.(),
    (jobs) => (jobs?.some((job) => !isOver(job)) ? 1.5 : 10),
  );
  readonly #audit = new Polled<readonly AuditEntry[]>(
    this,
    () => this.asker?.audit?.(),
    () => 30,
  );

  constructor() {
    super();
    this.lab = EMPTY;
  }

  protected override render(): TemplateResult {
    const { words, asker } = this;
    const { value: jobs, refusal } = this.#jobs;
    const entries = this.#audit.value ?? [];
    return html`<section><h3>${words.say('jobs')}</h3>
      ${
        jobs === undefined || jobs.length === 0
          ? html`<p class="dim">${refusal ?? words.say(jobs !== undefined ? 'no_jobs' : asker?.jobs === undefined ? 'needs_integration' : 'loading')}</p>`
          : html`<div class="rows" role="list">${jobs.map((job) => this.#job(job))}</div>`
      }</section>
      ${entries.length === 0 ? nothing : html`<section><h3>${words.say('audit')}</h3><div class="rows" role="list">${entries.map((entry) => this.#entry(entry))}</div></section>`}`;
  }

  #nameOf(resource: string | null): string {
    const found = [...this.lab.things.values()].find((thing) => thing.resource === resource);
    return found?.name ?? resource?.split('/').at(-1) ?? '';
  }

  #job(job: Job): TemplateResult {
    const { words } = this;
    const title = `${words.action(job.action)} · ${this.#nameOf(job.target)}`;
    const text =
      job.error === undefined
        ? isOver(job)
          ? undefined
          : job.step
        : [job.error.message, job.error.hint].filter(Boolean).join(' ');
    return html`<div class="job line" role="listitem">${shape(HEALTH[job.state])}<span class="name">${title}</span>
      <span class="small dim num">${[words.say(`job_${job.state}`), agoText(job.ended ?? job.created, words.writing)].join(' · ')}</span>
      ${isOver(job) ? nothing : html`<progress max="1" .value=${job.progress ?? 0} aria-label=${title}></progress>`}
      ${text ? html`<span class="more small dim">${text}</span>` : nothing}</div>`;
  }

  #entry({ action, target, user, door, decision, message, time }: AuditEntry): TemplateResult {
    const { words } = this;
    return html`<div class="job line" role="listitem">${shape(decision === 'accepted' ? 'ok' : 'warning')}
      <span class="name">${words.action(action)} · ${this.#nameOf(target)}</span>
      <span class="small dim num">${[words.say(`decision_${decision}`), agoText(time, words.writing)].join(' · ')}</span>
      <span class="more small dim">${[user, door, message].filter(Boolean).join(' · ')}</span></div>`;
  }
}

define('labkeeper-jobs', LabkeeperJobs);
