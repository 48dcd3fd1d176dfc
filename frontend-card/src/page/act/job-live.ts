import { css, html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { ago, jobState, refusal } from '../bits.ts';
import { may, nameOf } from '../context.ts';
import { Part } from '../part.ts';
import { pageStyle } from '../style.ts';
import { isOver, type Job } from '../wire.ts';

interface JobAnswer {
  readonly job: Job;
  readonly log: readonly { readonly time: string; readonly text: string }[];
}

/** One job as it goes: its step, what it told, what became of it. */
export class LabkeeperJob extends Part {
  static override properties = {
    ...Part.properties,
    job: { attribute: false },
    answer: { state: true },
    problem: { state: true },
  };
  static override styles = [
    tokens,
    shapeStyle,
    pageStyle,
    css`
      progress {
        inline-size: 100%;
        accent-color: var(--lk-accent);
      }
      .log {
        margin: 0;
        padding-inline-start: 0;
        list-style: none;
      }
    `,
  ];

  /** Its id. */
  declare job: string;
  declare answer: JobAnswer | undefined;
  declare problem: string | undefined;
  #seen = '';

  protected override render(): TemplateResult {
    const { ctx, answer, problem } = this;
    const { texts, feed, actions } = ctx;
    const told = feed.jobs.find(({ id }) => id === this.job);
    const key = `${this.job} ${told?.state} ${told?.step} ${told?.progress}`;
    if (key !== this.#seen) {
      this.#seen = key;
      void this.#read();
    }
    const job = told ?? answer?.job;
    if (job === undefined)
      return html`${refusal(problem) === nothing ? html`<p class="dim">${texts.say('loading')}</p>` : refusal(problem)}`;
    const action = actions.find(({ id }) => id === job.action);
    const title = action === undefined ? job.action : texts.declared(action).title;
    const log = answer?.job.id === job.id ? answer.log : [];
    return html`<section class="stack" aria-label=${title}>
      <div class="row"><h2>${title}: ${nameOf(ctx, job.target)}</h2>${jobState(job, texts)}
        <span class="dim small">${ago(job.created, ctx)}</span></div>
      <div aria-live="polite" class="stack">
        ${
          isOver(job)
            ? nothing
            : html`${job.step === null ? nothing : html`<p>${job.step}</p>`}
              <progress max="1" .value=${job.progress ?? 0} aria-label=${title}></progress>`
        }
        ${job.error === undefined ? nothing : refusal([job.error.message, job.error.hint].filter(Boolean).join('. '))}
      </div>
      ${
        log.length === 0
          ? nothing
          : html`<h3>${texts.say('job_log')}</h3>
            <ol class="log small">${log.map(({ time, text }) => html`<li><span class="dim">${time.slice(11, 19)}</span> ${text}</li>`)}</ol>`
      }
      ${job.result === undefined ? nothing : html`<h3>${texts.say('result')}</h3><pre tabindex="0">${JSON.stringify(job.result, null, 2)}</pre>`}
      ${refusal(problem)}
      ${
        isOver(job) || !may(ctx.me, 'operate')
          ? nothing
          : html`<p><button class="plain" @click=${this.#cancel}>${texts.say('cancel')}</button></p>`
      }
    </section>`;
  }

  async #read(): Promise<void> {
    const id = this.job;
    try {
      const answer = await this.ctx.api.get<JobAnswer>(`api/jobs/${encodeURIComponent(id)}`);
      if (id === this.job) this.answer = answer;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  #cancel = async (): Promise<void> => {
    try {
      await this.ctx.api.post('api/actions/cancel_job', { input: { job: this.job } });
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  };
}

define('labkeeper-page-job', LabkeeperJob);
