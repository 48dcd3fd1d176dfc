import { createHmac, randomBytes } from 'node:crypto';

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
const SYLLABLES = [...CONSONANTS].flatMap((consonant) => [...VOWELS].map((vowel) => consonant + vowel));
/** Of a container's id: what Docker shows of it, and calls the container by. */
const SHORT_ID = 12;

/**
 * What stands in a capture in place of names, numbers and digests: the same for the same, all over it, whatever its
 * case. The key is made up for each capture and forgotten with it, so nothing leads back, nor from one to another.
 */
export class Pseudonyms {
  readonly #key = randomBytes(32);
  readonly #words = new Map<string, string>();
  readonly #taken: (word: string) => boolean;
  #count = 0;

  /** @param taken words (lower-case) that no pseudonym may be, since the lab or its interfaces use them */
  constructor(taken: (word: string) => boolean) {
    this.#taken = taken;
  }

  /** A made-up word in the same case: `xabodi` for `plex`, `XABODI` for `PLEX`. */
  word(original: string): string {
    const plain = original.toLowerCase();
    const known = this.#words.get(plain) ?? this.#invent(plain);
    if (original === plain) return known;
    const isUpper = original === original.toUpperCase();
    return isUpper ? known.toUpperCase() : (known[0] as string).toUpperCase() + known.slice(1);
  }

  /** As many digits. */
  digits(original: string): string {
    const digest = this.#digest(`digits ${original}`);
    const digits = [...original].map((_, index) => String((digest[index % digest.length] as number) % 10));
    return digits.join('').replace(/^0/, '7');
  }

  /** As many hex digits, in the same case; what begins with the same twelve goes on doing so. */
  hex(original: string): string {
    const plain = original.toLowerCase();
    const short = this.#hex(`hex ${plain.slice(0, SHORT_ID)}`, SHORT_ID);
    const rest = this.#hex(`hex ${plain}`, Math.max(0, plain.length - SHORT_ID));
    const made = (short + rest).slice(0, plain.length);
    return original === plain ? made : made.toUpperCase();
  }

  /** `length` octets that depend on `text` and on nothing else of this capture. */
  octets(text: string, length: number): Uint8Array {
    return this.#digest(text).subarray(0, length);
  }

  #hex(text: string, length: number): string {
    let made = '';
    for (let block = 0; made.length < length; block += 1)
      made += this.#digest(`${block} ${text}`).toString('hex');
    return made.slice(0, length);
  }

  #digest(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }

  #invent(plain: string): string {
    for (;;) {
      const made = wordOf(this.#count);
      this.#count += 1;
      if (this.#taken(made)) continue;
      this.#words.set(plain, made);
      return made;
    }
  }
}

/** `x`, a vowel and two syllables or more: no word of any interface, and no hex number. */
function wordOf(count: number): string {
  let rest = Math.floor(count / VOWELS.length);
  let word = '';
  for (let syllable = 0; syllable < 2 || rest > 0; syllable += 1) {
    word += SYLLABLES[rest % SYLLABLES.length];
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return `x${VOWELS[count % VOWELS.length]}${word}`;
}
