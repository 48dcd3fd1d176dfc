import { LabError } from '../../core/errors.ts';

/** What an instrument answered: a line, or bytes as an IEEE 488.2 block. */
export type Answer = { readonly text: string } | { readonly block: Buffer };

/** Bytes; what is longer is no answer to anything that is asked here. */
export const LONGEST_LINE = 65_536;
export const LONGEST_BLOCK = 8 * 1_048_576;

const LF = 10;
const HASH = 35;
/** Bytes before the `#` of a block: a header as in `C1:WF DAT2,#9…`. */
const LONGEST_HEADER = 64;

/**
 * Puts together one answer of what arrives in pieces (IEEE 488.2: lines, definite blocks `#42000…`, indefinite ones `#0…`).
 * One reader is for one answer.
 */
export class AnswerReader {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #isAfterBlock: boolean;

  /** @param isAfterBlock the line end that closes the block before may still come */
  constructor(isAfterBlock = false) {
    this.#isAfterBlock = isAfterBlock;
  }

  /** An indefinite block ends with a line end after which nothing comes: only time tells. */
  get mayBeOver(): boolean {
    return blockAt(this.#bytes) !== undefined && this.#bytes.at(-1) === LF && this.#isIndefinite();
  }

  /** What came so far, as the end of an indefinite block. */
  finish(): Answer {
    const at = blockAt(this.#bytes) ?? 0;
    return { block: withoutLineEnd(this.#bytes.subarray(at + 2)) };
  }

  /**
   * @returns the answer, and how many bytes came after it; undefined: it goes on
   * @throws LabError `source_failed` when it is too long or no block
   */
  push(bytes: Buffer): { readonly answer: Answer; readonly rest: number } | undefined {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.#isAfterBlock) this.#bytes = this.#bytes.subarray(/^\r?\n/.exec(this.#head())?.[0].length ?? 0);
    const at = blockAt(this.#bytes);
    return at === undefined ? this.#line() : this.#block(at);
  }

  #head(): string {
    return this.#bytes.toString('latin1', 0, 2);
  }

  #line(): { readonly answer: Answer; readonly rest: number } | undefined {
    const end = this.#bytes.indexOf(LF);
    if ((end < 0 ? this.#bytes.length : end) > LONGEST_LINE)
      throw new LabError('source_failed', `an answer of more than ${LONGEST_LINE} characters`);
    if (end < 0) return undefined;
    const text = this.#bytes.toString('latin1', 0, end).replace(/\r$/, '');
    return { answer: { text }, rest: this.#bytes.length - end - 1 };
  }

  #isIndefinite(): boolean {
    return this.#bytes[(blockAt(this.#bytes) ?? 0) + 1] === 48;
  }

  #block(at: number): { readonly answer: Answer; readonly rest: number } | undefined {
    if (this.#bytes.length > LONGEST_BLOCK + LONGEST_HEADER)
      throw new LabError('source_failed', `a block of more than ${LONGEST_BLOCK} bytes`);
    if (this.#isIndefinite()) return undefined;
    const digits = (this.#bytes[at + 1] ?? 48) - 48;
    const begin = at + 2 + digits;
    if (this.#bytes.length < begin) return undefined;
    const length = this.#bytes.toString('latin1', at + 2, begin);
    if (!/^\d+$/.test(length)) throw new LabError('source_failed', 'a block without a length');
    if (Number(length) > LONGEST_BLOCK)
      throw new LabError('source_failed', `a block of ${Number(length)} bytes; ${LONGEST_BLOCK} are taken`);
    const end = begin + Number(length);
    if (this.#bytes.length < end) return undefined;
    const after = this.#bytes.toString('latin1', end);
    return { answer: { block: this.#bytes.subarray(begin, end) }, rest: after.replace(/^\r?\n?/, '').length };
  }
}

/** Where a block begins: at the start, or after a header. `#H1F` and what stands in quotes are no blocks. */
function blockAt(bytes: Buffer): number | undefined {
  let quote: number | undefined;
  for (const [at, byte] of bytes.subarray(0, LONGEST_HEADER).entries()) {
    if (byte === LF) return undefined;
    if (quote === undefined && (byte === 34 || byte === 39)) quote = byte;
    else if (byte === quote) quote = undefined;
    const before = bytes[at - 1];
    const next = bytes[at + 1] ?? 0;
    const stands = at === 0 || before === 32 || before === 44;
    if (quote === undefined && byte === HASH && stands && next >= 48 && next <= 57) return at;
  }
  return undefined;
}

function withoutLineEnd(bytes: Buffer): Buffer {
  const end = bytes.at(-1) === LF ? bytes.length - 1 : bytes.length;
  return bytes.subarray(0, end);
}
