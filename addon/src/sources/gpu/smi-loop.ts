import type { Program } from '../../contract/program.ts';
import type { Clock } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { withDeadline } from '../../net/deadline.ts';
import type { Card } from './card.ts';
import { isUnknownField, Rounds } from './csv.ts';

/** Seconds between two rounds. */
export const LOOP_SECONDS = 10;
/** From the first round, which has the driver wake the card, to the next: whoever is silent for longer hangs. */
const SILENT_MS = 45_000;
/** Nobody asked for so long: nobody will. */
const UNASKED_MS = 120_000;

/** One `nvidia-smi --loop` that runs. It is over, once and for all, when it ends, hangs, or nobody asks any more. */
export class SmiLoop {
  readonly #program: Program;
  readonly #clock: Clock;
  readonly #where: string;
  #cards: readonly Card[] | undefined;
  #waiting = Promise.withResolvers<readonly Card[]>();
  #over: LabError | undefined;
  /** What it said that was no card. */
  #words = '';
  #forget: () => void = () => {};

  /** @param where it runs, for people */
  constructor(program: Program, clock: Clock, where: string) {
    this.#program = program;
    this.#clock = clock;
    this.#where = where;
    this.#waiting.promise.catch(() => {});
    void this.#follow();
  }

  get isOver(): boolean {
    return this.#over !== undefined;
  }

  /** It does not know all that it was asked for. */
  get isOld(): boolean {
    return isUnknownField(this.#words);
  }

  /** The cards as they are now: what came since the last time, else what comes next. @throws LabError it is over */
  async next(signal: AbortSignal): Promise<readonly Card[]> {
    if (this.#over !== undefined) throw this.#over;
    this.#forget();
    this.#forget = this.#clock.after(UNASKED_MS, () => this.close());
    const what = `nvidia-smi in ${this.#where}`;
    try {
      const cards =
        this.#cards ??
        (await withDeadline(this.#clock, what, SILENT_MS, signal, () => this.#waiting.promise));
      this.#cards = undefined;
      return cards;
    } catch (thrown) {
      if (this.#over === undefined && !signal.aborted) this.#end(asLabError(thrown));
      throw thrown;
    }
  }

  close(): void {
    this.#end(new LabError('shutting_down', `nvidia-smi in ${this.#where} was ended`));
  }

  async #follow(): Promise<void> {
    const rounds = new Rounds();
    try {
      for await (const line of this.#program.lines) {
        const cards = rounds.add(line);
        if (cards === undefined) {
          if (this.#cards === undefined && this.#words.length < 300) this.#words += `${line.slice(0, 200)} `;
          continue;
        }
        this.#words = '';
        this.#cards = cards;
        this.#waiting.resolve(cards);
        this.#waiting = Promise.withResolvers();
        this.#waiting.promise.catch(() => {});
      }
      const said = this.#words.replaceAll(/\p{C}/gu, ' ').trim().slice(-200);
      this.#end(
        new LabError('source_failed', `nvidia-smi in ${this.#where} ended${said === '' ? '' : `: ${said}`}`),
      );
    } catch (cause) {
      const text = `nvidia-smi in ${this.#where}: the connection broke`;
      this.#end(new LabError('unreachable', text, { cause }));
    }
  }

  #end(why: LabError): void {
    if (this.#over !== undefined) return;
    this.#over = why;
    this.#forget();
    this.#program.close();
    this.#waiting.reject(why);
  }
}
