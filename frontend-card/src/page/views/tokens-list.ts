import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { ago, refusal } from '../bits.ts';
import { Part } from '../part.ts';
import { pageStyle } from '../style.ts';

interface Token {
  readonly name: string;
  readonly ceiling: string;
  readonly last_used: string | null;
  readonly token: string | null;
}

/** The tokens, which are read only when somebody wants to see them. */
export class LabkeeperTokens extends Part {
  static override properties = {
    ...Part.properties,
    all: { state: true },
    problem: { state: true },
  };
  static override styles = [tokens, shapeStyle, pageStyle];

  declare all: readonly Token[] | undefined;
  declare problem: string | undefined;

  protected override render(): TemplateResult {
    const { ctx, all, problem } = this;
    const { texts } = ctx;
    return html`<details class="card" @toggle=${this.#toggle}><summary>${texts.say('tokens')}</summary>
      <div class="stack" style="margin-block-start:12px"><p class="text dim">${texts.say('tokens_about')}</p>${refusal(problem)}
      ${
        all === undefined
          ? nothing
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${texts.say('tokens')}><table><thead><tr><th>${texts.say('token_name')}</th><th>${texts.say('token_ceiling')}</th>
            <th>${texts.say('token_used')}</th><th>${texts.say('token')}</th></tr></thead><tbody>${all.map(
              ({
                name,
                ceiling,
                last_used,
                token,
              }) => html`<tr><td>${name}</td><td>${texts.of('may', ceiling)}</td>
                <td class="when">${last_used === null ? texts.say('never') : ago(last_used, ctx)}</td>
                <td><code>${token ?? texts.say('token_lost')}</code></td></tr>`,
            )}</tbody></table></div>`
      }</div></details>`;
  }

  #toggle = async ({ target }: Event): Promise<void> => {
    // Closed, they are not in the page any more.
    if (!(target as HTMLDetailsElement).open) {
      this.all = undefined;
      return;
    }
    try {
      const { tokens } = await this.ctx.api.get<{ tokens: readonly Token[] }>('api/tokens');
      this.all = tokens;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  };
}

define('labkeeper-page-tokens', LabkeeperTokens);
