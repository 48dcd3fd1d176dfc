import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { EMPTY, is, type LabView, num, str, type Thing } from '../lab/thing.ts';
import { isTrouble, nameWithin, ofKinds } from '../lab/tree.ts';
import { inGib } from '../lab/units.ts';
import type { Words } from '../lab/words/words.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { intend } from './intent.ts';
import { listStyle } from './list-style.ts';
import { meter, meterStyle } from './meter.ts';
import { shape, shapeStyle } from './shape.ts';
import { tokens } from './tokens.ts';

/** Where data lie, what they lie on, and how long ago somebody made a copy. */
export class LabkeeperStorage extends LitElement {
  static override properties = { lab: { attribute: false }, words: { attribute: false } };
  static override styles = [
    tokens,
    shapeStyle,
    meterStyle,
    listStyle,
    css`
      .cells {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 2px 14px;
        flex: 1 1 auto;
      }
      .row .name {
        flex: 1 1 30%;
      }
      @container list (inline-size < 420px) {
        .row {
          flex-wrap: wrap;
          row-gap: 0;
        }
        .row .name {
          flex: 1 1 60%;
        }
        .cells {
          justify-content: flex-start;
          padding-inline-start: 50px;
        }
      }
    `,
  ];

  declare lab: LabView;
  declare words: Words;

  constructor() {
    super();
    this.lab = EMPTY;
  }

  protected override render(): TemplateResult {
    const { lab, words } = this;
    const places = ofKinds(lab, 'pool', 'storage', 'datastore');
    const disks = ofKinds(lab, 'disk');
    const guests = ofKinds(lab, 'guest').filter(({ readings }) => readings.unprotected !== undefined);
    const section = (title: string, body: TemplateResult): TemplateResult =>
      html`<section><h3>${title}</h3>${body}</section>`;
    return html`
      ${guests.length === 0 ? nothing : section(words.say('protection'), html`<div class="rows">${byTrouble(guests).map((one) => this.#guest(one))}</div>`)}
      ${places.length === 0 ? nothing : section(words.say('places'), html`<div class="tiles">${places.map((one) => this.#place(one))}</div>`)}
      ${disks.length === 0 ? nothing : section(words.say('disks'), html`<div class="rows">${byTrouble(disks).map((one) => this.#disk(one))}</div>`)}
      ${guests.length + places.length + disks.length === 0 ? html`<p class="dim">${words.say('no_storage')}</p>` : nothing}
    `;
  }

  #open(thing: Thing): () => void {
    return () => intend(this, { type: 'details', thing: thing.id });
  }

  #name(thing: Thing): string {
    return nameWithin(thing, this.lab.things.get(thing.parent ?? ''));
  }

  #guest(guest: Thing): TemplateResult {
    const { words } = this;
    const { readings } = guest;
    const last = readings.last_backup;
    const when =
      last === undefined ? undefined : last.value === null ? words.say('never_backed_up') : words.value(last);
    const verified = readings.backup_verified?.value;
    const cells = [
      verified === true ? words.say('verified') : verified === false ? words.say('not_verified') : undefined,
      readings.snapshots === undefined ? undefined : words.count('snapshots', num(guest, 'snapshots') ?? 0),
      when,
    ];
    return html`<button class="row" @click=${this.#open(guest)}>
      ${shape(is(guest, 'unprotected') ? 'warning' : readings.unprotected?.value === null ? 'unknown' : 'ok')}
      <span class="hidden">${words.say(is(guest, 'unprotected') ? 'reason_unprotected' : 'protected')}</span>
      ${icon('guest')}<span class="name">${this.#name(guest)}</span>
      <span class="cells small dim">${cells.map((cell) => (cell === undefined ? nothing : html`<span class="num">${cell}</span>`))}</span></button>`;
  }

  #place(place: Thing): TemplateResult {
    const { words, lab } = this;
    const percent = num(place, 'usage');
    const gib = (key: string): number | undefined => {
      const value = num(place, key);
      return value === undefined ? undefined : inGib(value, place.readings[key]?.unit);
    };
    const used = gib('used') ?? gib('allocated');
    const all = gib('total') ?? gib('size');
    const size = (value: number | undefined): string =>
      value === undefined ? '' : words.value({ key: 'size', value, unit: 'GiB' });
    const within = lab.things.get(place.parent ?? '')?.name;
    const scrub = place.readings.last_scrub;
    const more = [
      words.kind(place.kind),
      within,
      ...(isTrouble(place.health) ? place.because.map((reason) => words.reason(reason)) : []),
      str(place, 'scan') === 'scrubbing' ? words.state('scrubbing') : undefined,
      scrub && scrub.value !== null ? words.say('scrubbed', { when: words.value(scrub) }) : undefined,
    ];
    return html`<button class="tile" @click=${this.#open(place)}>
      <span class="top">${shape(place.health)}<span class="hidden">${words.health(place)}</span><span class="name">${this.#name(place)}</span>${icon(place.kind)}</span>
      ${meter({
        label: used === undefined ? words.say('used') : `${size(used)} / ${size(all)}`,
        text:
          percent === undefined
            ? words.say('unknown')
            : words.value({ key: 'usage', value: Math.round(percent), unit: '%' }),
        percent,
      })}
      <span class="dim small">${more.filter(Boolean).join(' · ')}</span></button>`;
  }

  #disk(disk: Thing): TemplateResult {
    const { words } = this;
    const cells = ['size', 'life_left', 'temperature', 'power_on_hours']
      .map((key) => disk.readings[key])
      .filter((reading) => reading !== undefined && reading.value !== null)
      .map((reading) => reading as NonNullable<typeof reading>);
    return html`<button class="row" @click=${this.#open(disk)}>${shape(disk.health)}<span class="hidden">${words.health(disk)}</span>
      ${icon('disk')}<span class="name">${this.#name(disk)}</span>
      <span class="cells small dim">${cells.map(
        (cell) =>
          html`<span class="num" title=${words.name(cell)}>${
            cell.key === 'life_left'
              ? words.say('life_left', { value: words.value(cell) })
              : words.value(cell)
          }</span>`,
      )}</span></button>`;
  }
}

const byTrouble = (things: readonly Thing[]): readonly Thing[] =>
  [...things].sort((a, b) => Number(isTrouble(b.health)) - Number(isTrouble(a.health)));

define('labkeeper-storage', LabkeeperStorage);
