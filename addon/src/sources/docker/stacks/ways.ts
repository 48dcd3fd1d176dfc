import { LabError } from '../../../core/errors.ts';
import type { Ran } from '../../../net/ssh-run.ts';
import type { PortainerStack } from '../portainer.ts';
import type { PortainerStacks } from '../portainer-stacks.ts';
import type { StackWay } from './journal.ts';
import { isInPortainer, type Project } from './project.ts';

/** By what a stack would be changed. */
export interface FoundWay {
  /** undefined: that is not known yet. */
  readonly way: StackWay | undefined;
  /** For people: who does it with which file; for `containers`, why no file is used. */
  readonly about: string;
  /** What a person should know of it before. */
  readonly warnings: readonly string[];
}

export interface ChosenWay extends FoundWay {
  readonly way: StackWay;
}

export interface WaysParts {
  readonly portainer: PortainerStacks | undefined;
  readonly run: ((command: readonly string[], signal: AbortSignal) => Promise<Ran>) | undefined;
  /** Of helpers; `none`: there shall be none. */
  readonly image: string;
  readonly projects: () => readonly Project[];
}

/** Prints what Compose is there, then each of the files that can be read. */
const LOOK =
  'docker compose version --short || exit 0; for f; do if [ -r "$f" ]; then printf "%s\\n" "$f"; fi; done';

/** Finds out by what each stack of an engine can be changed. */
export class Ways {
  readonly #parts: WaysParts;
  /** Files that are not on the engine's machine, as a helper found out; the next start looks again. */
  readonly #nowhereSeen = new Set<string>();
  #stacks: readonly PortainerStack[] | undefined;
  /** Files on the engine's machine that its Compose can read. */
  #readable: ReadonlySet<string> | undefined;

  constructor(parts: WaysParts) {
    this.#parts = parts;
  }

  /** Asks whoever has to be asked; changes nothing. */
  async learn(signal: AbortSignal): Promise<void> {
    const { portainer, run, projects } = this.#parts;
    if (portainer !== undefined) this.#stacks = await portainer.list(signal);
    if (run === undefined) return;
    const files = [...new Set(projects().flatMap((project) => [...project.files, ...project.variables]))];
    const { code, out } = await run(['sh', '-c', LOOK, 'sh', ...files], signal);
    const [version = '', ...readable] = out.split('\n').filter((line) => line !== '');
    this.#readable = new Set(code === 0 && /^v?\d+\.\d+/.test(version) ? readable : []);
  }

  /** @throws LabError `target_busy` when that is not known yet */
  of(project: Project): ChosenWay {
    const found = this.find(project);
    if (found.way !== undefined) return { ...found, way: found.way };
    throw new LabError('target_busy', 'it is not known yet where the files of stacks are', {
      hint: 'ask again in a minute',
    });
  }

  /** As far as that is known. */
  find(project: Project): FoundWay {
    const { portainer, run, image } = this.#parts;
    const files = project.files.join(', ');
    const isLearned =
      (portainer === undefined || this.#stacks !== undefined) &&
      (run === undefined || this.#readable !== undefined);
    if (!isLearned) return { way: undefined, about: 'what is not known yet', warnings: [] };
    if (portainer !== undefined) {
      const stack = this.#stacks?.find(({ Name }) => Name === project.name);
      if (stack !== undefined) return byPortainer(stack);
    }
    const nowhere = this.#nowhere(project);
    if (nowhere !== undefined) return each(nowhere);
    if (
      run !== undefined &&
      [...project.files, ...project.variables].every((file) => this.#readable?.has(file))
    ) {
      return { way: 'ssh', about: `docker compose on its machine, over SSH, with ${files}`, warnings: [] };
    }
    if (image === 'none') return each('no helper container is wanted');
    return {
      way: 'helper',
      about: `docker compose in a helper container (${image}) on its machine, with ${files}`,
      warnings: [
        'the helper container gets the socket of the engine, as Compose needs it; if none can be made, or the file is ' +
          'not on that machine, each container is made anew by itself',
      ],
    };
  }

  /** A helper found out that it has no way to a project's files. */
  hasNone(project: Project): void {
    for (const file of project.files) this.#nowhereSeen.add(file);
  }

  #nowhere(project: Project): string | undefined {
    const [file] = project.files;
    if (file === undefined) return 'its containers do not say from which file they were made';
    if (isInPortainer(project)) return `its file, ${file}, is inside Portainer, which is not asked here`;
    if (this.#nowhereSeen.has(file)) return `its file, ${file}, is not on the engine’s machine`;
    return undefined;
  }
}

function byPortainer(stack: PortainerStack): ChosenWay {
  const { GitConfig, Name } = stack;
  const from = `${GitConfig?.URL ?? 'a repository'} ${GitConfig?.ReferenceName ?? ''}`.trim();
  const about =
    GitConfig == null ? `Portainer, with its own file of ${Name}` : `Portainer, with what ${from} has now`;
  const warnings = [
    'Portainer pulls all images of the stack, and starts what of it does not run',
    ...(GitConfig == null ? [] : [`what was changed in ${from} since the last time is done, too`]),
  ];
  return { way: 'portainer', about, warnings };
}

const each = (why: string): ChosenWay => ({
  way: 'containers',
  about: `each container is made anew by itself, as it was otherwise: ${why}`,
  warnings: [],
});
