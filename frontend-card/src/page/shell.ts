import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { Words } from '../lab/words/words.ts';
import { define } from '../parts/define.ts';
import { shape, shapeStyle } from '../parts/shape.ts';
import { tokens } from '../parts/tokens.ts';
import { Api, messageOf } from './api.ts';
import { type Context, isAdministrator } from './context.ts';
import { Feed } from './feed.ts';
import { PageAsker } from './page-asker.ts';
import { PageDoer } from './page-doer.ts';
import { hashOf, type Route, routeOf } from './route.ts';
import { shellStyle } from './shell-style.ts';
import { pageStyle } from './style.ts';
import { PARTS, type PartView } from './table.ts';
import { type Action, type Kinds, type Me, namesOf } from './wire.ts';
import { PageWords } from './words/page-words.ts';

/** The page: where somebody is, and how to get elsewhere. */
export class LabkeeperPage extends LitElement {
  static override properties = {
    ctx: { state: true },
    route: { state: true },
    view: { state: true },
    problem: { state: true },
  };
  static override styles = [
    tokens,
    pageStyle,
    shapeStyle,
    shellStyle,
    css`
      :host {
        min-block-size: 100dvh;
        background: var(--lk-page);
      }
    `,
  ];

  declare ctx: Context | undefined;
  declare route: Route;
  declare view: PartView | undefined;
  declare problem: string | undefined;
  readonly #texts = new PageWords(navigator.language);
  /** Where somebody wants to be, which may still be loading. */
  #wanted: Route | undefined;
  /** The link of the part that is shown. */
  #shown: Element | null = null;

  constructor() {
    super();
    this.route = routeOf(location.hash);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.documentElement.lang = this.#texts.language;
    // The page lies in its own shadow; what is around it has no style of its own.
    Object.assign(document.body.style, { margin: '0', background: 'light-dark(#f4f5f7, #121417)' });
    addEventListener('hashchange', () => void this.#goTo(routeOf(location.hash)));
    void this.#begin();
  }

  async #begin(): Promise<void> {
    const api = new Api();
    try {
      const [me, { actions }, { version }, { kinds }] = await Promise.all([
        api.get<Me>('api/me'),
        api.get<{ actions: readonly Action[] }>('api/actions'),
        api.get<{ version: string }>('health'),
        api.get<{ kinds: Kinds }>('api/kinds'),
      ]);
      const feed = new Feed(api, namesOf(kinds, this.#texts.language));
      const words = new Words({ language: navigator.language, now: Date.now() });
      const doer = new PageDoer(api, me, actions);
      const asker = new PageAsker(api, feed, words);
      this.ctx = { api, feed, me, actions, version, words, texts: this.#texts, asker, doer };
      feed.listen(() => this.requestUpdate());
      feed.start();
      await this.#goTo(routeOf(location.hash));
    } catch (thrown) {
      this.problem = messageOf(thrown);
      setTimeout(() => this.#begin(), 5_000);
      return;
    }
    this.problem = undefined;
  }

  async #goTo(route: Route): Promise<void> {
    this.#wanted = route;
    const part = PARTS.find(({ id }) => id === route.part) ?? PARTS[0];
    const view = await part?.load();
    // Who went on meanwhile is not fetched back.
    if (this.#wanted !== route) return;
    if (route.part !== this.route.part) scrollTo(0, 0);
    this.route = route;
    this.view = view;
    document.title = route.part === 'lab' ? 'Labkeeper' : `${this.#texts.of('part', route.part)} – Labkeeper`;
  }

  protected override updated(): void {
    // On a phone they are in one line, which goes over the edge.
    const link = this.renderRoot.querySelector('nav a[aria-current]');
    if (link !== null && link !== this.#shown) link.scrollIntoView({ block: 'nearest', inline: 'center' });
    this.#shown = link;
  }

  protected override render(): TemplateResult {
    const texts = this.#texts;
    const { ctx, problem, view, route } = this;
    return html`<button class="skip" @click=${this.#toContent}>${texts.say('skip')}</button>
      <div class="frame">
        <nav aria-label=${texts.say('nav')}>
          <a class="brand" href=${hashOf('lab')}>Labkeeper</a>
          ${PARTS.map((part) => this.#link(part))}
          ${ctx === undefined ? nothing : this.#foot(ctx)}
        </nav>
        <main id="main" tabindex="-1">
          ${
            ctx?.feed.connected === false
              ? html`<p class="banner" role="status">${shape('away')}<span>${texts.say('offline')}</span></p>`
              : nothing
          }
          ${problem === undefined ? nothing : html`<p class="banner" role="alert">${shape('problem')}<span>${problem}</span></p>`}
          ${ctx === undefined || view === undefined ? html`<p class="dim">${texts.say('loading')}</p>` : view(ctx, route.rest)}
        </main>
      </div>`;
  }

  #link({ id, administrators, begins }: (typeof PARTS)[number]): TemplateResult | typeof nothing {
    const { ctx, route } = this;
    if (administrators && (ctx === undefined || !isAdministrator(ctx.me))) return nothing;
    const running = id === 'jobs' ? (ctx?.feed.running ?? 0) : 0;
    return html`${begins ? html`<hr>` : nothing}<a href="./${hashOf(id)}" aria-current=${route.part === id ? 'page' : nothing}>${this.#texts.of('part', id)}
      ${running > 0 ? html`<span class="count">${running}</span>` : nothing}</a>`;
  }

  #foot({ me, version }: Context): TemplateResult {
    const texts = this.#texts;
    const who = texts.say('signed_in', { user: me.user, may: texts.of('may', me.may) });
    return html`<p class="foot dim">${who}<br>${texts.say('version', { version })}</p>`;
  }

  /** The address says where somebody is, so this is no link. */
  #toContent = (): void => {
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  };
}

define('labkeeper-page', LabkeeperPage);
