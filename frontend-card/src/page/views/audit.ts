import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shape, shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { ago, refusal, whoOf } from '../bits.ts';
import { nameOf } from '../context.ts';
import { Part } from '../part.ts';
import { hashOf } from '../route.ts';
import { pageStyle } from '../style.ts';
import type { AuditEntry } from '../wire.ts';

const STEP = 100;

/** Who asked for what, and what was decided. */
export class LabkeeperAudit extends Part {
  static override properties = {
    ...Part.properties,
    entries: { state: true },
    whole: { state: true },
    problem: { state: true },
  };
  static override styles = [tokens, shapeStyle, pageStyle];

  declare entries: readonly AuditEntry[] | undefined;
  declare whole: boolean;
  declare problem: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(before?: number): Promise<void> {
    try {
      const more = before === undefined ? '' : `&before=${before}`;
      const { entries } = await this.ctx.api.get<{ entries: readonly AuditEntry[] }>(
        `api/audit?limit=${STEP}${more}`,
      );
      this.entries = [...(before === undefined ? [] : (this.entries ?? [])), ...entries];
      this.whole = entries.length < STEP;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  protected override render(): TemplateResult {
    const { ctx, entries, problem, whole } = this;
    const { texts } = ctx;
    return html`<h1>${texts.say('audit_title')}</h1><p class="about">${texts.say('audit_about')}</p>
      ${refusal(problem)}
      ${
        entries === undefined
          ? nothing
          : html`<section class="card scroll" tabindex="0" role="region" aria-label=${texts.say('audit_title')}>
            ${entries.length === 0 ? html`<p class="dim">${texts.say('nothing')}</p>` : this.#table(entries)}</section>
          ${whole ? nothing : html`<button class="plain" @click=${() => this.#read(entries.at(-1)?.seq)}>${texts.say('older')}</button>`}`
      }`;
  }

  #table(entries: readonly AuditEntry[]): TemplateResult {
    const { texts } = this.ctx;
    return html`<table><thead><tr><th>${texts.say('when')}</th><th>${texts.say('who')}</th><th>${texts.say('what')}</th>
      <th>${texts.say('decision')}</th></tr></thead><tbody>${entries.map((entry) => this.#line(entry))}</tbody></table>`;
  }

  #line(entry: AuditEntry): TemplateResult {
    const { ctx } = this;
    const { texts, actions } = ctx;
    const { time, action, target, input, decision, message, job, risk } = entry;
    const known = actions.find(({ id }) => id === action);
    const title = known === undefined ? action : texts.declared(known).title;
    const text = input === null || JSON.stringify(input) === '{}' ? '' : JSON.stringify(input);
    return html`<tr><td class="when">${ago(time, ctx)}</td><td>${whoOf(entry)}</td>
      <td>${job === null ? title : html`<a href=${hashOf('jobs', job)}>${title}</a>`}: ${nameOf(ctx, target)}
        ${risk === null ? nothing : html`<span class="tag ${risk}">${texts.of('risk', risk)}</span>`}
        ${text === '' ? nothing : html`<br><code class="small dim">${text}</code>`}</td>
      <td><span class="state">${shape(decision === 'accepted' ? 'ok' : 'problem')}${texts.of('decision', decision)}</span>
        ${message === null ? nothing : html`<p class="small text dim">${message}</p>`}</td></tr>`;
  }
}

define('labkeeper-page-audit', LabkeeperAudit);
