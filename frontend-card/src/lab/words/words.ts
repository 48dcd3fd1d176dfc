import type { Deed } from '../actions.ts';
import { agoText, quantityText, type Writing } from '../format.ts';
import type { Reading, Reason, Thing } from '../thing.ts';
import { cards } from './cards.ts';
import { deeds } from './deeds.ts';
import { kinds } from './kinds.ts';
import { reasons } from './reasons.ts';
import { states } from './states.ts';
import { views } from './views.ts';

/** Each in English and German; `{name}` stands for what is put in. */
export const TEXTS = { ...kinds, ...states, ...reasons, ...deeds, ...cards, ...views };
export type TextKey = keyof typeof TEXTS;

/** The words of one person. */
export class Words {
  readonly writing: Writing;
  /** Which of each pair. */
  readonly #index: 0 | 1;

  constructor(writing: Writing) {
    this.writing = writing;
    this.#index = /^de\b/i.test(writing.language) ? 1 : 0;
  }

  say(key: TextKey, put: Readonly<Record<string, string | number>> = {}): string {
    return TEXTS[key][this.#index].replace(/\{(\w+)\}/g, (whole, name: string) => String(put[name] ?? whole));
  }

  /** What a deed is called, and what it means. */
  deed({ key, title }: Pick<Deed, 'key' | 'title'>): string {
    return this.find(`deed_${key}`) ?? title ?? plain(key);
  }

  /** What an action of the app is called, by its id. */
  action(id: string): string {
    return this.find(`action_${id}`) ?? plain(id);
  }

  means(key: string, name: string): string {
    return this.find(`means_${key}`, { name }) ?? '';
  }

  /** As `say`, in singular for one: keys `x_one` and `x_many`, with `{n}`. */
  count(key: string, n: number): string {
    return this.find(`${key}_${n === 1 ? 'one' : 'many'}`, { n }) ?? String(n);
  }

  /** @returns undefined where there are no such words */
  find(key: string, put: Readonly<Record<string, string | number>> = {}): string | undefined {
    return Object.hasOwn(TEXTS, key) ? this.say(key as TextKey, put) : undefined;
  }

  kind(kind: string): string {
    return this.find(`kind_${kind}`) ?? plain(kind);
  }

  /** One of the values that something can be. */
  state(value: string): string {
    return this.find(`state_${value}`) ?? value.replaceAll('_', ' ');
  }

  health(thing: Pick<Thing, 'health' | 'because' | 'readings'>): string {
    const state = thing.readings.state?.value;
    if (['ok', 'off'].includes(thing.health) && typeof state === 'string') return this.state(state);
    return this.say(`health_${thing.health}`);
  }

  /** What a reading is called. */
  name({ key, name }: Reading): string {
    return this.find(`reading_${key}`) ?? name ?? plain(key);
  }

  /** A reading for people. */
  value(reading: Reading): string {
    const { value, unit, options, key, entity } = reading;
    const sort = reading.sort ?? (entity?.startsWith('switch.') || key === 'power' ? 'power' : undefined);
    if (value === null) return this.say('unknown');
    if (typeof value === 'number') return quantityText(value, unit, this.writing);
    if (typeof value === 'boolean') return this.#yesOrNo(value, sort);
    const time = sort === 'timestamp' || sort === 'uptime' || /^\d{4}-\d\d-\d\dT/.test(value);
    const ago = time ? agoText(value, this.writing) : undefined;
    if (ago !== undefined) return ago;
    return options !== undefined || key === 'state' || value === 'none' ? this.state(value) : value;
  }

  reason({ key, of }: Reason): string {
    const value = of === undefined || typeof of.value === 'boolean' ? undefined : this.value(of);
    const known = this.find(`reason_${key}`, value === undefined ? {} : { value });
    if (known !== undefined && !known.includes('{value}')) return known;
    return value === undefined ? plain(key) : `${plain(key)}: ${value}`;
  }

  #yesOrNo(value: boolean, sort: string | undefined): string {
    const pair = this.find(`${sort}_${value ? 'on' : 'off'}`);
    return pair ?? this.say(value ? 'yes' : 'no');
  }
}

/** What there are no words for: readable at least. */
const plain = (key: string): string => {
  const text = key.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
