import { isDeepStrictEqual } from 'node:util';
import type { PollTask, Session, SourceContext } from '../../contract/source.ts';
import type { Sentence, Speech, SpeechOffer, VoiceSample } from '../../contract/speech.ts';
import { LabError } from '../../core/errors.ts';
import { slug } from '../../core/ids.ts';
import { ChatterboxClient, isSilence, RATE } from './client.ts';
import type { ChatterboxOptions } from './config.ts';
import type { Order, Seen } from './dialect.ts';
import { Kept, lasting } from './kept.ts';
import { endpointsOf, speechOf } from './map.ts';
import { Turns } from './turns.ts';
import { type KnownVoice, voiceNamed, voicesOf } from './voices.ts';

const SEED = 4_711;
const BYTES_PER_SECOND = 2 * RATE;

/** One Chatterbox: looked at at intervals, and spoken with when somebody has something to say. */
export class ChatterboxSession implements Session {
  readonly tasks: readonly PollTask[];
  readonly watches = [];
  readonly capabilities: { readonly speech: Speech };

  readonly #options: ChatterboxOptions;
  readonly #context: SourceContext;
  readonly #client: ChatterboxClient;
  readonly #turns: Turns;
  readonly #kept: Kept;
  #seen: Seen | undefined;
  #voices: readonly KnownVoice[];
  #offer: SpeechOffer | undefined;
  #publish: (() => void) | undefined;
  #firstSound: number | null = null;
  #factor: number | null = null;
  #isReplaced = false;

  constructor(options: ChatterboxOptions, context: SourceContext) {
    const { owner, clock, meter, log, memory } = context;
    this.#options = options;
    this.#context = context;
    this.#client = new ChatterboxClient(options, owner, clock, meter);
    this.#turns = new Turns(options.concurrency ?? 1);
    this.#turns.onChange = () => this.#publish?.();
    this.#kept = new Kept(memory);
    // What it had to offer in an earlier run, lest its voices vanish while it is off.
    this.#seen = this.#kept.seen();
    this.#voices = this.#seen === undefined ? [] : voicesOf(this.#seen, options);
    if (options.verify_tls === false)
      log.warn('the certificate is not verified: anyone on the way can listen. Set fingerprint or ca');
    this.tasks = [
      {
        ...{ name: 'look', tier: 'fast', vital: true },
        everySeconds: options.interval ?? 30,
        run: (signal) => this.#look(signal),
      },
    ];
    this.capabilities = {
      speech: {
        offer: () => this.#offered(),
        keyOf: (sentence) => this.#keyOf(sentence),
        speak: (sentence, signal) => this.#speak(sentence, signal),
        replaced: (isReplaced) => this.#setReplaced(isReplaced),
        choose: (voice) => this.#choose(voice),
        unload: (signal) => this.#change(() => this.#client.unload(signal), signal),
        clone: (sample, signal) => this.#clone(sample, signal),
        load: (signal) => this.#change(() => this.#client.load(signal), signal),
      },
    };
  }

  refresh(): void {}

  close(): Promise<void> {
    return this.#client.close();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const wasBusy = this.#turns.running > 0;
    try {
      this.#take(await this.#client.look(signal));
    } catch (thrown) {
      // Many answer nobody while they make sound: that is no silence of theirs, but our own doing.
      if (!isSilence(thrown) || !(wasBusy || this.#turns.running > 0) || this.#seen === undefined)
        throw thrown;
    }
    const { title, identities, publish } = this.#context;
    const { url, container } = this.#options;
    const owner = identities.bind(new URL(url).href);
    const knownBy = await endpointsOf(new URL(url));
    this.#publish = () => {
      if (this.#seen === undefined) return;
      const place = { owner, title, url, container, knownBy, dialect: this.#client.dialect };
      publish([speechOf(this.#seen, this.#spoken(), place)]);
    };
    this.#publish();
  }

  #take(told: Seen): void {
    // A server that has let go of its model does not know which one it will load: the one that it had, most likely.
    const { model, languages } = (!told.loaded && this.#seen) || told;
    const seen = { ...told, model, languages };
    const isSame = isDeepStrictEqual(lasting(seen), this.#seen && lasting(this.#seen));
    this.#seen = seen;
    if (isSame) return;
    this.#voices = voicesOf(seen, this.#options);
    this.#offer = undefined;
    this.#kept.keepSeen(seen);
    if (this.#voices.length === 0)
      this.#context.log.warn('it has no voice that could be offered: check the options voices and languages');
  }

  #spoken() {
    return {
      ...{ queue: this.#turns.length, firstSound: this.#firstSound, factor: this.#factor },
      ...{ characters: this.#kept.characters, isReplaced: this.#isReplaced },
      ...{ voice: this.#default()?.name ?? null, voices: this.#voices },
    };
  }

  #default(): KnownVoice | undefined {
    const { voice } = this.#options;
    return voiceNamed(this.#voices, this.#kept.voice) ?? voiceNamed(this.#voices, voice) ?? this.#voices[0];
  }

  #offered(): SpeechOffer | undefined {
    if (this.#seen === undefined) return undefined;
    this.#offer ??= {
      voices: this.#voices.map(({ name, title, language }) => ({ name, title, language })),
      voice: this.#default()?.name,
    };
    return this.#offer;
  }

  #orderOf({ text, voice: name, manner }: Sentence): Order {
    const { exaggeration, cfg_weight, temperature, seed = SEED } = this.#options;
    const voice = this.#voices.find((known) => known.name === name);
    if (voice === undefined)
      throw new LabError('target_unknown', `${this.#context.owner}: there is no voice “${name}”`);
    return {
      ...{ text, voice: voice.own, language: voice.asks, seed, model: this.#seen?.model ?? null },
      manner: {
        exaggeration: manner.exaggeration ?? exaggeration,
        cfg_weight: manner.cfg_weight ?? cfg_weight,
        temperature: manner.temperature ?? temperature,
        speed: manner.speed,
      },
    };
  }

  #keyOf(sentence: Sentence): string {
    const order = this.#orderOf(sentence);
    const { path, body } = this.#client.dialect.speech(order);
    return JSON.stringify([this.#options.url, order.model, path, body]);
  }

  async *#speak(sentence: Sentence, signal: AbortSignal): AsyncGenerator<Buffer> {
    const order = this.#orderOf(sentence);
    const { clock } = this.#context;
    const done = await this.#turns.take(signal);
    const asked = clock.elapsed();
    let bytes = 0;
    try {
      for await (const sound of this.#client.speak(order, signal)) {
        if (bytes === 0) this.#firstSound = clock.elapsed() - asked;
        bytes += sound.length;
        yield sound;
      }
      this.#factor = (clock.elapsed() - asked) / 1_000 / (bytes / BYTES_PER_SECOND);
      this.#kept.spoke([...order.text].length);
    } finally {
      done();
    }
  }

  #setReplaced(isReplaced: boolean): void {
    if (this.#isReplaced === isReplaced) return;
    this.#isReplaced = isReplaced;
    this.#publish?.();
  }

  #choose(name: string): void {
    const voice = this.#voices.find((known) => known.name === name);
    if (voice === undefined)
      throw new LabError('target_unknown', `${this.#context.owner}: there is no voice “${name}”`);
    this.#kept.voice = voice.name;
    this.#offer = undefined;
    this.#publish?.();
  }

  async #clone(sample: VoiceSample, signal: AbortSignal): Promise<readonly string[]> {
    const { owner } = this.#context;
    const before = new Set((this.#seen?.voices ?? []).map(({ id }) => id));
    // Servers keep the sample that they have, or refuse, and in another case is the same file on some disks.
    const taken = this.#seen?.voices.find(({ title }) => slug(title) === slug(sample.name));
    if (taken !== undefined)
      throw new LabError('source_refused', `${owner}: there is a voice “${taken.title}” already`, {
        hint: 'choose another name, or delete that voice at its server first',
      });
    await this.#change(() => this.#client.clone(sample, signal), signal);
    const made = this.#seen?.voices.filter(({ id }) => !before.has(id)) ?? [];
    const names = this.#voices.filter(({ own }) => made.includes(own)).map(({ name }) => name);
    if (names.length > 0) return names;
    if (made.length === 0)
      throw new LabError('source_failed', `${owner}: it took the sample, and shows no new voice`);
    throw new LabError('source_refused', `${owner}: the voice was made, and is not offered`, {
      hint: 'it is not among the options voices and languages',
    });
  }

  async #change(change: () => Promise<void>, signal: AbortSignal): Promise<void> {
    // Between two sentences: in the midst of one the card could not be let go of.
    const done = await this.#turns.take(signal);
    try {
      await change();
    } finally {
      done();
    }
    await this.#look(signal);
  }
}
