import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shape, shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { refusal } from '../bits.ts';
import { may } from '../context.ts';
import { Part } from '../part.ts';
import { hashOf } from '../route.ts';
import { pageStyle } from '../style.ts';
import type { OwnFile } from '../wire.ts';
import './editor.ts';

/** The files that people write beside the options; one of them to be written: `#files/<path>`. */
export class LabkeeperFiles extends Part {
  static override properties = {
    ...Part.properties,
    files: { state: true },
    fresh: { state: true },
    problem: { state: true },
  };
  static override styles = [tokens, shapeStyle, pageStyle];

  declare files: readonly OwnFile[] | undefined;
  /** Name of a recipe that is about to begin. */
  declare fresh: string;
  declare problem: string | undefined;
  #shown: string | undefined;

  constructor() {
    super();
    this.fresh = '';
  }

  protected override willUpdate(): void {
    const path = this.rest[0] ?? '';
    // Back at the list, what was written shows in it.
    if (path !== this.#shown) void this.#read();
    this.#shown = path;
  }

  async #read(): Promise<void> {
    try {
      const { files } = await this.ctx.api.get<{ files: readonly OwnFile[] }>('api/files');
      Object.assign(this, { files, problem: undefined });
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  protected override render(): TemplateResult {
    const { ctx, files, problem, rest } = this;
    const { texts } = ctx;
    const [path = ''] = rest;
    if (path !== '' && problem === undefined) {
      const file = files?.find((one) => one.path === path);
      return html`<p class="small"><a href=${hashOf('files')}>${texts.say('all_files')}</a></p>
        <h1>${file?.title ?? path}</h1><p class="about"><code>${path}</code></p>
        <labkeeper-page-editor .ctx=${ctx} .path=${path} .counts=${file?.counts ?? 'at once'}></labkeeper-page-editor>`;
    }
    return html`<h1>${texts.say('files_title')}</h1><p class="about">${texts.say('files_about')}</p>
      ${refusal(problem)}
      ${files === undefined ? nothing : html`<section class="card"><ul class="list stack">${files.map((file) => this.#line(file))}</ul></section>`}
      ${files === undefined || !may(ctx.me, 'provision') ? nothing : this.#begin()}`;
  }

  #line({ path, title, exists, shipped, faults }: OwnFile): TemplateResult {
    const { texts } = this.ctx;
    const state =
      faults.length > 0
        ? html`${shape('problem')}${texts.say('wrong')}`
        : exists
          ? html`${shape('ok')}${texts.say('written')}`
          : html`${shape('off')}${texts.say(shipped ? 'not_written' : 'empty_yet')}`;
    return html`<li class="row"><span class="grow"><a href=${hashOf('files', path)}>${title}</a> <code class="dim">${path}</code></span>
      <span class="state small">${state}</span></li>`;
  }

  #begin(): TemplateResult {
    const { texts } = this.ctx;
    const { fresh } = this;
    const begin = (event: Event): void => {
      event.preventDefault();
      if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(fresh)) location.hash = hashOf('files', `recipes/${fresh}.yaml`);
    };
    return html`<form class="card stack" @submit=${begin}><h2>${texts.say('file_new')}</h2>
      <div class="row" style="align-items:end"><label class="grow" style="max-inline-size:360px">${texts.say('file_name')}
        <input pattern="[a-z0-9][a-z0-9_\\-]*" maxlength="64" required .value=${fresh} @input=${({
          target,
        }: Event) => {
          this.fresh = (target as HTMLInputElement).value;
        }}></label>
      <button class="plain">${texts.say('create')}</button></div></form>`;
  }
}

define('labkeeper-page-files', LabkeeperFiles);
