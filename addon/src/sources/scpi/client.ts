import type { Clock } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { withDeadline } from '../../net/deadline.ts';
import { openTcp, type TcpLink } from '../../net/tcp-link.ts';
import { type Identification, identificationOf, shown } from './parse.ts';
import { type Answer, AnswerReader } from './reader.ts';

/** After the last line end of an indefinite block nothing comes for so long. */
const SILENCE_MS = 250;

export interface ScpiClientOptions {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** The connection is closed after so long without a word; undefined: it is kept. */
  readonly idleMs: number | undefined;
  readonly name: string;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** What is being waited for. */
interface Wait {
  readonly reader: AnswerReader;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: LabError) => void;
  cancelSilence: () => void;
}

/**
 * One instrument on its own connection. Everything waits in one line: an instrument answers one question at a time. A
 * connection on which an answer is missing, late or too many is cut, so that no answer is ever taken for another's.
 */
export class ScpiClient {
  readonly #options: ScpiClientOptions;
  #last: Promise<unknown> = Promise.resolve();
  #link: TcpLink | undefined;
  #wait: Wait | undefined;
  #isAfterBlock = false;
  #cancelIdle = (): void => {};
  /** What `*IDN?` said on this connection. */
  #identification: Identification | undefined;

  constructor(options: ScpiClientOptions) {
    this.#options = options;
  }

  /** Who is there: asked on each new connection before anything else. */
  identify(signal: AbortSignal): Promise<Identification> {
    return this.#inTurn(() => this.#ready(signal));
  }

  /** Asks for a line. @throws LabError `source_failed` when the answer is a block */
  async ask(query: string, signal: AbortSignal): Promise<string> {
    const answer = await this.query(query, signal);
    if ('text' in answer) return answer.text;
    throw new LabError('source_failed', `${this.#options.name}: ${query} was answered with binary data`);
  }

  /**
   * @param isLast the connection is cut after it, since more answers than one may come
   * @throws LabError `unreachable`, `deadline_passed`, or `source_failed` when the answer makes no sense
   */
  query(query: string, signal: AbortSignal, isLast = false): Promise<Answer> {
    return this.#inTurn(async () => {
      await this.#ready(signal);
      const answer = await this.#exchange(query, signal);
      if (isLast) this.cut();
      return answer;
    });
  }

  /** Sends what has no answer, once: after an error it is unknown whether it arrived. */
  write(command: string, signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      await this.#ready(signal);
      await this.#metered(`${command}`, signal, () => this.#send(command));
    });
  }

  /** Whoever comes next finds a new connection. */
  cut(): void {
    this.#cancelIdle();
    this.#link?.cut();
    this.#link = undefined;
    this.#fail(new LabError('unreachable', `${this.#options.name}: the connection was closed`));
  }

  async close(): Promise<void> {
    this.cut();
    await this.#last;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#cancelIdle();
    const turn = this.#last.then(work);
    this.#last = turn.then(
      () => this.#rest(),
      () => this.#rest(),
    );
    return turn;
  }

  #rest(): void {
    const { clock, idleMs } = this.#options;
    this.#cancelIdle();
    if (idleMs !== undefined) this.#cancelIdle = clock.after(idleMs, () => this.cut());
  }

  /** A connection on which the right one has said who it is. */
  async #ready(signal: AbortSignal): Promise<Identification> {
    if (this.#link !== undefined && this.#identification !== undefined) return this.#identification;
    const { name } = this.#options;
    await this.#metered('connecting', signal, (inner) => this.#connect(inner));
    const answer = await this.#exchange('*IDN?', signal);
    const text = 'text' in answer ? answer.text : '';
    const identification = identificationOf(text);
    if (identification === undefined) {
      this.cut();
      throw new LabError(
        'source_failed',
        `${name}: *IDN? was answered with “${shown(text).slice(0, 60)}”, which names no instrument`,
        { hint: 'is this the port for SCPI (often 5025, with Rigol 5555)? Something else may listen there' },
      );
    }
    this.#identification = identification;
    return identification;
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { host, port, name } = this.#options;
    this.#isAfterBlock = false;
    this.#identification = undefined;
    const link: TcpLink = await openTcp({
      ...{ host, port, name, signal },
      onBytes: (bytes) => {
        if (this.#link === link) this.#heard(bytes);
      },
      onEnd: (error) => {
        if (this.#link !== link) return;
        this.#link = undefined;
        this.#fail(error);
      },
    });
    this.#link = link;
  }

  #exchange(query: string, signal: AbortSignal): Promise<Answer> {
    return this.#metered(query, signal, async () => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      // It may fail while the question is still being sent.
      promise.catch(() => {});
      const reader = new AnswerReader(this.#isAfterBlock);
      this.#isAfterBlock = false;
      this.#wait = { reader, resolve, reject, cancelSilence: () => {} };
      await this.#send(query);
      return promise;
    });
  }

  async #send(line: string): Promise<void> {
    if (this.#link === undefined)
      throw new LabError('unreachable', `${this.#options.name}: the connection was closed`);
    await this.#link.send(`${line}\n`);
  }

  /** What fails leaves no connection behind: the answer may still be on its way. */
  async #metered<T>(
    what: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { clock, meter, name, timeoutMs } = this.#options;
    const begin = clock.elapsed();
    try {
      const result = await withDeadline(clock, `${name}: ${what}`, timeoutMs, signal, work);
      meter.record(clock.elapsed() - begin);
      return result;
    } catch (thrown) {
      this.#wait?.cancelSilence();
      this.#wait = undefined;
      this.cut();
      meter.record(clock.elapsed() - begin, asLabError(thrown));
      throw thrown;
    }
  }

  #heard(bytes: Buffer): void {
    const wait = this.#wait;
    if (wait === undefined) {
      // The line end after a block may come by itself; whatever else nobody asked for.
      if (this.#isAfterBlock && /^\r?\n?$/.test(bytes.toString('latin1'))) return;
      this.cut();
      return;
    }
    wait.cancelSilence();
    try {
      const found = wait.reader.push(bytes);
      if (found === undefined) {
        if (wait.reader.mayBeOver) {
          wait.cancelSilence = this.#options.clock.after(SILENCE_MS, () =>
            this.#answered(wait.reader.finish()),
          );
        }
        return;
      }
      if (found.rest > 0) {
        throw new LabError('source_failed', 'it answered more than was asked, so no answer is sure');
      }
      this.#answered(found.answer);
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      this.#fail(new LabError(code, `${this.#options.name}: ${message}`));
    }
  }

  #answered(answer: Answer): void {
    this.#isAfterBlock = 'block' in answer;
    this.#wait?.resolve(answer);
    this.#wait = undefined;
  }

  #fail(error: LabError): void {
    this.#wait?.cancelSilence();
    this.#wait?.reject(error);
    this.#wait = undefined;
  }
}
