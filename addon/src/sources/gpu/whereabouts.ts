import type { SourceContext } from '../../contract/source.ts';
import { asLabError } from '../../core/errors.ts';
import type { Whose } from './map.ts';

/** Who is in no container is asked for again after that. */
const AGAIN_MS = 60_000;

/** Which container of an engine each process on the cards runs in. */
export class Whereabouts {
  readonly #at: string;
  readonly #context: SourceContext;
  #known: ReadonlyMap<number, Whose> = new Map();
  #due = 0;

  /** @param at an engine, or one of its containers: cards are shared by all of them */
  constructor(at: string, context: SourceContext) {
    this.#at = at.split('/').slice(0, 2).join('/');
    this.#context = context;
  }

  /**
   * @param pids as the machine of the cards has them
   * @returns what is known now; nothing of processes in no container
   */
  async of(pids: readonly number[], signal: AbortSignal): Promise<ReadonlyMap<number, Whose>> {
    const { clock, capabilities, log } = this.#context;
    this.#known = new Map([...this.#known].filter(([pid]) => pids.includes(pid)));
    const exec = capabilities.for(this.#at, 'exec');
    if (exec === undefined || clock.elapsed() < this.#due || pids.every((pid) => this.#known.has(pid)))
      return this.#known;
    this.#due = clock.elapsed() + AGAIN_MS;
    const found = new Map<number, Whose>();
    for (const { id: container } of exec.withCards(this.#at)) {
      try {
        const processes = await exec.processes(container, signal);
        for (const [pid, name] of processes) if (pids.includes(pid)) found.set(pid, { container, name });
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        // What cannot be asked is unknown; the cards themselves are.
        log.debug(`processes of ${container}: ${asLabError(thrown).message}`);
      }
    }
    this.#known = found;
    return found;
  }
}
