import { html, nothing, type TemplateResult } from 'lit';
import type { PageWords } from '../words/page-words.ts';
import type { Field } from './form-model.ts';

/** One field of a form. @param take is told what was filled in */
export function fieldView(
  field: Field,
  filled: string,
  fault: string | undefined,
  texts: PageWords,
  take: (text: string) => void,
): TemplateResult {
  const { key, title, description, needed } = field;
  const hints = [description, ...hintsOf(field, texts)].filter((hint) => hint !== '');
  const id = `field-${key}`;
  return html`<div class="field">
    <label for=${id}><span>${title}${needed ? html` <span class="dim small">${texts.say('needed')}</span>` : nothing}</span></label>
    ${control(field, id, filled, fault !== undefined, texts, take)}
    ${hints.length === 0 ? nothing : html`<p class="dim small text" id="${id}-about">${hints.join(' ')}</p>`}
    ${fault === undefined ? nothing : html`<p class="fault" id="${id}-fault">${fault}</p>`}
  </div>`;
}

function control(
  { way, schema, needed }: Field,
  id: string,
  filled: string,
  wrong: boolean,
  texts: PageWords,
  take: (text: string) => void,
): TemplateResult {
  const on = ({ target }: Event): void => take((target as HTMLInputElement).value);
  const about = `${id}-about${wrong ? ` ${id}-fault` : ''}`;
  if (way === 'choice' || way === 'truth') {
    const options =
      way === 'truth'
        ? [
            { value: 'true', text: texts.say('yes') },
            { value: 'false', text: texts.say('no') },
          ]
        : (schema.enum ?? []).map((value) => ({ value, text: value }));
    const none = needed ? texts.say('choose') : leftOut(schema.default, texts);
    return html`<select id=${id} aria-describedby=${about} aria-invalid=${wrong} @change=${on}>
      <option value="" ?selected=${filled === ''}>${none}</option>
      ${options.map(({ value, text }) => html`<option value=${value} ?selected=${filled === value}>${text}</option>`)}
    </select>`;
  }
  if (way === 'long' || way === 'lines' || way === 'pairs' || way === 'json') {
    return html`<textarea id=${id} rows=${way === 'long' ? 10 : 3} spellcheck="false" aria-describedby=${about}
      aria-invalid=${wrong} .value=${filled} @input=${on}></textarea>`;
  }
  return html`<input id=${id} aria-describedby=${about} aria-invalid=${wrong} autocomplete="off" spellcheck="false"
    inputmode=${way === 'number' ? 'decimal' : 'text'} type=${schema.secret ? 'password' : 'text'}
    .value=${filled} @input=${on}>`;
}

/** What a choice that nobody made means. */
const leftOut = (value: unknown, texts: PageWords): string =>
  value === undefined ? texts.say('as_it_is') : texts.say('default_is', { value: wordOf(value, texts) });

const wordOf = (value: unknown, texts: PageWords): string =>
  typeof value === 'boolean' ? texts.say(value ? 'yes' : 'no') : String(value);

function* hintsOf({ way, schema }: Field, texts: PageWords): Generator<string> {
  if (way === 'lines') yield texts.say('one_per_line');
  if (way === 'pairs') yield texts.say('pairs');
  if (way === 'json') yield texts.say('as_json');
  const { default: value, examples = [] } = schema;
  if (value !== undefined && (way === 'text' || way === 'number')) {
    yield `${texts.say('default_is', { value: wordOf(value, texts) })}.`;
  }
  const [example] = examples;
  if (way === 'text' && typeof example === 'string') yield texts.say('fault_example', { example });
}
