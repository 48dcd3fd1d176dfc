import { html, nothing, type TemplateResult } from 'lit';
import '../../parts/attention.ts';
import { define } from '../../parts/define.ts';
import '../../parts/topology.ts';
import { findingList } from '../bits.ts';
import { nameOf } from '../context.ts';
import { hashOf } from '../route.ts';
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
      ${this.#known()}
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

  /** What asks for nothing; the rest is among what needs attention. */
  #known(): TemplateResult | typeof nothing {
    const { ctx } = this;
    const { texts, feed } = ctx;
    const known = feed.findings.filter(({ severity }) => severity === 'info');
    if (known.length === 0) return nothing;
    const n = known.length - MOST_FINDINGS;
    return html`<details class="card"><summary>${texts.say('known')} <span class="dim">${known.length}</span></summary>
      <div style="margin-block-start:12px">${findingList(known.slice(0, MOST_FINDINGS), ctx, (about) => nameOf(ctx, about))}
        ${n > 0 ? html`<p class="dim">${texts.say('more_findings', { n })}</p>` : nothing}</div></details>`;
  }
}

define('labkeeper-page-overview', LabkeeperOverview);
