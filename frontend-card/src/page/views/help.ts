import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import { messageOf } from '../api.ts';
import { refusal } from '../bits.ts';
import { isAdministrator } from '../context.ts';
import { Part, repeat } from '../part.ts';
import { hashOf } from '../route.ts';
import { pageStyle } from '../style.ts';

interface Recording {
  readonly until: string | null;
  readonly error: string | null;
  readonly file: { readonly name: string; readonly bytes: number } | null;
}

/** What helps who looks into a fault, and who writes a program. */
export class LabkeeperHelp extends Part {
  static override properties = {
    ...Part.properties,
    recording: { state: true },
    problem: { state: true },
  };
  static override styles = [tokens, shapeStyle, pageStyle];

  declare recording: Recording | undefined;
  declare problem: string | undefined;
  #end: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (isAdministrator(this.ctx.me)) this.#end = repeat(5_000, () => this.#look());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  async #look(): Promise<void> {
    try {
      const { recording } = await this.ctx.api.get<{ recording: Recording }>('api/recording');
      this.recording = recording;
    } catch {
      // There is nothing to record.
      this.recording = undefined;
    }
  }

  protected override render(): TemplateResult {
    const { ctx, recording } = this;
    const { texts, me, version } = ctx;
    return html`<h1>${texts.say('help_title')}</h1><p class="about">Labkeeper · ${texts.say('version', { version })}</p>
      ${
        isAdministrator(me)
          ? html`<section class="card stack"><h2>${texts.say('diagnostics')}</h2><p class="text dim">${texts.say('diagnostics_about')}</p>
            <p><a class="plain" href="api/diagnostics" download="labkeeper-diagnostics.json">${texts.say('download')}</a></p></section>`
          : nothing
      }
      ${recording === undefined ? nothing : this.#record(recording)}
      <section class="card stack"><h2>${texts.say('programs')}</h2>
        <ul><li><a href=${hashOf('api')}>${texts.say('api_title')}</a></li>
          <li><a href="openapi.json" target="_blank">${texts.say('api_document')}</a></li>
          <li><a href="metrics" target="_blank">${texts.say('metrics')}</a></li></ul></section>`;
  }

  #record({ until, error, file }: Recording): TemplateResult {
    const { texts } = this.ctx;
    const left = until === null ? 0 : Math.max(1, Math.ceil((Date.parse(until) - Date.now()) / 60_000));
    return html`<section class="card stack"><h2>${texts.say('record')}</h2><p class="text dim">${texts.say('record_about')}</p>
      ${error === null ? nothing : refusal(texts.say('record_failed', { why: error }))}${refusal(this.problem)}
      <p class="row">${
        until === null
          ? html`<button class="plain" @click=${this.#start}>${texts.say('record_start')}</button>`
          : html`<span role="status">${texts.say('recording', { n: left })}</span>`
      }
      ${file === null ? nothing : html`<a href="api/recording/file" download=${file.name}>${file.name}</a> <span class="dim small">${Math.ceil(file.bytes / 1024)} KiB</span>`}</p></section>`;
  }

  #start = async (): Promise<void> => {
    try {
      await this.ctx.api.post('api/recording', {});
      this.problem = undefined;
      await this.#look();
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  };
}

define('labkeeper-page-help', LabkeeperHelp);
