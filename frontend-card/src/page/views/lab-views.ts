import { html, type TemplateResult } from 'lit';
import '../../parts/ai.ts';
import '../../parts/build-out.ts';
import { define } from '../../parts/define.ts';
import '../../parts/network.ts';
import '../../parts/resources.ts';
import '../../parts/storage.ts';
import { LabFrame } from './lab-frame.ts';

/** The views that the cards have beside the whole lab. */
export class LabkeeperLabView extends LabFrame {
  static override properties = { ...LabFrame.properties, view: { attribute: false } };

  declare view: 'resources' | 'network' | 'storage' | 'ai' | 'build-out';

  protected override content(): TemplateResult {
    const title = this.ctx.words.say(`view_${this.view}`);
    // The parts begin with their third level: on a card there is a heading between.
    return html`<h1>${title}</h1><h2 class="hidden">${title}</h2>
      <div class="card" style="margin-block-start:12px">${this.#view()}</div>`;
  }

  #view(): TemplateResult {
    const { words, feed, asker, doer } = this.ctx;
    const lab = feed.view;
    switch (this.view) {
      case 'resources':
        return html`<labkeeper-resources .lab=${lab} .words=${words} .asker=${asker} .hours=${6}></labkeeper-resources>`;
      case 'network':
        return html`<labkeeper-network .lab=${lab} .words=${words}></labkeeper-network>`;
      case 'storage':
        return html`<labkeeper-storage .lab=${lab} .words=${words}></labkeeper-storage>`;
      case 'ai':
        return html`<labkeeper-ai .lab=${lab} .words=${words} .asker=${asker}></labkeeper-ai>`;
      case 'build-out':
        return html`<labkeeper-build-out .lab=${lab} .words=${words} .asker=${asker} .doer=${doer}></labkeeper-build-out>`;
    }
  }
}

define('labkeeper-page-view', LabkeeperLabView);
