import { css, html, nothing, type TemplateResult } from 'lit';
import type { Hass } from '../hass/types.ts';
import { kindOf } from '../lab/kinds.ts';
import type { Thing } from '../lab/thing.ts';
import type { Words } from '../lab/words/words.ts';
import '../parts/branch.ts';
import '../parts/deeds.ts';
import '../parts/graph.ts';
import { linesOf } from '../parts/lines.ts';
import { thingForm } from './forms.ts';
import { CardFrame } from './frame.ts';

/** A card for one thing: how it is, what it was, what it holds, and what can be done to it. */
abstract class ThingCard extends CardFrame {
  static override styles = [
    ...CardFrame.styles,
    css`
      labkeeper-branch {
        margin: -1px;
      }
    `,
  ];

  /** What it may be. */
  protected abstract readonly kind: string;

  protected override heading(): string | undefined {
    return this.config.title;
  }

  protected override content(words: Words): TemplateResult {
    const { lab, config } = this;
    const things = [...lab.things.values()].filter(({ kind }) => kind === this.kind);
    const thing =
      config.device === undefined ? things[0] : things.find(({ device }) => device === config.device);
    if (thing === undefined) {
      const key = config.device === undefined ? 'no_such_kind' : 'no_such_thing';
      return html`<p class="empty">${words.say(key, { kind: words.kind(this.kind) })}</p>`;
    }
    return this.one(thing, words);
  }

  protected one(thing: Thing, words: Words): TemplateResult {
    const { lab, asker, doer, config } = this;
    const lines = linesOf(thing, words);
    return html`
      <labkeeper-branch plain .branch=${lab.branches.get(thing.id)} .words=${words} .most=${config.fold ?? 40}></labkeeper-branch>
      ${
        lines.length === 0 || asker === undefined
          ? nothing
          : html`<labkeeper-graph large .lines=${lines} .words=${words} .history=${asker.history} .hours=${config.hours ?? 6}
            .most=${lines[0]?.unit === '%' ? 100 : undefined}></labkeeper-graph>`
      }
      <labkeeper-deeds .thing=${thing} .words=${words} .doer=${doer}></labkeeper-deeds>`;
  }

  getCardSize(): number {
    return 6;
  }

  getGridOptions(): object {
    return { columns: 12, min_columns: 6 };
  }
}

/** The first device of a kind that there is, to begin with. */
function exampleOf(kind: string, hass: Pick<Hass, 'devices'> | undefined): object {
  const device = Object.values(hass?.devices ?? {}).find(({ identifiers }) =>
    identifiers.some(([domain, identifier]) => domain === 'mqtt' && kindOf(identifier) === kind),
  );
  return device === undefined ? {} : { device: device.id };
}

/** `custom:labkeeper-node-card` */
export class LabkeeperNodeCard extends ThingCard {
  protected override readonly kind = 'node';
  static getStubConfig = (hass?: Hass): object => exampleOf('node', hass);
  static getConfigForm = (): object => thingForm();
}

/** `custom:labkeeper-guest-card` */
export class LabkeeperGuestCard extends ThingCard {
  protected override readonly kind = 'guest';
  static getStubConfig = (hass?: Hass): object => exampleOf('guest', hass);
  static getConfigForm = (): object => thingForm();
}

/** `custom:labkeeper-gpu-card` */
export class LabkeeperGpuCard extends ThingCard {
  protected override readonly kind = 'gpu';
  static getStubConfig = (hass?: Hass): object => exampleOf('gpu', hass);
  static getConfigForm = (): object => thingForm();

  protected override one(thing: Thing, words: Words): TemplateResult {
    const { lab, asker } = this;
    return html`<labkeeper-ai .lab=${lab} .words=${words} .asker=${asker} .only=${thing.id}></labkeeper-ai>
      ${
        asker === undefined
          ? nothing
          : html`<labkeeper-graph large .lines=${linesOf(thing, words)} .words=${words} .history=${asker.history}
            .hours=${this.config.hours ?? 6} .most=${100}></labkeeper-graph>`
      }`;
  }
}
