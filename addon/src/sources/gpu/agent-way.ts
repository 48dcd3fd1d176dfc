import type { SourceContext } from '../../contract/source.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { Card } from './card.ts';
import { cudaIn, fieldsOf, isUnknownField, PROCESS_FIELDS, processesIn, Rounds } from './csv.ts';
import type { Way } from './way.ts';

const EVERY_SECONDS = 60;
const LONGEST_WAIT_MS = 900_000;
/** What no output of nvidia-smi has. */
const MARK = '-- labkeeper --';

/** All that is ever run. Each part ends by itself, since an agent ends nothing. */
const commandOf = (forOld: boolean): readonly string[] => {
  const smi = 'timeout 10 nvidia-smi';
  const cards = `${smi} --query-gpu=${fieldsOf(forOld).join(',')} --format=csv`;
  const processes = `${smi} --query-compute-apps=${PROCESS_FIELDS.join(',')} --format=csv`;
  return ['sh', '-c', `${cards}; echo '${MARK}'; ${processes}; echo '${MARK}'; ${smi} --version`];
};

/** By the QEMU guest agent of the virtual machine that has the cards: once a minute, and less often while that fails. */
export class AgentWay implements Way {
  readonly name: string;
  readonly everySeconds = EVERY_SECONDS;
  readonly #guest: string;
  readonly #context: SourceContext;
  #forOld = false;
  #failures = 0;
  #due = Number.NEGATIVE_INFINITY;
  #last: { readonly cards: readonly Card[] } | { readonly error: LabError } | undefined;

  /** @param guest its id */
  constructor(guest: string, context: SourceContext) {
    this.name = `the agent of ${guest}`;
    this.#guest = guest;
    this.#context = context;
  }

  async read(signal: AbortSignal): Promise<readonly Card[]> {
    const { clock } = this.#context;
    if (this.#last === undefined || clock.elapsed() >= this.#due) {
      try {
        this.#last = { cards: await this.#ask(signal) };
        this.#failures = 0;
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        const error = asLabError(thrown);
        // Nothing was run: the cluster has not been read yet.
        if (error.code === 'target_unknown') throw error;
        this.#last = { error };
        this.#failures += 1;
      }
      const wait = EVERY_SECONDS * 1_000 * 2 ** Math.max(0, this.#failures - 1);
      // The poll that is due then may come a little early.
      this.#due = clock.elapsed() + Math.min(LONGEST_WAIT_MS, wait) - EVERY_SECONDS * 50;
    }
    if ('error' in this.#last) throw this.#last.error;
    return this.#last.cards;
  }

  async close(): Promise<void> {}

  async #ask(signal: AbortSignal): Promise<readonly Card[]> {
    const { owner, capabilities } = this.#context;
    const agent = capabilities.for(this.#guest, 'agent');
    if (agent === undefined) {
      throw new LabError('target_unknown', `${owner}: nobody can ask an agent in ${this.#guest}`, {
        hint: 'the option guest has to be the id of a virtual machine of an entry of proxmox',
      });
    }
    const output = await agent.run(this.#guest, commandOf(this.#forOld), signal);
    const [lines = '', processes = '', version = ''] = output.split(`${MARK}\n`);
    // Known for the next time: nothing runs more often than once a minute.
    if (isUnknownField(lines)) this.#forOld = true;
    const rounds = new Rounds();
    const cards = lines.split('\n').flatMap((line) => rounds.add(line) ?? []);
    if (cards.length === 0) {
      const said = lines.replaceAll(/\p{C}/gu, ' ').trim().slice(0, 200);
      throw new LabError(
        'source_failed',
        `${owner}: nvidia-smi in ${this.#guest} tells of no card: ${said}`,
        {
          hint: 'is the driver installed there?',
        },
      );
    }
    const using = processesIn(processes);
    const cuda = cudaIn(version);
    return cards.map((card) => ({
      ...card,
      ...(cuda !== undefined && { cuda }),
      processes: using.get(card.uuid) ?? [],
    }));
  }
}
