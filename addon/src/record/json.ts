import { COUNT, NOTE, NUMBER, PLACEHOLDER, PRODUCT, plainKey, type Rules, SECRET } from './rules.ts';
import type { Scrubber } from './scrubber.ts';
import { KEYS } from './words.ts';

/** What stands for a secret: whoever asks for one gets something, and it opens nothing. */
export const DROPPED = 'dropped';

/** Labels that systems read; what others hold may be anything. */
const LABELS =
  /^(com\.docker\.|org\.opencontainers\.image\.(version|title|url|source|revision|created)$|io\.portainer)/;

/** What the kernel calls by its path is called so everywhere. */
const DEVICE = /^\/dev\//;

/** Reads and rewrites the JSON that one vendor's systems answer. */
export class JsonScrubber {
  readonly #rules: Rules;
  readonly #scrubber: Scrubber;

  constructor(rules: Rules, scrubber: Scrubber) {
    this.#rules = rules;
    this.#scrubber = scrubber;
  }

  /** Has the scrubber learn every name in there. */
  learn(value: unknown, key = '', parent = ''): void {
    if (typeof value === 'string') {
      if (this.#isName(key, parent) && !this.#passes(value, key, parent) && !DEVICE.test(value))
        this.#scrubber.learn(value);
      if (NUMBER.test(key) && !PLACEHOLDER.test(value)) this.#scrubber.learnNumber(value);
      for (const [mac] of value.matchAll(/\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi))
        this.#scrubber.learnMac(mac);
      return;
    }
    if (Array.isArray(value)) {
      for (const item of value) this.learn(item, within(key, item), parent);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [inner, item, meant] of settingsOf(value)) {
      if (this.#isMap(key) && !this.#isKnownKey(inner)) this.#scrubber.learn(inner);
      if (!isSystemPart(value, meant)) this.learn(item, meant, key);
    }
  }

  /** The same value with nothing in it that says whose lab it is. */
  scrub(value: unknown, key = '', parent = ''): unknown {
    if (SECRET.test(key)) return withoutSecrets(value);
    if (typeof value === 'string') return this.#string(value, key, parent);
    if (Array.isArray(value)) return value.map((item) => this.scrub(item, within(key, item), parent));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      settingsOf(value).map(([inner, item, meant]) => [
        this.#keyOf(inner, key),
        this.#rules.labels.has(key.toLowerCase()) && !this.#isKnownKey(inner)
          ? DROPPED
          : this.scrub(item, isSystemPart(value, meant) ? '' : meant, key),
      ]),
    );
  }

  #string(value: string, key: string, parent: string): string {
    if (NOTE.test(key)) return '';
    // Times stay readable; where in the world somebody lives is nobody's business.
    if (/^time.?zone$/i.test(key)) return 'UTC';
    if (this.#passes(value, key, parent)) return value;
    if (NUMBER.test(key) && PLACEHOLDER.test(value)) return value;
    if (this.#isName(key, parent) && !DEVICE.test(value)) return this.#scrubber.text(value, 'name');
    if (COUNT.test(key) && /^\d{1,16}$/.test(value)) return value;
    if (/^\s*[[{]/.test(value)) return this.#inner(value, key);
    return this.#scrubber.text(value, PRODUCT.test(key) ? 'product' : 'text');
  }

  /** JSON in a string of JSON. */
  #inner(value: string, key: string): string {
    try {
      return JSON.stringify(this.scrub(JSON.parse(value), key));
    } catch {
      return this.#scrubber.text(value);
    }
  }

  #passes(value: string, key: string, parent: string): boolean {
    const { passes } = this.#rules;
    const [small, above] = [key.toLowerCase(), parent.toLowerCase()];
    return (passes[`${above}.${small}`] ?? passes[small])?.test(value) === true;
  }

  #isName(key: string, parent: string): boolean {
    const { names, words } = this.#rules;
    return names.has(plainKey(key)) && !words.has(`${parent}.${key}`.toLowerCase());
  }

  #isMap = (key: string): boolean => this.#rules.maps.has(key.toLowerCase());

  #isKnownKey = (key: string): boolean => KEYS.has(key) || LABELS.test(key) || /^eth\d+$/.test(key);

  #keyOf(key: string, parent: string): string {
    if (this.#isKnownKey(key)) return key;
    if (this.#isMap(parent)) return this.#scrubber.text(key, 'name');
    return this.#scrubber.text(key);
  }
}

/** What stands in a list: its own keys are no names, even where the list's are. */
const within = (key: string, item: unknown): string => (typeof item === 'string' ? key : `${key}[]`);

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value === 'object' && value !== null) return {};
  return typeof value === 'string' && value !== '' ? DROPPED : typeof value === 'boolean' ? value : null;
}

/** Keys, values, and as what each value is to be read: beside a key `key`, the others are values of what that names. */
function settingsOf(value: object): readonly (readonly [string, unknown, string])[] {
  const { key } = value as { key?: unknown };
  return Object.entries(value).map(([name, item]) => [
    name,
    item,
    typeof key === 'string' && (name === 'value' || name === 'pending') ? key : name,
  ]);
}

/** Services and interfaces of a system have names that it gives them itself. */
const isSystemPart = (value: object, key: string): boolean =>
  key === 'name' && ('service' in value || 'hwaddr' in value || 'hardware-address' in value);
