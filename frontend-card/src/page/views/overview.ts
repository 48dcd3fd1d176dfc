import { html, nothing, type TemplateResult } from 'lit';
import '../../parts/attention.ts';
import { define } from '../../parts/define.ts';
import '../../parts/topology.ts';
import { findingList } from '../bits.ts';
import { nameOf } from '../context.ts';
import { hashOf } from '../route.ts';
import type { Finding } from '../wire.ts';
import { LabFrame } from './lab-frame.ts';

const MOST_FINDINGS = 100;
/** There is more room than on a card. */
const MOST_UNFOLDED = 120;

/** The whole lab: what needs somebody, and what there is. */
export class LabkeeperOverview extends LabFrame {
  protected override content(): TemplateResult {
    const { feed, words, texts } = this.ctx;
    const { view } = feed;
    // Labkeeper itself is always there.
    if (view.things.size <= 1) return this.#welcome();
    return html`
      <h1 class="hidden">${texts.say('part_lab')}</h1>
      <div class="card"><labkeeper-attention .lab=${view} .words=${words}></labkeeper-attention></div>
      ${this.#findings()}
      <h2 class="hidden">${words.say('view_topology')}</h2>
      <div class="card"><labkeeper-topology .lab=${view} .words=${words} .most=${MOST_UNFOLDED}></labkeeper-topology></div>`;
  }

  #welcome(): TemplateResult {
    const { texts } = this.ctx;
    const mine = (domain: string): string =>
      `https://my.home-assistant.io/redirect/config_flow_start/?domain=${domain}`;
    const link = (domain: 'mqtt' | 'labkeeper'): TemplateResult =>
      html`<li><a href=${mine(domain)} target="_blank" rel="noreferrer">${texts.of('welcome', domain)}</a></li>`;
    return html`<section class="card stack"><h1>${texts.say('welcome')}</h1>
      <p class="text">${texts.say('welcome_systems')}</p>
      <p class="text">${texts.say('welcome_home')}</p>
      <ul>${link('mqtt')}${link('labkeeper')}</ul>
      <p><a href=${hashOf('setup')}>${texts.say('setup_title')}</a></p></section>`;
  }

  #findings(): TemplateResult {
    const { ctx } = this;
    const { texts, feed } = ctx;
    const grave = feed.findings.filter(({ severity }) => severity !== 'info');
    const known = feed.findings.filter(({ severity }) => severity === 'info');
    const list = (findings: readonly Finding[]): TemplateResult => {
      const n = findings.length - MOST_FINDINGS;
      return html`${findingList(findings.slice(0, MOST_FINDINGS), ctx, (about) => nameOf(ctx, about))}
        ${n > 0 ? html`<p class="dim">${texts.say('more_findings', { n })}</p>` : nothing}`;
    };
    return html`
      ${grave.length === 0 ? nothing : html`<section class="card stack"><h2>${texts.say('attention')}</h2>${list(grave)}</section>`}
      ${
        known.length === 0
          ? nothing
          : html`<details class="card"><summary>${texts.say('known')} <span class="dim">${known.length}</span></summary>
            <div style="margin-block-start:12px">${list(known)}</div></details>`
      }`;
  }
}

define('labkeeper-page-overview', LabkeeperOverview);
