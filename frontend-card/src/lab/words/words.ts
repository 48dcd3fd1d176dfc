import { agoText, quantityText, type Writing } from '../format.ts';
import type { Reading, Reason, Thing } from '../thing.ts';
import { de } from './de.ts';
import { en } from './en.ts';

/** Texts by their keys; `{name}` stands for what is put in. */
export type Texts = Readonly<Record<keyof typeof en, string>>;
export type TextKey = keyof typeof en;

const LANGUAGES: Readonly<Record<string, Texts>> = { en, de };

/** The words of one person. */
export class Words {
  readonly writing: Writing;
  readonly #texts: Texts;

  constructor(writing: Writing) {
    this.writing = writing;
    this.#texts = LANGUAGES[writing.language.slice(0, 2).toLowerCase()] ?? en;
  }

  say(key: TextKey, put: Readonly<Record<string, string | number>> = {}): string {
    return this.#texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(put[name] ?? whole));
  }

  /** What a deed is called, and what it means. */
  deed(key: string): string {
    return this.find(`deed_${key}`) ?? plain(key);
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
    return Object.hasOwn(this.#texts, key) ? this.say(key as TextKey, put) : undefined;
  }

  kind(kind: string): string {
    return this.find(`kind_${kind}`) ?? plain(kind);
  }

  /** One of the values that something can be. */
  state(value: string): string {
    return this.find(`state_${value}`) ?? plain(value);
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
