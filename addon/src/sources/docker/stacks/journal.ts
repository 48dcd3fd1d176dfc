import type { Memory } from '../../../contract/source.ts';
import type { Guarded } from '../guard/guard.ts';
import type { Project } from './project.ts';

/**
 * By what a stack is changed: Portainer, which has its file; `docker compose` on the engine's machine, over SSH or in a
 * container that is made for it; or each of its containers by itself.
 */
export type StackWay = 'portainer' | 'ssh' | 'helper' | 'containers';

/** One container of a stack that is made anew. */
export interface StackUnit {
  /** Of its resource. */
  readonly id: string;
  readonly service: string;
  readonly number: string;
  /** Of the container. */
  readonly name: string;
  /** Of the container before. */
  readonly oldId: string;
  /** As it is asked for. */
  readonly image: string;
  /** Id of what it was made from. */
  readonly oldImage: string;
  /** Id of what it shall be made from; left out: only known afterwards. */
  readonly newImage?: string;
  readonly ran: boolean;
  /** It ends by itself, and others wait for that. */
  readonly runsThrough: boolean;
}

/**
 * How far an update has come. `protecting`: what writes was stopped, and nothing else was done. `changing`: some of the new containers may be there. `watching`: all are. `going_back`:
 * the old images are to run again. `stuck`: a person has to choose. The others are how it ended.
 */
export type StackPhase =
  | 'protecting'
  | 'changing'
  | 'watching'
  | 'going_back'
  | 'stuck'
  | 'updated'
  | 'went_back';

/** An update of a stack, as it is written down before anything is done. */
export interface StackEntry extends Guarded {
  readonly resource: string;
  readonly phase: StackPhase;
  readonly way: StackWay;
  readonly project: Project;
  /** When it was begun, and Portainer's word of when it was last changed before that. */
  readonly since: number;
  readonly changedBefore?: number;
  readonly units: readonly StackUnit[];
  /** What else of the stack ran and was not ill, with how often it had been restarted. */
  readonly others: readonly { readonly id: string; readonly name: string; readonly restarts: number }[];
  /** What the new ones may write to, and nothing keeps: `/config (volume media_config)`. */
  readonly exposed: readonly string[];
  readonly goBack: boolean;
  /** Ids of the containers that were stopped for the data to be protected. */
  readonly halted?: readonly string[];
  /** Why it failed. */
  readonly reason?: string;
}

const KEY = 'stack updates';
const MOST = 50;

export const isSettled = ({ phase }: StackEntry): boolean => phase === 'updated' || phase === 'went_back';

/** The updates of an engine's stacks, over restarts. */
export class StackJournal {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  all(): readonly StackEntry[] {
    return JSON.parse(this.#memory.get(KEY) ?? '[]') as readonly StackEntry[];
  }

  get(resource: string): StackEntry | undefined {
    return this.all().find((entry) => entry.resource === resource);
  }

  /** Those that are not over. */
  open(): readonly StackEntry[] {
    return this.all().filter((entry) => !isSettled(entry));
  }

  /** @throws LabError when it cannot be written; nothing may be done then */
  put(entry: StackEntry): StackEntry {
    const others = this.all().filter(({ resource }) => resource !== entry.resource);
    const rest = [...others.filter(isSettled).slice(-MOST), ...others.filter((one) => !isSettled(one))];
    this.#write([...rest, entry]);
    return entry;
  }

  drop(resource: string): void {
    const rest = this.all().filter((entry) => entry.resource !== resource);
    this.#write(rest);
  }

  #write(entries: readonly StackEntry[]): void {
    this.#memory.put(KEY, JSON.stringify(entries), true);
  }
}
