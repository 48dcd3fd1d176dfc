import type { VoiceSample } from '../../contract/speech.ts';
import type { Clock } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { PcmConverter } from '../../core/pcm.ts';
import { shown } from '../../core/words.ts';
import { withDeadline } from '../../net/deadline.ts';
import { HttpClient, type HttpRequest, type HttpStream } from '../../net/http-client.ts';
import type { ChatterboxOptions } from './config.ts';
import type { Dialect, Order, Seen } from './dialect.ts';
import { devnen } from './dialects/devnen.ts';
import { openai } from './dialects/openai.ts';
import { travisvn } from './dialects/travisvn.ts';
import { WavReader } from './wav.ts';

/** What all sound is turned into: as Chatterbox makes it. */
export const RATE = 24_000;
const LOOK_MS = 10_000;
const UNLOAD_MS = 30_000;
/** Of what a server says instead of speaking. */
const MOST_SAID = 4 * 1_024;

/** One Chatterbox server, whichever it is. All errors are `LabError`s that name it. */
export class ChatterboxClient {
  readonly #http: HttpClient;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #patienceMs: number;
  /** Those that it may be, the likeliest first. */
  readonly #candidates: readonly Dialect[];
  /** The one that answered last. */
  #dialect: Dialect;
  /** It did, as only that one does. */
  #isSure = false;

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(options: ChatterboxOptions, name: string, clock: Clock, meter: Meter) {
    const { url, key, fingerprint, ca, verify_tls: verify = true } = options;
    const { origin, pathname } = new URL(url);
    const trust = {
      verify,
      ...(fingerprint !== undefined && { fingerprint }),
      ...(ca !== undefined && { ca }),
    };
    this.#http = new HttpClient({ url: origin, name, trust, clock, meter });
    this.#name = name;
    this.#clock = clock;
    this.#base = pathname.replace(/\/+$/, '');
    this.#headers = { accept: '*/*', ...(key !== undefined && { authorization: `Bearer ${key}` }) };
    this.#patienceMs = (options.patience ?? 30) * 1_000;
    const all = [devnen, travisvn, openai(options.model)];
    const { server = 'auto' } = options;
    this.#candidates = server === 'auto' ? all : all.filter(({ id }) => id === server);
    this.#dialect = this.#candidates[0] ?? devnen;
  }

  get dialect(): Dialect {
    return this.#dialect;
  }

  /** Finds out which server it is, if need be, and what it says of itself. */
  async look(signal: AbortSignal): Promise<Seen> {
    // What may be anybody never keeps the right one from being found.
    const first = this.#dialect.shownBy === undefined ? [this.#dialect] : [];
    for (const dialect of [...first, ...this.#candidates.filter((other) => !first.includes(other))]) {
      const isKnown = this.#isSure && dialect === this.#dialect;
      const ask = (path: string): Promise<unknown> => this.#ask(path, signal, isKnown);
      // Neither does a proxy that answers in its place for a while make another server of it.
      const { shownBy } = dialect;
      if (this.#isSure && shownBy !== undefined && (await ask(shownBy)) === undefined) continue;
      const seen = await dialect.look(ask);
      if (seen === undefined) continue;
      this.#dialect = dialect;
      this.#isSure = shownBy === undefined;
      return seen;
    }
    throw new LabError(
      'path_wrong',
      `${this.#name}: what answers at ${this.#http.url} is no Chatterbox server`,
      {
        hint: 'Check the address, without /v1; of another server than was found set the option server.',
      },
    );
  }

  /** Sound of 16 bits and one channel at `RATE`, as it is made. */
  async *speak(order: Order, signal: AbortSignal): AsyncGenerator<Buffer> {
    const { path, body } = this.#dialect.speech(order);
    const what = `${this.#name}: POST ${path}`;
    const ended = new AbortController();
    const inner = AbortSignal.any([signal, ended.signal]);
    try {
      const answer = await this.#http.stream({
        path: `${this.#base}${path}`,
        headers: { ...this.#headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        deadlineMs: this.#patienceMs,
        signal: inner,
      });
      if (answer.status !== 200) throw await this.#refusal(what, answer, inner);
      yield* this.#soundIn(what, answer, inner);
    } finally {
      // Nobody listens any more: whoever makes the sound shall notice.
      ended.abort(new LabError('cancelled', `${what}: let go of`));
    }
  }

  /** Has a voice made of a sample. @throws LabError `target_unsuitable` where it cannot; `source_refused` */
  async clone(sample: VoiceSample, signal: AbortSignal): Promise<void> {
    const { clone } = this.#dialect;
    const answer = await this.#order(clone?.request(sample), 'make a voice of a sample', UNLOAD_MS, signal);
    const why = clone?.refusal?.(answer);
    if (why !== undefined)
      throw new LabError('source_refused', `${this.#name}: it does not take the sample: ${shown(why, 300)}`);
  }

  async unload(signal: AbortSignal): Promise<void> {
    await this.#order(this.#dialect.unload, 'let go of the memory', UNLOAD_MS, signal);
  }

  async load(signal: AbortSignal): Promise<void> {
    await this.#order(this.#dialect.load, 'be told to get ready', UNLOAD_MS, signal);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async *#soundIn(what: string, { body }: HttpStream, signal: AbortSignal): AsyncGenerator<Buffer> {
    const wav = new WavReader(what);
    let converter: PcmConverter | undefined;
    const chunks = body[Symbol.asyncIterator]();
    const next = () => withDeadline(this.#clock, what, this.#patienceMs, signal, () => chunks.next());
    for (let chunk = await next(); !chunk.done; chunk = await next()) {
      const sound = wav.push(chunk.value);
      if (wav.format === undefined || sound.length === 0) continue;
      converter ??= new PcmConverter(wav.format, RATE);
      const own = converter.push(sound);
      if (own.length > 0) yield own;
    }
    wav.end();
    if (converter === undefined)
      throw new LabError('source_failed', `${what}: there is no sound in its answer`);
  }

  async #refusal(what: string, { status, body }: HttpStream, signal: AbortSignal): Promise<LabError> {
    const said: Buffer[] = [];
    let size = 0;
    try {
      await withDeadline(this.#clock, what, LOOK_MS, signal, async () => {
        for await (const chunk of body) {
          said.push(chunk);
          size += chunk.length;
          if (size > MOST_SAID) return;
        }
      });
    } catch {
      signal.throwIfAborted();
    }
    return refusalOf(what, status, Buffer.concat(said).toString('utf8'));
  }

  /** @returns undefined: there is no such path */
  /** @param isKnown whoever answers otherwise than in JSON is not the server */
  async #ask(path: string, signal: AbortSignal, isKnown: boolean): Promise<unknown> {
    const request = { path: `${this.#base}${path}`, headers: this.#headers, deadlineMs: LOOK_MS, signal };
    const { status, body } = await this.#http.read(request);
    if (status === 404 || status === 405) return undefined;
    if (status !== 200) throw refusalOf(`${this.#name}: GET ${path}`, status, body);
    const answer = parsed(body);
    if (isKnown && answer === undefined)
      throw new LabError('protocol_wrong', `${this.#name}: GET ${path} was answered, but not in JSON`, {
        hint: 'Is there a proxy or another service at that address?',
      });
    return answer;
  }

  /** @returns what it answers, as far as that is JSON */
  async #order(
    request: HttpRequest | undefined,
    what: string,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<unknown> {
    if (request === undefined)
      throw new LabError('target_unsuitable', `${this.#name}: ${this.#dialect.title} cannot ${what}`);
    const { status, body } = await this.#http.write({
      ...{ deadlineMs, signal, ...request },
      headers: { ...this.#headers, ...request.headers },
      path: `${this.#base}${request.path}`,
    });
    if (status !== 200 && status !== 201)
      throw refusalOf(`${this.#name}: POST ${request.path}`, status, body);
    return parsed(body);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function refusalOf(what: string, status: number, body: string): LabError {
  const said = shown(saidIn(body), 300);
  const message = `${what}: ${said === '' ? `status ${status}` : `it said: ${said} (${status})`}`;
  if (status === 401 || status === 403)
    return new LabError('credentials_refused', message, { hint: 'Check the option key.' });
  if (status === 503 || /not (currently )?loaded/i.test(said))
    return new LabError('source_failed', message, {
      hint: 'Its model is not loaded: wait until it is, or press “Load model” at its device.',
    });
  if ([400, 404, 409, 422].includes(status)) return new LabError('source_refused', message);
  return new LabError('source_failed', message, {
    ...(/out of memory/i.test(said) && { hint: 'The card has no memory left: end what else uses it.' }),
  });
}

/** The words of an error, wherever a server puts them. */
function saidIn(body: string): string {
  try {
    const { detail, error, errors } = JSON.parse(body) as Readonly<Record<string, never>>;
    const first = (errors as readonly { error?: unknown }[] | undefined)?.[0]?.error;
    for (const said of [detail, error, (detail as { error?: unknown } | undefined)?.error, first]) {
      if (typeof said === 'string') return said;
      const { message } = (said ?? {}) as { readonly message?: unknown };
      if (typeof message === 'string') return message;
    }
    return '';
  } catch {
    return body.startsWith('<') ? '' : body;
  }
}

/** Whether it only did not answer in time. */
export const isSilence = (thrown: unknown): boolean => asLabError(thrown).code === 'deadline_passed';
