import { html, type TemplateResult } from 'lit';
import type { Words } from '../lab/words/words.ts';
import '../parts/ai.ts';
import '../parts/attention.ts';
import '../parts/build-out.ts';
import '../parts/jobs.ts';
import '../parts/network.ts';
import '../parts/resources.ts';
import '../parts/storage.ts';
import '../parts/topology.ts';
import type { ViewName } from './config.ts';
import { labForm } from './forms.ts';
import { CardFrame } from './frame.ts';

/** A large lab begins folded, but for what is in trouble: nobody reads a thousand boxes. */
const foldFor = (things: number): number => (things > 200 ? 12 : 40);

/** `custom:labkeeper-card`: the lab, in one of its views. */
export class LabkeeperCard extends CardFrame {
  protected override heading(words: Words): string {
    return this.config.title ?? words.say(`view_${this.#view}`);
  }

  get #view(): ViewName {
    return this.config.view ?? 'topology';
  }

  protected override content(words: Words): TemplateResult {
    const { lab, asker, doer, config } = this;
    switch (this.#view) {
      case 'topology':
        return html`<labkeeper-attention .lab=${lab} .words=${words}></labkeeper-attention>
          <labkeeper-topology .lab=${lab} .words=${words} .most=${config.fold ?? foldFor(lab.things.size)}></labkeeper-topology>`;
      case 'resources':
        return html`<labkeeper-resources .lab=${lab} .words=${words} .asker=${asker} .hours=${config.hours ?? 6}></labkeeper-resources>`;
      case 'network':
        return html`<labkeeper-network .lab=${lab} .words=${words}></labkeeper-network>`;
      case 'storage':
        return html`<labkeeper-storage .lab=${lab} .words=${words}></labkeeper-storage>`;
      case 'ai':
        return html`<labkeeper-ai .lab=${lab} .words=${words} .asker=${asker}></labkeeper-ai>`;
      case 'build-out':
        return html`<labkeeper-build-out .lab=${lab} .words=${words} .asker=${asker} .doer=${doer}></labkeeper-build-out>`;
      case 'jobs':
        return html`<labkeeper-jobs .lab=${lab} .words=${words} .asker=${asker}></labkeeper-jobs>`;
    }
  }

  getCardSize(): number {
    return this.#view === 'topology' ? 16 : 8;
  }

  getGridOptions(): object {
    return { columns: this.#view === 'topology' ? 'full' : 12, min_columns: 6 };
  }

  static getStubConfig(): object {
    return { view: 'topology' };
  }

  static getConfigForm(): object {
    return labForm();
  }
}
