import { css, html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { refusal } from '../bits.ts';
import { Part } from '../part.ts';
import { pageStyle } from '../style.ts';
import type { Schema } from '../wire.ts';

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

interface Line extends Operation {
  readonly path: string;
  readonly method: string;
}

/** The interface for programs, as the app describes it. */
export class LabkeeperApi extends Part {
  static override properties = {
    ...Part.properties,
    lines: { state: true },
    problem: { state: true },
  };
  static override styles = [
    tokens,
    shapeStyle,
    pageStyle,
    css`
      summary {
        padding: 8px 0;
      }
      .method {
        display: inline-block;
        min-inline-size: 52px;
        font-weight: 600;
        color: var(--lk-dim);
      }
      dl {
        display: grid;
        grid-template-columns: minmax(90px, max-content) minmax(0, 1fr);
        gap: 4px 16px;
        margin: 0 0 12px;
      }
      dd {
        margin: 0;
      }
    `,
  ];

  declare lines: readonly Line[] | undefined;
  declare problem: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(): Promise<void> {
    type Document = { paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
    try {
      const { paths } = await this.ctx.api.get<Document>('openapi.json');
      this.lines = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
      );
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  protected override render(): TemplateResult {
    const { ctx, lines, problem } = this;
    const { texts } = ctx;
    const isAction = ({ tags = [] }: Line): boolean => tags.includes('actions');
    return html`<h1>${texts.say('api_title')}</h1>
      <p class="about">${texts.say('api_about')} <a href="openapi.json" target="_blank">${texts.say('api_document')}</a></p>
      ${refusal(problem)}
      ${
        lines === undefined
          ? nothing
          : html`<section class="card"><h2>${texts.say('api_rest')}</h2>${lines.filter((line) => !isAction(line)).map((line) => this.#line(line))}</section>
          <section class="card"><h2>${texts.say('api_actions')}</h2>${lines.filter(isAction).map((line) => this.#line(line))}</section>`
      }`;
  }

  #line({
    path,
    method,
    summary = '',
    description = '',
    parameters = [],
    requestBody,
  }: Line): TemplateResult {
    const body = Object.values(requestBody?.content ?? {})[0]?.schema;
    const fields = [
      ...parameters.map(({ name, description = '', schema }) => ({
        name,
        text: description || describe(schema),
      })),
      ...Object.entries(body?.properties ?? {}).map(([name, schema]) => ({ name, text: describe(schema) })),
    ];
    return html`<details><summary><code><span class="method">${method.toUpperCase()}</span>${path}</code> <span class="dim">${summary}</span></summary>
      ${description === '' ? nothing : html`<p class="text">${description}</p>`}
      ${fields.length === 0 ? nothing : html`<dl>${fields.map(({ name, text }) => html`<dt><code>${name}</code></dt><dd class="text">${text}</dd>`)}</dl>`}
    </details>`;
  }
}

const describe = (schema: Schema | undefined): string =>
  schema?.description ?? schema?.title ?? schema?.type ?? '';

define('labkeeper-page-api', LabkeeperApi);
