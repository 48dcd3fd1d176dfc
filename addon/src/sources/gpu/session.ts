import type { PollTask, Session, SourceContext } from '../../contract/source.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { Card, GpuReadings } from './card.ts';
import type { GpuOptions } from './config.ts';
import { Picture } from './picture.ts';
import type { Way } from './way.ts';
import { waysOf } from './ways.ts';
import { Whereabouts } from './whereabouts.ts';

/** The cards of one machine, by the first way to them that works. */
export class GpuSession implements Session {
  readonly watches = [];
  readonly tasks: readonly PollTask[];
  readonly capabilities = {};

  readonly #context: SourceContext;
  readonly #ways: readonly Way[];
  readonly #picture: Picture;
  readonly #whose: Whereabouts | undefined;
  readonly #closed = new AbortController();
  /** In a row. */
  #failures = 0;
  /** The way that worked last. */
  #way: Way;

  constructor(options: GpuOptions, context: SourceContext) {
    this.#context = context;
    this.#ways = waysOf(options, context);
    this.#way = this.#ways[0] as Way;
    this.#picture = new Picture(context, statedIn(options), options.guest);
    this.#whose = options.container === undefined ? undefined : new Whereabouts(options.container, context);
    this.tasks = [
      {
        name: 'the cards',
        tier: 'fast',
        vital: true,
        everySeconds: () => this.#way.everySeconds,
        run: (signal) => this.#read(signal),
      },
    ];
  }

  refresh(): void {}

  async close(): Promise<void> {
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await Promise.all(this.#ways.map((way) => way.close()));
  }

  async #read(signal: AbortSignal): Promise<void> {
    const cards = await this.#cards(signal).catch((thrown: unknown) => {
      if (!signal.aborted) this.#failed(asLabError(thrown));
      throw thrown;
    });
    this.#failures = 0;
    this.#context.report([]);
    const news = this.#picture.saw(cards, this.#way.name);
    const owners = await this.#whose?.of(this.#picture.pids, signal);
    if (owners !== undefined) this.#picture.saysWhose(owners);
    if (this.#closed.signal.aborted) return;
    this.#context.publish(this.#picture.resources());
    for (const [id, event] of news) this.#context.emit(id, 'xid', event);
  }

  /** What is wrong may be another thing than at first: systems by way of which it is read have to be found, too. */
  #failed({ message, hint }: LabError): void {
    this.#failures += 1;
    if (this.#failures < 2) return;
    const about = this.#context.owner;
    const title = 'The cards cannot be read';
    this.#context.report([
      {
        key: 'unread',
        severity: 'warning',
        about,
        title,
        message,
        ...(hint !== undefined && { remedy: hint }),
      },
    ]);
  }

  /** By the first way that works, beginning with the one that a person put first. */
  async #cards(signal: AbortSignal): Promise<readonly Card[]> {
    const failures: LabError[] = [];
    for (const way of this.#ways) {
      try {
        const cards = await way.read(signal);
        if (way !== this.#way) this.#context.log.info(`the cards are read by ${way.name} now`);
        this.#way = way;
        return cards;
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        failures.push(asLabError(thrown));
      }
    }
    const [first, ...others] = failures as [LabError, ...LabError[]];
    if (others.length === 0) throw first;
    throw new LabError(first.code, failures.map(({ message }) => message).join('; '), {
      ...(first.hint !== undefined && { hint: first.hint }),
      cause: first,
    });
  }
}

function statedIn(options: GpuOptions): Partial<GpuReadings> {
  const { price, cloud_price, electricity_price, currency } = options;
  return {
    ...(price !== undefined && { price }),
    ...(cloud_price !== undefined && { cloud_price }),
    ...(electricity_price !== undefined && { electricity_price }),
    ...(currency !== undefined && { currency }),
  };
}
