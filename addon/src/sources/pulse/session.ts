import type { Capabilities } from '../../contract/capabilities.ts';
import type { Delivery, Hook } from '../../contract/hook.ts';
import type { Session, SourceContext, Watch } from '../../contract/source.ts';
import { pause } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { addressesOf } from '../../net/addresses.ts';
import { type Alert, alertOf, eventOf, type News } from './alert.ts';
import { AlertBook } from './book.ts';
import { PulseClient } from './client.ts';
import type { PulseOptions } from './config.ts';
import { knownBy, type Monitor, monitorId, monitorOf, type Place, type Seen } from './map.ts';
import { toldBy } from './webhook.ts';
import { known, type Summary, type Version } from './wire.ts';

/** Between two looks for which there is reason: webhooks come one after another. */
const CALM_MS = 2_000;
const VERSION_MS = 10 * 60_000;
/** The time of its start is worked out from its uptime anew each time; what differs less is the same start. */
const SAME_START_MS = 60_000;
/** More than these are counted, and not told one by one. */
const MOST_ALERTS = 2_000;
const MEMORY = 'alerts';

/** One Pulse: looked at at intervals, and when it sends something. */
export class PulseSession implements Session {
  readonly tasks = [];
  readonly watches: readonly Watch[];
  readonly capabilities: { readonly alerts: Capabilities['alerts'] };
  readonly hook: Hook | undefined;

  readonly #options: PulseOptions;
  readonly #context: SourceContext;
  readonly #client: PulseClient;
  readonly #book = new AlertBook();
  readonly #place: Omit<Place, 'owner' | 'knownBy'>;
  #owner: string;
  #version: { readonly at: number; readonly value: Version | undefined } | undefined;
  #started: number | undefined;
  #isBookRead = false;
  /** Each is said once. */
  readonly #said = new Set<string>();
  #look = (): void => {};

  constructor(options: PulseOptions, context: SourceContext) {
    const { owner, title, clock, meter, log } = context;
    this.#options = options;
    this.#context = context;
    this.#owner = owner;
    this.#client = new PulseClient(options, owner, clock, meter);
    this.#place = { title, page: options.url, guest: options.guest };
    if (options.verify_tls === false)
      log.warn(
        'the certificate is not verified: anyone on the way can read the token. Set fingerprint or ca',
      );
    const { webhook_secret: secret } = options;
    this.hook = secret === undefined ? undefined : { secret, take: (delivery) => this.#take(delivery) };
    this.watches = [{ name: 'alerts', run: (signal, ready) => this.#watch(signal, ready) }];
    this.capabilities = {
      alerts: { acknowledge: (_, alert, signal) => this.#acknowledge(alert, signal) },
    };
  }

  refresh(): void {
    this.#look();
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #watch(signal: AbortSignal, ready: (resources: readonly Monitor[]) => void): Promise<void> {
    let publish = ready;
    for (;;) {
      const next = this.#reason(signal);
      try {
        const { monitor, news } = await this.#read(signal);
        publish([monitor]);
        // What happens to a thing is told after the thing itself.
        this.#tell(news);
        publish = this.#context.publish;
        await next.come;
      } finally {
        next.cancel();
      }
      signal.throwIfAborted();
    }
  }

  /** Reason for another look: enough time has passed, or something happened since this was called. */
  #reason(signal: AbortSignal): { readonly come: Promise<void>; readonly cancel: () => void } {
    const { clock } = this.#context;
    const { interval = 30 } = this.#options;
    const { promise: come, resolve } = Promise.withResolvers<void>();
    const stop = (): void => resolve();
    const cancel = clock.after(interval * 1_000, resolve);
    signal.addEventListener('abort', stop);
    this.#look = () => {
      this.#look = () => {};
      void pause(clock, CALM_MS, signal).then(resolve);
    };
    return {
      come,
      cancel: () => {
        cancel();
        signal.removeEventListener('abort', stop);
      },
    };
  }

  async #read(signal: AbortSignal): Promise<{ readonly monitor: Monitor; readonly news: readonly News[] }> {
    const { clock } = this.#context;
    const health = await this.#client.health(signal);
    const started = this.#startOf(health.uptime);
    const mark = this.#book.mark();
    const asked = clock.elapsed();
    const alerts = (await this.#client.alerts(signal)).flatMap((wire) => alertOf(wire) ?? this.#none());
    const latency = clock.elapsed() - asked;
    const summary = await this.#part<Summary>('/api/state/summary', signal);
    if (this.#version === undefined || clock.elapsed() - this.#version.at >= VERSION_MS) {
      const value = await this.#part<Version>('/api/version', signal);
      this.#version = { at: clock.elapsed(), value };
    }
    const version = this.#version.value;
    this.#owner = this.#context.identities.bind(new URL(this.#options.url).href);
    const aliases = await this.#aliases(version);
    const news = this.#newsIn(alerts, mark);
    const seen: Seen = { health, latency, alerts, summary, version, started };
    const place = { ...this.#place, owner: this.#owner, knownBy: aliases };
    return { monitor: monitorOf(seen, place), news };
  }

  #newsIn(alerts: readonly Alert[], mark: number): readonly News[] {
    if (alerts.length > MOST_ALERTS) {
      this.#say(
        `it has ${alerts.length} alerts: more than ${MOST_ALERTS} are counted, and not told one by one`,
      );
      return [];
    }
    if (!this.#isBookRead) this.#book.readBack(this.#context.memory.get(MEMORY));
    const isFirst = !this.#isBookRead;
    this.#isBookRead = true;
    const news = this.#book.list(alerts, mark);
    if (isFirst) this.#keep();
    return news;
  }

  #take(delivery: Delivery): void {
    const told = toldBy(delivery);
    if (told === undefined)
      this.#say('its webhook has a template of its own: it is looked at instead, which is a little later');
    else this.#tell(this.#book.deliver(told.alerts, told.areOver), told.ended);
    // What it says is not taken for the whole: the counts come with the next list.
    this.#look();
  }

  /** @param ended when, where it was told; ISO 8601 */
  #tell(news: readonly News[], ended?: string): void {
    if (news.length === 0) return;
    for (const one of news)
      this.#context.emit(
        monitorId(this.#owner),
        'alert',
        eventOf(one, one.type === 'ended' ? ended : undefined),
      );
    this.#keep();
  }

  #keep(): void {
    this.#context.memory.put(MEMORY, this.#book.written());
  }

  async #acknowledge(alert: string | undefined, signal: AbortSignal): Promise<number> {
    if (alert !== undefined) {
      await this.#client.acknowledge(alert, signal);
      return 1;
    }
    const open = (await this.#client.alerts(signal))
      .flatMap((wire) => alertOf(wire) ?? [])
      .filter(({ acknowledged }) => !acknowledged);
    if (open.length === 0) return 0;
    const results = await this.#client.acknowledgeAll(
      open.map(({ id }) => id),
      signal,
    );
    const done = results.filter(({ success }) => success === true).length;
    const refusal = results.find(
      ({ success, error }) => success !== true && !/not found/i.test(String(error)),
    );
    if (refusal === undefined) return done;
    throw new LabError(
      'source_refused',
      `${this.#context.owner}: ${done} of ${open.length} alerts were acknowledged; it said: ${String(refusal.error).slice(0, 200)}`,
    );
  }

  /** What this version may not have; everything else works without it. */
  async #part<T extends object>(path: string, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await this.#client.get<T>(path, signal);
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      if (signal.aborted || !['path_wrong', 'source_failed', 'source_refused'].includes(code)) throw thrown;
      this.#say(message);
      return undefined;
    }
  }

  #startOf(uptime: number): string | null {
    const seconds = known(uptime);
    if (seconds === null || seconds < 0) return null;
    const started = Math.floor(this.#context.clock.now() / 1_000 - seconds) * 1_000;
    if (Math.abs(started - (this.#started ?? 0)) > SAME_START_MS) this.#started = started;
    return new Date(this.#started ?? started).toISOString();
  }

  async #aliases(version: Version | undefined): Promise<Place['knownBy']> {
    const url = new URL(this.#options.url);
    return knownBy(url, await addressesOf(url.hostname), version);
  }

  #none(): readonly Alert[] {
    this.#say('one of its alerts has no id or no time: it is left out');
    return [];
  }

  #say(message: string): void {
    const isNew = !this.#said.has(message);
    if (isNew && this.#said.size < 50) this.#said.add(message);
    this.#context.log[isNew ? 'warn' : 'debug'](message);
  }
}
