import type { Capabilities } from '../../contract/capabilities.ts';
import type { CardContainer, Program } from '../../contract/program.ts';
import type { SourceContext } from '../../contract/source.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { withDeadline } from '../../net/deadline.ts';
import type { Card, Process } from './card.ts';
import { cudaIn, fieldsOf, PROCESS_FIELDS, processesIn } from './csv.ts';
import { LOOP_SECONDS, SmiLoop } from './smi-loop.ts';
import type { Way } from './way.ts';

const SHORT_MS = 20_000;
const PROCESSES_MS = 60_000;

type Exec = Capabilities['exec'];

/**
 * By a container that has the cards: one `nvidia-smi` runs in it on and on, since each start of one has the driver look
 * at all cards anew. Where that one ends, the next container is tried.
 */
export class ContainerWay implements Way {
  readonly name: string;
  readonly everySeconds = LOOP_SECONDS;
  readonly #of: string;
  readonly #context: SourceContext;
  readonly #closed = new AbortController();
  #loop: SmiLoop | undefined;
  #in: CardContainer | undefined;
  /** What was started last, and may hang in the driver: another one beside it would, too. */
  #programs: Program[] = [];
  #failed: string | undefined;
  #forOld = false;
  #cuda: string | undefined;
  #processes: ReadonlyMap<string, readonly Process[]> | undefined;
  #processesDue = 0;

  /** @param of a container, or all of an engine, as in `docker/ai` */
  constructor(of: string, context: SourceContext) {
    this.name = `nvidia-smi in a container of ${of}`;
    this.#of = of;
    this.#context = context;
  }

  async read(signal: AbortSignal): Promise<readonly Card[]> {
    const exec = this.#context.capabilities.for(this.#of, 'exec');
    if (exec === undefined) {
      throw new LabError('source_failed', `${this.#context.owner}: there is no engine ${this.#of}`, {
        hint: 'the option container begins with docker/ and the id of an entry of docker',
      });
    }
    const loop = await this.#running(exec, signal);
    try {
      const cards = await loop.next(signal);
      this.#failed = undefined;
      await this.#readMore(exec, signal);
      return cards.map((card) => ({
        ...card,
        ...(this.#cuda !== undefined && { cuda: this.#cuda }),
        ...this.#processesOf(card),
      }));
    } catch (thrown) {
      if (!signal.aborted) {
        if (loop.isOld) this.#forOld = true;
        else this.#failed = this.#in?.id;
      }
      throw thrown;
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    this.#loop?.close();
    for (const program of this.#programs) program.close();
  }

  async #running(exec: Exec, signal: AbortSignal): Promise<SmiLoop> {
    const all = exec.withCards(this.#of);
    const stays = all.some(({ id }) => id === this.#in?.id);
    if (this.#loop !== undefined && !this.#loop.isOver && stays) return this.#loop;
    this.#loop?.close();
    // The one that failed last is no good first choice.
    const chosen = all.find(({ id }) => id !== this.#failed) ?? all[0];
    if (chosen === undefined) {
      throw new LabError(
        'source_failed',
        `${this.#context.owner}: no container of ${this.#of} that runs has a card`,
        {
          hint: 'give it to one: docker run --gpus all, or deploy.resources.reservations.devices in a Compose file',
        },
      );
    }
    await this.#checkGone(signal);
    const query = [`--query-gpu=${fieldsOf(this.#forOld).join(',')}`, '--format=csv'];
    const program = await this.#start(exec, chosen, [...query, '-l', String(LOOP_SECONDS)], signal);
    this.#in = chosen;
    this.#loop = new SmiLoop(program, this.#context.clock, chosen.id);
    this.#processesDue = 0;
    this.#cuda = undefined;
    return this.#loop;
  }

  async #start(
    exec: Exec,
    { id }: CardContainer,
    given: readonly string[],
    signal: AbortSignal,
  ): Promise<Program> {
    const both = AbortSignal.any([signal, this.#closed.signal]);
    const program = await exec.open(id, ['nvidia-smi', ...given], both);
    this.#programs.push(program);
    return program;
  }

  /** @throws LabError `target_busy` while one that was ended runs on all the same */
  async #checkGone(signal: AbortSignal): Promise<void> {
    const left: Program[] = [];
    for (const program of this.#programs) {
      // An engine that was started again knows nothing of it any more, and a container that ended has taken it along.
      if (await program.isRunning(signal).catch(() => false)) left.push(program);
    }
    this.#programs = left;
    if (left.length === 0) return;
    throw new LabError(
      'target_busy',
      `${this.#context.owner}: an nvidia-smi in ${this.#in?.id} that was ended still runs; none is started beside it`,
      { hint: 'if that stays so, the driver hangs: see dmesg where the cards are' },
    );
  }

  /** What is told beside the loop, by programs that end at once. What fails is unknown and keeps nothing else back. */
  async #readMore(exec: Exec, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    const chosen = this.#in;
    if (chosen === undefined || clock.elapsed() < this.#processesDue) return;
    this.#processesDue = clock.elapsed() + PROCESSES_MS;
    const query = `--query-compute-apps=${PROCESS_FIELDS.join(',')}`;
    try {
      this.#processes = undefined;
      this.#processes = processesIn(await this.#output(exec, chosen, [query, '--format=csv'], signal));
      this.#cuda ??= cudaIn(await this.#output(exec, chosen, ['--version'], signal)) ?? '';
      if (this.#cuda === '') this.#cuda = undefined;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      log.debug(`${chosen.id}: ${asLabError(thrown).message}`);
    }
  }

  async #output(
    exec: Exec,
    chosen: CardContainer,
    given: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    const program = await this.#start(exec, chosen, given, signal);
    try {
      const what = `nvidia-smi in ${chosen.id}`;
      const lines: string[] = [];
      await withDeadline(this.#context.clock, what, SHORT_MS, signal, async () => {
        for await (const line of program.lines) lines.push(line);
      });
      this.#programs = this.#programs.filter((one) => one !== program);
      return lines.join('\n');
    } finally {
      program.close();
    }
  }

  /** In a container of its own view the driver finds nobody's processes: that is not to say that there are none. */
  #processesOf({ uuid }: Card): { readonly processes?: readonly Process[] } {
    const processes = this.#processes?.get(uuid) ?? [];
    const isKnown = this.#processes !== undefined && (processes.length > 0 || this.#in?.seesAll === true);
    return isKnown ? { processes } : {};
  }
}
