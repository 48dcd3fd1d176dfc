import { html, nothing, type TemplateResult } from 'lit';
import { safeUrl } from '../../lab/from-api.ts';
import type { Intent, Thing } from '../../lab/thing.ts';
import '../../parts/details.ts';
import { INTENT } from '../../parts/intent.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { actionsFor } from '../context.ts';
import { Part } from '../part.ts';
import { hashOf } from '../route.ts';
import { pageStyle } from '../style.ts';

/** A view of the lab, with details of what is clicked. */
export abstract class LabFrame extends Part {
  static override properties = { ...Part.properties, open: { state: true } };
  static override styles = [tokens, shapeStyle, pageStyle];

  /** Id of the thing whose details are shown. */
  declare open: string | undefined;

  constructor() {
    super();
    this.addEventListener(INTENT, this.#heed as EventListener);
  }

  /** What it shows of a lab that is there. */
  protected abstract content(): TemplateResult;

  protected override render(): TemplateResult {
    const { feed, words, texts, doer, asker } = this.ctx;
    const { view } = feed;
    if (!feed.ready) return html`<p class="dim">${texts.say('loading')}</p>`;
    const thing = this.open === undefined ? undefined : view.things.get(this.open);
    return html`${this.content()}
      <labkeeper-details .lab=${view} .words=${words} .thing=${this.open} .doer=${doer} .asker=${asker}>
        ${thing === undefined ? nothing : this.#more(thing)}
      </labkeeper-details>`;
  }

  /** What the page has of a thing beside what the views show. */
  #more({ id, kind, url }: Thing): TemplateResult {
    const { texts, feed } = this.ctx;
    const console = feed.factOf(id, 'console');
    const outside = [
      { href: url, text: texts.say('open_page') },
      // The lab may say what it likes: a script is no address.
      { href: typeof console === 'string' ? safeUrl(console) : undefined, text: texts.say('console') },
    ];
    const links = [
      ...(kind === 'container' ? [{ href: hashOf('log', id), text: texts.say('details_log') }] : []),
      ...(actionsFor(this.ctx, kind).length > 0
        ? [{ href: hashOf('do', '', id), text: texts.say('details_all') }]
        : []),
    ];
    return html`<p class="small dim"><code>${id}</code></p><p class="row">
      ${links.map(({ href, text }) => html`<a class="plain" href=${href}>${text}</a>`)}
      ${outside.map(({ href, text }) =>
        href === undefined
          ? nothing
          : html`<a class="plain" href=${href} target="_blank" rel="noreferrer">${text}</a>`,
      )}
    </p>`;
  }

  #heed = ({ detail }: CustomEvent<Intent>): void => {
    if (detail.type === 'details') this.open = detail.thing;
    if (detail.type === 'close') this.open = undefined;
  };
}
