import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import '../act/job-live.ts';
import { ago, jobState, whoOf } from '../bits.ts';
import { nameOf } from '../context.ts';
import { Part } from '../part.ts';
import { hashOf } from '../route.ts';
import { pageStyle } from '../style.ts';
import { isOver, type Job } from '../wire.ts';

const STEP = 100;

/** What was asked for and what became of it; one of them as it goes: `#jobs/<id>`. */
export class LabkeeperJobs extends Part {
  static override properties = { ...Part.properties, older: { state: true } };
  static override styles = [tokens, shapeStyle, pageStyle];

  declare older: readonly Job[];

  constructor() {
    super();
    this.older = [];
  }

  protected override render(): TemplateResult {
    const { ctx, rest } = this;
    const { texts } = ctx;
    const [id] = rest;
    if (id !== undefined && id !== '') {
      return html`<p class="small"><a href=${hashOf('jobs')}>${texts.say('all_jobs')}</a></p>
        <section class="card"><labkeeper-page-job .ctx=${ctx} .job=${id}></labkeeper-page-job></section>`;
    }
    const known = new Set(ctx.feed.jobs.map((job) => job.id));
    const jobs = [...ctx.feed.jobs, ...this.older.filter((job) => !known.has(job.id))];
    return html`<h1>${texts.say('jobs_title')}</h1><p class="about">${texts.say('jobs_about')}</p>
      <section class="card scroll" tabindex="0" role="region" aria-label=${texts.say('jobs_title')}>
        ${jobs.length === 0 ? html`<p class="dim">${texts.say('nothing')}</p>` : this.#table(jobs)}
      </section>
      ${jobs.length < STEP ? nothing : html`<button class="plain" @click=${() => this.#more(jobs)}>${texts.say('older')}</button>`}`;
  }

  #table(jobs: readonly Job[]): TemplateResult {
    const { texts } = this.ctx;
    return html`<table><thead><tr><th>${texts.say('what')}</th><th>${texts.say('outcome')}</th>
      <th class="wide">${texts.say('who')}</th><th>${texts.say('when')}</th></tr></thead>
      <tbody>${jobs.map((job) => this.#line(job))}</tbody></table>`;
  }

  #line(job: Job): TemplateResult {
    const { ctx } = this;
    const { texts, actions } = ctx;
    const action = actions.find(({ id }) => id === job.action);
    const title = action === undefined ? job.action : texts.declared(action).title;
    const percent = job.progress === null ? '' : ` (${Math.round(job.progress * 100)} %)`;
    return html`<tr><td><a href=${hashOf('jobs', job.id)}>${title}: ${nameOf(ctx, job.target)}</a>
        ${job.error === undefined ? nothing : html`<p class="text small fault">${job.error.message}</p>`}</td>
      <td>${jobState(job, texts)}${isOver(job) || job.step === null ? nothing : html`<p class="small dim">${job.step}${percent}</p>`}</td>
      <td class="wide dim">${whoOf(job)}</td><td class="when">${ago(job.created, ctx)}</td></tr>`;
  }

  async #more(jobs: readonly Job[]): Promise<void> {
    const last = jobs.at(-1)?.id ?? '';
    const { jobs: older } = await this.ctx.api.get<{ jobs: readonly Job[] }>(
      `api/jobs?limit=${STEP}&before=${encodeURIComponent(last)}`,
    );
    this.older = [...this.older, ...older];
  }
}

define('labkeeper-page-jobs', LabkeeperJobs);
