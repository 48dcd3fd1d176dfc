import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { EMPTY, type LabView } from '../lab/thing.ts';
import { isBox } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import './branch.ts';
import { chip, chipStyle } from './chip.ts';
import { define } from './define.ts';
import { shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** The whole lab: what contains what, with trouble on top. */
export class LabkeeperTopology extends LitElement {
  static override properties = {
    lab: { attribute: false },
    words: { attribute: false },
    most: { type: Number },
  };
  static override styles = [
    tokens,
    shapeStyle,
    chipStyle,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 12px;
        container: lab / inline-size;
      }
      .around {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      h3 {
        margin: 4px 0 0;
        font-size: 12px;
        font-weight: 500;
        color: var(--lk-dim);
      }
    `,
  ];

  declare lab: LabView;
  declare words: Words;
  declare most: number;

  constructor() {
    super();
    this.lab = EMPTY;
    this.most = 40;
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const boxes = this.lab.roots.filter(isBox);
    const around = this.lab.roots.filter((root) => !isBox(root));
    return html`
      ${boxes.map(
        (branch) =>
          html`<labkeeper-branch .branch=${branch} .words=${words} .most=${this.most}></labkeeper-branch>`,
      )}
      ${
        around.length > 0
          ? html`<h3>${words.say('bench')}</h3>
              <div class="around">${around.map(({ thing }) => chip(thing, words, this))}</div>`
          : nothing
      }
    `;
  }
}

define('labkeeper-topology', LabkeeperTopology);
