import type { Capabilities } from '../../contract/capabilities.ts';
import type { Finding } from '../../contract/finding.ts';
import type { PollTask, Session, SourceContext } from '../../contract/source.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { LabResourceOf } from '../../kinds/index.ts';
import { ScpiClient } from './client.ts';
import type { ScpiOptions } from './config.ts';
import { controlOf, type Panel, stateOf } from './control.ts';
import { type Identification, numberOf, queuedErrorOf, shown } from './parse.ts';
import { keyOf, type Plan, planFor, presetFor } from './plan.ts';
import { LISTS, type Measurement, type Output, PRESETS } from './presets.ts';

type Readings = LabResourceOf<'instrument'>['readings'];
type OutputReading = NonNullable<Readings['outputs']>[number];

const ERRORS_MS = 60_000;
/** Of an error queue that never gets empty. */
const MOST_ERRORS = 10;
/** What is never answered is asked for ever more rarely. */
const MOST_WAIT_MS = 600_000;
/** Characters of an answer that a pattern is tried on. */
const LONGEST_MATCH = 1_000;

/** What became of asking for one thing. */
interface Asked {
  failures: number;
  due: number;
  problem: string | undefined;
}

/** One instrument. */
export class ScpiSession implements Session {
  readonly watches = [];
  readonly tasks: readonly PollTask[];
  readonly capabilities: Partial<Capabilities>;

  readonly #options: ScpiOptions;
  readonly #context: SourceContext;
  readonly #client: ScpiClient;
  readonly #panel: Panel;
  readonly #closed = new AbortController();
  readonly #values = new Map<Measurement, number | string | null>();
  readonly #outputs = new Map<Output, OutputReading>();
  readonly #asked = new Map<string, Asked>();
  #owner: string;
  #who: Identification | undefined;
  #plan: Plan = { measurements: [], outputs: [], errors: undefined, problems: [] };
  #errorsDue = 0;
  #errors = 0;
  #lastError: string | null = null;

  constructor(options: ScpiOptions, context: SourceContext) {
    const { owner, clock, meter } = context;
    const { host, port = 5_025, timeout = 5, close_after, interval = 10 } = options;
    this.#options = options;
    this.#context = context;
    this.#owner = owner;
    this.#client = new ScpiClient({
      ...{ host, port, timeoutMs: timeout * 1_000, name: owner, clock, meter },
      idleMs: close_after === undefined ? undefined : close_after * 1_000,
    });
    this.#panel = {
      ...{ client: this.#client, clock, name: owner, readOnly: options.read_only === true },
      outputOf: (item) => this.#plan.outputs.find(({ name }) => keyOf(name) === item),
    };
    this.capabilities = { instrument: controlOf(this.#panel) };
    const every = Math.min(
      interval,
      ...(options.scpi_measurements ?? [])
        .filter(({ instrument }) => `scpi/${instrument}` === owner)
        .flatMap(({ interval: own }) => (own === undefined ? [] : [own])),
    );
    this.tasks = [
      {
        ...{ name: 'its values', tier: 'fast', vital: true, everySeconds: every },
        run: (signal) => this.#read(signal),
      },
    ];
  }

  refresh(): void {
    void this.#readOutputs(this.#closed.signal)
      .then(() => this.#publish())
      .catch(() => {});
  }

  async close(): Promise<void> {
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await this.#client.close();
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.#recognise(await this.#client.identify(signal));
    await this.#readOutputs(signal);
    await this.#measure(signal);
    await this.#readErrors(signal);
    this.#publish();
    this.#context.report(this.#findings());
  }

  /** @throws LabError `options_invalid` when it is not what the options say */
  #recognise(who: Identification): void {
    if (this.#who?.serial === who.serial && this.#who?.model === who.model) return;
    const { owner, identities } = this.#context;
    const idn = `${who.maker},${who.model}`;
    const { preset } = this.#options;
    if (preset !== undefined && preset !== 'none' && !PRESETS[preset].models.test(idn)) {
      this.#client.cut();
      throw new LabError('options_invalid', `${owner}: this is a ${who.maker} ${who.model}, no ${preset}`, {
        hint: 'correct the option preset, or leave it out; nothing but *IDN? was sent',
      });
    }
    if (who.serial !== undefined) this.#owner = identities.bind(`${idn},${who.serial}`);
    this.#who = who;
    const id = owner.slice(owner.indexOf('/') + 1);
    this.#plan = planFor(this.#options, id, preset === 'none' ? undefined : (preset ?? presetFor(idn)));
    this.#values.clear();
    this.#outputs.clear();
    this.#asked.clear();
  }

  async #measure(signal: AbortSignal): Promise<void> {
    const now = this.#context.clock.elapsed();
    // What several are found in is asked for once.
    for (const [query, all] of Map.groupBy(this.#plan.measurements, (each) => each.query)) {
      const asked = this.#askedFor(query);
      if (asked.due > now) continue;
      const seconds = Math.min(...all.map((each) => each.everySeconds ?? this.#options.interval ?? 10));
      const text = await this.#part(query, seconds, signal, () => this.#client.ask(query, signal));
      for (const each of all) {
        const value = text === undefined ? null : measuredIn(each, text);
        if (value === undefined) asked.problem = `“${shown(text ?? '').slice(0, 60)}” is no ${each.measures}`;
        this.#values.set(each, value ?? null);
      }
    }
  }

  async #readOutputs(signal: AbortSignal): Promise<void> {
    const readOnly = this.#options.read_only === true;
    const mayBeSet = (command: string | undefined, most: number | undefined): boolean =>
      !readOnly && command !== undefined && most !== undefined;
    for (const output of this.#plan.outputs) {
      const number = async (query: string | undefined): Promise<number | null> =>
        query === undefined
          ? null
          : ((await this.#part(
              query,
              0,
              signal,
              async () => numberOf(await this.#client.ask(query, signal)) ?? null,
            )) ?? null);
      const on =
        (await this.#part(output.state ?? '', 0, signal, () => stateOf(this.#panel, output, signal))) ?? null;
      this.#outputs.set(output, {
        ...{ key: keyOf(output.name), title: output.name },
        ...(readOnly ? { state: on } : { on }),
        ...(output.voltage !== undefined && { voltage: await number(output.voltage) }),
        ...(output.current !== undefined && { current: await number(output.current) }),
        ...(mayBeSet(output.setVoltage, output.maxVoltage) && { max_voltage: output.maxVoltage ?? null }),
        ...(mayBeSet(output.setCurrent, output.maxCurrent) && { max_current: output.maxCurrent ?? null }),
      });
    }
  }

  async #readErrors(signal: AbortSignal): Promise<void> {
    const { clock, emit } = this.#context;
    const { errors: query } = this.#plan;
    if (query === undefined || this.#errorsDue > clock.elapsed()) return;
    this.#errorsDue = clock.elapsed() + ERRORS_MS;
    for (let entry = 0; entry < MOST_ERRORS; entry += 1) {
      const text = await this.#part(query, 60, signal, () => this.#client.ask(query, signal));
      const error = text === undefined ? undefined : queuedErrorOf(text);
      if (error === undefined || error.code === 0) return;
      this.#errors += 1;
      this.#lastError = `${error.code} ${error.message}`.trim();
      emit(this.#id, 'error', { event_type: 'error', code: error.code, message: error.message });
    }
  }

  /** Asks for one thing of many: what an instrument leaves unanswered does not keep it from the rest. */
  async #part<T>(
    key: string,
    seconds: number,
    signal: AbortSignal,
    ask: () => Promise<T>,
  ): Promise<T | undefined> {
    const asked = this.#askedFor(key);
    const { clock } = this.#context;
    if (seconds === 0 && asked.due > clock.elapsed()) return undefined;
    try {
      const answer = await ask();
      Object.assign(asked, { failures: 0, problem: undefined, due: clock.elapsed() + seconds * 900 });
      return answer;
    } catch (thrown) {
      const error = asLabError(thrown);
      if (signal.aborted || this.#closed.signal.aborted || error.code === 'unreachable') throw thrown;
      asked.failures += 1;
      asked.problem = error.message;
      const wait = Math.min(MOST_WAIT_MS, Math.max(seconds, 10) * 1_000 * 2 ** asked.failures);
      asked.due = clock.elapsed() + wait;
      // One that has nothing to say at all is gone; the others are asked when it is back.
      await this.#client.identify(signal);
      return undefined;
    }
  }

  #askedFor(key: string): Asked {
    const asked = this.#asked.get(key) ?? { failures: 0, due: 0, problem: undefined };
    this.#asked.set(key, asked);
    return asked;
  }

  #findings(): readonly Finding[] {
    const about = this.#context.owner;
    const options = this.#plan.problems.map((message, at) => ({
      ...{ key: `option ${at}`, severity: 'problem' as const, about },
      ...{ title: 'An option makes no sense', message: `${message}.` },
    }));
    const answers = [...this.#asked].flatMap(([query, { problem }]) =>
      problem === undefined
        ? []
        : [
            {
              ...{ key: `query ${query}`, severity: 'warning' as const, about },
              ...{ title: `No answer to ${query}`, message: `${problem}. It shows as unknown.` },
              remedy:
                'Does the instrument know this query? If it is one of yours, correct scpi_measurements.',
            },
          ],
    );
    return [...options, ...answers];
  }

  get #id(): string {
    return `${this.#owner}/instrument/self`;
  }

  #publish(): void {
    const who = this.#who;
    if (who === undefined || this.#closed.signal.aborted) return;
    const lists: Record<string, { key: string; title: string; value: number | string | null }[]> = {};
    for (const measurement of this.#plan.measurements) {
      const { name, measures } = measurement;
      const item = { key: keyOf(name), title: name, value: this.#values.get(measurement) ?? null };
      const list = LISTS[measures];
      lists[list] = [...(lists[list] ?? []), item];
    }
    const { host } = this.#options;
    this.#context.publish([
      {
        ...{ id: this.#id, kind: 'instrument', name: this.#context.title, available: true },
        readings: {
          ...lists,
          ...(this.#outputs.size > 0 && { outputs: [...this.#outputs.values()] }),
          ...(this.#plan.errors !== undefined && { last_error: this.#lastError, errors: this.#errors }),
        } as Readings,
        facts: {
          ...{ manufacturer: who.maker, model: who.model, version: who.version, address: host },
          ...(who.serial !== undefined && { serial: who.serial }),
        },
        ...(/^\d+(\.\d+){3}$/.test(host) && { aliases: [`ip:${host}`] as const }),
      },
    ]);
  }
}

/** undefined: it is nothing of the kind; null: there is none at present. */
function measuredIn({ measures, pattern }: Measurement, text: string): number | string | null | undefined {
  const found = pattern === undefined ? text : pattern.exec(text.slice(0, LONGEST_MATCH))?.[1];
  if (found === undefined) return null;
  if (measures === 'text') return shown(found.replace(/^"(.*)"$/s, '$1'));
  const value = numberOf(found);
  return measures === 'capacitance' && typeof value === 'number' ? value * 1e6 : value;
}
